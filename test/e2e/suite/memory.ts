/** What a user sees who asks why the memory of the GPU runs out. */
import assert from 'node:assert/strict'
import {
  commands,
  env,
  type NotebookDocument,
  type TextDocument,
  ViewColumn,
  type Webview,
  window,
  workspace,
} from 'vscode'
import { leaking } from '../../doctor/scripts.ts'
import { fileOf, show, untilFindings } from './editor.ts'

const chinese = env.language === 'zh-cn'
const error = `Traceback (most recent call last):
  File "/home/me/leaking.py", line 36, in main
    loss.backward()
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 7.93 GiB of which 12.19 MiB is free.`

export const memoryTests: Readonly<Record<string, () => Promise<void>>> = {
  async 'says why the memory of the GPU runs out, with the numbers of the error'() {
    await openScript()
    const html = await page(error)
    assert.ok(html.includes(chinese ? '为什么显存不足？' : 'Why does the GPU run out of memory?'))
    assert.match(html, /20\.00 MiB.*7\.93 GiB.*loss\.backward\(\)/s)
    assert.match(html, /@@ .*38.* @@/)
    assert.equal(/\p{Script=Han}/u.test(html), chinese)
  },

  async 'makes a change of the page with a click'() {
    const document = await openScript()
    const [apply] = linksTo('torchlint.memory.change', await page(''))
    const after = untilPage(html => !html.includes('memory/loss-keeps-graph'))
    await follow(apply)
    assert.equal(document.getText(), leaking.replace('total += loss', 'total += loss.item()'))
    const [next] = linksTo('torchlint.memory.change', await after)
    assert.notDeepEqual(next, apply)
    const renewed = untilPage(() => true)
    await follow(apply)
    await renewed
    assert.equal(document.getText(), leaking.replace('total += loss', 'total += loss.item()'))
  },

  async 'leads from the page to a line'() {
    const document = await openScript()
    const links = linksTo('torchlint.memory.line', await page(error))
    await follow(links[0])
    assert.equal(window.activeTextEditor?.document, document)
    assert.equal(window.activeTextEditor?.selection.active.line, 35)
  },

  async 'is about all cells of a notebook, and changes them where they are'() {
    const { setup, training } = await openNotebook()
    const html = await page('')
    assert.match(html, chinese ? /单元格 3 第 11 行/ : /Cell 3, line 11/)
    const applies = linksTo('torchlint.memory.change', html)
    const after = untilPage(later => linksTo('torchlint.memory.change', later).length < applies.length)
    await follow(applies.find(([, , change]) => change === 'mixed-precision'))
    assert.match(setup.getText(), /\nscaler = torch\.amp\.GradScaler\("cuda"\)$/)
    assert.match(training.getText(), /\n {8}with torch\.autocast\(/)
    await after
  },

  async 'leads from the page to a cell'() {
    const { training } = await openNotebook()
    const links = linksTo('torchlint.memory.line', await page(''))
    await follow(links.find(([uri]) => uri === training.uri.toString()))
    assert.equal(window.activeTextEditor?.document.uri.toString(), training.uri.toString())
    assert.equal(window.activeTextEditor?.selection.active.line, 10)
  },
}

async function openScript(): Promise<TextDocument> {
  await write('leaking.py', leaking)
  const { document } = await show('leaking.py')
  await untilFindings(document.uri, all => all.some(({ rule }) => rule === 'memory/loss-keeps-graph'))
  return document
}

async function openNotebook(): Promise<{ readonly setup: TextDocument; readonly training: TextDocument }> {
  const code = (source: string) => ({ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source })
  const title = { cell_type: 'markdown', metadata: {}, source: '# Training' }
  const [head = '', body = ''] = leaking.split('\n\n    for epoch')
  const setup = head.replace('def main():\n', '').replace(/^ {4}(?=train_loader|val_|model|crit|opt)/gm, '')
  const loop = `for epoch${body.split('\n\n\nif')[0]}`.replace(/^ {4}/gm, '')
  const metadata = { language_info: { name: 'python' } }
  const content = { cells: [title, code(setup), code(loop)], metadata, nbformat: 4, nbformat_minor: 4 }
  await write('leaking.ipynb', JSON.stringify(content))
  const notebook: NotebookDocument = await workspace.openNotebookDocument(fileOf('leaking.ipynb'))
  await window.showNotebookDocument(notebook, { viewColumn: ViewColumn.One })
  const [first, second] = notebook
    .getCells()
    .slice(1)
    .map(cell => cell.document)
  assert.ok(first && second)
  await untilFindings(second.uri, all => all.some(({ rule }) => rule === 'memory/loss-keeps-graph'))
  return { setup: first, training: second }
}

/** Closes what an earlier test has changed. */
async function write(name: string, content: string): Promise<void> {
  await commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
  await commands.executeCommand('workbench.action.closeAllEditors')
  await workspace.fs.writeFile(fileOf(name), new TextEncoder().encode(content))
}

/** The page for the active editor. */
async function page(pasted: string): Promise<string> {
  const shown = untilPage(() => true)
  await commands.executeCommand('torchlint.memory', pasted)
  return shown
}

/** The text of the next page that is shown. All extensions share the class of webviews, so that it can be watched here. */
function untilPage(condition: (html: string) => boolean): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  watchers.add(html => {
    if (condition(html)) resolve(html)
  })
  watch()
  return promise
}

const watchers = new Set<(html: string) => void>()
let isWatched = false

function watch(): void {
  if (isWatched) return
  isWatched = true
  const panel = window.createWebviewPanel('torchlint.test', 'Test', ViewColumn.Beside)
  const webviews: Webview = Object.getPrototypeOf(panel.webview)
  panel.dispose()
  const { get, set } = Object.getOwnPropertyDescriptor(webviews, 'html') ?? {}
  assert.ok(get && set)
  Object.defineProperty(webviews, 'html', {
    get,
    set(this: Webview, html: string) {
      set.call(this, html)
      for (const watcher of watchers) watcher(html)
    },
  })
}

type Arguments = readonly (string | number)[]

/** What the links to a command hand it. */
function linksTo(command: string, html: string): readonly Arguments[] {
  const links = html.matchAll(/href="command:([\w.]+)\?([^"]*)"/g)
  return Array.from(links).flatMap(([, name, values = '']) =>
    name === command ? [JSON.parse(decodeURIComponent(values))] : [],
  )
}

async function follow(link: Arguments | undefined): Promise<void> {
  assert.ok(link)
  await commands.executeCommand(
    typeof link[1] === 'number' ? 'torchlint.memory.line' : 'torchlint.memory.change',
    ...link,
  )
}
