/** What a user sees in a browser. Runs in VS Code's extension host there, which is a worker: nothing of Node is there. */
import {
  type CodeAction,
  commands,
  type Diagnostic,
  env,
  type Hover,
  languages,
  MarkdownString,
  type Range,
  type TextDocument,
  UIKind,
  Uri,
  window,
  workspace,
} from 'vscode'
import { clippedWhileScaled } from '../../support/scripts.ts'
import type { Report } from '../suite/report.ts'
import { memoryFiles } from './memory.ts'

const tests: Readonly<Record<string, () => Promise<void>>> = {
  async 'there is no Node here'() {
    expect(env.uiKind === UIKind.Web && typeof process === 'undefined', 'the host is a worker')
  },

  async 'finds a mistake in an unsaved file, and repairs it'() {
    const document = await workspace.openTextDocument({ language: 'python', content: clippedWhileScaled })
    await window.showTextDocument(document)
    const [finding] = await untilFindings(document.uri, ({ length }) => length > 0)
    const range = finding?.range
    expect(range && document.getText(range).startsWith('torch.nn.utils.clip_grad_norm_'), 'the finding is at the call')
    await repair(document, range)
    expect(document.getText().includes('    scaler.unscale_(optimizer)\n    torch.nn.utils.clip'), document.getText())
  },

  async 'opens the script of the walkthrough'() {
    await commands.executeCommand('torchlint.openSample')
    const document = window.activeTextEditor?.document
    expect(document?.isUntitled && document.getText().includes('import torch'), `opened: ${document?.uri}`)
    await untilFindings(document.uri, ({ length }) => length === 4)
  },

  async 'opens the page about the memory of the GPU'() {
    const title = 'Why does the GPU run out of memory?'
    const document = await workspace.openTextDocument({ language: 'python', content: clippedWhileScaled })
    await window.showTextDocument(document)
    await commands.executeCommand('torchlint.memory', 'CUDA error: out of memory')
    const labels = window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label))
    expect(labels.includes(title), `open: ${labels}`)
  },

  async 'explains a name'() {
    const document = await workspace.openTextDocument({ language: 'python', content: clippedWhileScaled })
    const position = document.positionAt(clippedWhileScaled.indexOf('GradScaler'))
    const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, position)
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map(each => (each instanceof MarkdownString ? each.value : ''))
    expect(text.join('').includes('scaler'), text.join('\n'))
  },

  async 'reads the configuration and the imports of a workspace that is on no disk'() {
    const uri = Uri.parse('memory:/project/train.py')
    await window.showTextDocument(uri)
    await untilOnly(uri, clip)
    await write('/project/tools/engine.py', unscales)
    await untilOnly(uri, undefined)
    await write('/project/pyproject.toml', '')
    await untilOnly(uri, flag)
  },
}

const clip = 'amp/clip-before-unscale'
const flag = 'backends/unknown-flag'
const unscales = 'def unscale(scaler, optimizer):\n    scaler.unscale_(optimizer)\n'

/** The file misspells a flag, which the configuration ignores, and clips what only the function of another file unscales. */
const files = memoryFiles({
  '/project/pyproject.toml': '[tool.torchlint]\nignore = ["backends/*"]\n',
  '/project/tools/engine.py': unscales.replace('scaler.unscale_(optimizer)', 'pass'),
  '/project/train.py': `from tools.engine import unscale\n${clippedWhileScaled}`
    .replace('    torch.nn.utils.clip_grad_norm_', '    unscale(scaler, optimizer)\n    torch.nn.utils.clip_grad_norm_')
    .concat('torch.backends.cudnn.benchmarks = True\n'),
})

function write(path: string, text: string): Thenable<void> {
  return workspace.fs.writeFile(Uri.from({ scheme: 'memory', path }), new TextEncoder().encode(text))
}

export async function run(): Promise<void> {
  const reports: Report[] = []
  workspace.registerFileSystemProvider('memory', files)
  for (const [name, test] of Object.entries(tests)) {
    const error = await test().then(
      () => null,
      (problem: unknown) => String(problem),
    )
    reports.push({ name: `${name} [web]`, error })
  }
  console.log(`TORCHLINT ${JSON.stringify(reports)}`)
}

function expect(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/** An editor that is still opening a document refuses edits of it; a user then asks again. */
async function repair(document: TextDocument, range: Range): Promise<void> {
  const tries: string[] = []
  while (tries.length < 10) {
    const actions = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
      'quickfix',
    )
    const fix = actions.find(({ edit }) => edit)
    if (fix?.edit && (await workspace.applyEdit(fix.edit))) return
    tries.push(fix ? `refused for version ${document.version}` : `none among ${actions.length} actions`)
  }
  throw new Error(`No fix is applied: ${tries.join(', ')}`)
}

/** The findings of a document, as soon as they satisfy the condition. */
function untilFindings(uri: Uri, condition: (findings: readonly Diagnostic[]) => boolean): Promise<Diagnostic[]> {
  return new Promise(resolve => {
    const listener = languages.onDidChangeDiagnostics(check)
    check()

    function check() {
      const found = languages.getDiagnostics(uri).filter(({ source }) => source === 'torchlint')
      if (!condition(found)) return
      listener.dispose()
      resolve(found)
    }
  })
}

/** Waits until this rule, of the two that the script of the workspace is about, is the only one that is broken. */
function untilOnly(uri: Uri, rule: string | undefined): Promise<unknown> {
  return untilFindings(uri, findings => {
    const rules = findings.map(({ code }) => (typeof code === 'object' ? code.value : code))
    return [clip, flag].every(each => rules.includes(each) === (each === rule))
  })
}
