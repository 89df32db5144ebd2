/** What is shown while somebody types, letter by letter, as the keyboard does. */
import assert from 'node:assert/strict'
import { commands, languages, Selection, type TextDocument, type TextEditor, workspace } from 'vscode'
import { findings, hoverText, quickFixes, show, untilFindings } from './editor.ts'

const flag = 'backends/unknown-flag'
const mistaken = 'torch.backends.cudnn.benchmarks = True'
const settings = () => workspace.getConfiguration('torchlint')

export const noiseTests: Readonly<Record<string, () => Promise<void>>> = {
  async 'shows a mistake when the cursor leaves the statement'() {
    const editor = await show('typed.py')
    const { document } = editor
    moveTo(editor, 3)
    const seen = await findingsWhile(document, async () => {
      await type(mistaken)
      assert.equal(document.lineAt(3).text, mistaken)
      await serverHasSeen(document, 3)
    })
    assert.deepEqual(seen, [])
    moveTo(editor, 0)
    await untilFindings(document.uri, all => all.length === 1 && all[0]?.rule === flag)
  },

  async 'takes what is repaired away at once'() {
    const editor = await show('typed.py')
    const { document } = editor
    moveTo(editor, 3, mistaken.indexOf('s ='))
    await commands.executeCommand('deleteRight')
    await untilFindings(document.uri, all => all.length === 0)
  },

  async 'shows a mistake when the file is saved'() {
    const editor = await show('typed.py')
    const { document } = editor
    moveTo(editor, 2, 'torch.backends.cudnn.enabled'.length)
    const seen = await findingsWhile(document, async () => {
      await type('s')
      await serverHasSeen(document, 2)
    })
    assert.deepEqual(seen, [])
    assert.ok(await document.save())
    await untilFindings(document.uri, all => all.length === 1)
  },

  async 'checks when a file is saved, if the user wants that'() {
    const editor = await show('typed.py')
    const { document } = editor
    await settings().update('run', 'onSave', true)
    await hoverText(document.uri, document.positionAt(0))
    moveTo(editor, 2, 'torch.backends.cudnn.enabled'.length)
    await commands.executeCommand('deleteRight')
    moveTo(editor, 3, 'torch.backends.cudnn.benchmark'.length)
    await type('s')
    moveTo(editor, 0)
    await serverHasSeen(document, 3)
    assert.deepEqual(linesOf(document), [2])
    assert.ok(await document.save())
    await untilFindings(document.uri, () => linesOf(document).join() === '3')
    moveTo(editor, 3, mistaken.indexOf('s ='))
    await commands.executeCommand('deleteRight')
    await settings().update('run', undefined, true)
    await untilFindings(document.uri, all => all.length === 0)
    assert.ok(await document.save())
  },
}

function moveTo(editor: TextEditor, line: number, character = 0): void {
  editor.selection = new Selection(line, character, line, character)
}

async function type(text: string): Promise<void> {
  for (const letter of text) await commands.executeCommand('type', { text: letter })
}

function linesOf(document: TextDocument): readonly number[] {
  return findings(document.uri).map(({ range }) => range.start.line)
}

/** The rules of all that is shown of a document meanwhile. */
async function findingsWhile(document: TextDocument, happens: () => Promise<void>): Promise<readonly string[]> {
  const seen = new Set<string>()
  const look = () => {
    for (const { rule } of findings(document.uri)) seen.add(rule)
  }
  const listener = languages.onDidChangeDiagnostics(look)
  await happens()
  look()
  listener.dispose()
  return [...seen]
}

/** The server answers in turn: when it offers to repair a line, it has been asked for findings before. */
async function serverHasSeen(document: TextDocument, line: number): Promise<void> {
  const fixes = await quickFixes(document.uri, document.lineAt(line).range)
  assert.notDeepEqual(fixes, [])
}
