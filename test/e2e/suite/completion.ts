/** What a user sees while writing a configuration file. VS Code itself knows no TOML. */
import assert from 'node:assert/strict'
import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  commands,
  env,
  MarkdownString,
  Position,
  Range,
  Selection,
  SnippetString,
  type TextEditor,
} from 'vscode'
import { hoverText, quickFixes, show, untilFindings } from './editor.ts'

const chinese = env.language === 'zh-cn'

export const completionTests: Readonly<Record<string, () => Promise<void>>> = {
  async 'completes the settings of a configuration file, in the display language'() {
    const editor = await write('[project]\nname = "a"\n\n[tool.torchlint]\nsel|\n')
    const select = (await offered(editor)).get('select')
    assert.ok(select?.documentation instanceof MarkdownString)
    assert.match(select.documentation.value, chinese ? /只检查这些规则/ : /The only rules to check/)
    assert.equal((await offered(editor, new Position(1, 0))).size, 0)
  },

  async 'writes what was chosen, and suggests what comes next'() {
    const editor = await write('[tool.torchlint]\nign|\n')
    await choose(editor, 'ignore')
    assert.equal(editor.document.getText(), '[tool.torchlint]\nignore = [""]\n')
    const rule = (await offered(editor)).get('amp/missing-update')
    assert.match(rule?.detail ?? '', chinese ? /^error：缺少/ : /^error: .* is missing/)
    await choose(editor, 'amp/missing-update')
    assert.equal(editor.document.getText(), '[tool.torchlint]\nignore = ["amp/missing-update"]\n')
  },

  async 'explains a setting, once'() {
    const { document, selection } = await write('[tool.torchlint]\npre|set = "all"\n')
    const text = await hoverText(document.uri, selection.active)
    assert.equal(text.match(/`preset`/g)?.length, 1, text)
    assert.match(text, chinese ? /默认值：/ : /Default: /)
  },

  async 'repairs a misspelled name in a configuration file that is not saved'() {
    const { document, selection } = await write('[tool.torchlint]\nseve|ritty = {}\n')
    await untilFindings(document.uri, all => all.some(({ message }) => message.includes('severitty')))
    const [fix] = await quickFixes(document.uri, selection)
    assert.equal(fix?.title, chinese ? '改为 severity' : 'Change to severity')
    await commands.executeCommand('workbench.action.files.revert')
    await untilFindings(document.uri, all => all.length === 0)
  },
}

/** Makes the text that of the configuration file, without saving it, with the cursor where it has a `|`. */
async function write(marked: string): Promise<TextEditor> {
  const editor = await show('completed/pyproject.toml')
  const { document } = editor
  const whole = new Range(document.positionAt(0), document.positionAt(document.getText().length))
  assert.ok(await editor.edit(builder => builder.replace(whole, marked.replace('|', ''))))
  const cursor = document.positionAt(marked.indexOf('|'))
  editor.selection = new Selection(cursor, cursor)
  return editor
}

/** By their labels; without the words that VS Code finds in the text. */
async function offered(editor: TextEditor, position = editor.selection.active) {
  const { items } = await commands.executeCommand<CompletionList>(
    'vscode.executeCompletionItemProvider',
    editor.document.uri,
    position,
  )
  const ours = items.filter(({ kind }) => kind !== CompletionItemKind.Text)
  return new Map(ours.map((item): [string, CompletionItem] => [labelOf(item), item]))
}

function labelOf({ label }: CompletionItem): string {
  return typeof label === 'string' ? label : label.label
}

/** Inserts it as the editor does. */
async function choose(editor: TextEditor, label: string): Promise<void> {
  const item = (await offered(editor)).get(label)
  assert.ok(item?.range, `${label} is offered`)
  const range = item.range instanceof Range ? item.range : item.range.replacing
  const isSnippet = item.insertText instanceof SnippetString
  const snippet = item.insertText instanceof SnippetString ? item.insertText : new SnippetString(item.insertText)
  assert.ok(await editor.insertSnippet(snippet, range))
  assert.equal(item.command?.command, isSnippet ? 'editor.action.triggerSuggest' : undefined)
}
