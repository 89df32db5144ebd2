/** What a test does in the editor and sees there. It waits for what VS Code announces, at most for half a minute. */
import assert from 'node:assert/strict'
import {
  CodeAction,
  type Command,
  commands,
  type DiagnosticSeverity,
  type Hover,
  languages,
  type MarkdownString,
  type Position,
  type Range,
  type TextEditor,
  Uri,
  window,
  workspace,
} from 'vscode'

const patience = 30_000

export interface Finding {
  readonly rule: string
  readonly message: string
  readonly severity: DiagnosticSeverity
  readonly range: Range
}

/** A file of the workspace. */
export function fileOf(name: string): Uri {
  const [folder] = workspace.workspaceFolders ?? []
  assert.ok(folder)
  return Uri.joinPath(folder.uri, name)
}

/** Opens a file of the workspace. */
export async function show(name: string): Promise<TextEditor> {
  return window.showTextDocument(fileOf(name))
}

export function findings(uri: Uri): readonly Finding[] {
  return languages.getDiagnostics(uri).flatMap(({ source, code, message, severity, range }) => {
    if (source !== 'torchlint') return []
    const rule = typeof code === 'object' ? code.value : code
    return [{ rule: String(rule), message, severity, range }]
  })
}

/** The findings as soon as they satisfy the condition. */
export function untilFindings(
  uri: Uri,
  condition: (findings: readonly Finding[]) => boolean,
): Promise<readonly Finding[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly Finding[]>()
  const look = () => {
    const found = findings(uri)
    if (condition(found)) resolve(found)
  }
  const listener = languages.onDidChangeDiagnostics(look)
  const giveUp = () => reject(new Error(`Not so within ${patience} ms; last: ${JSON.stringify(findings(uri))}`))
  const limit = setTimeout(giveUp, patience)
  look()
  return promise.finally(() => {
    listener.dispose()
    clearTimeout(limit)
  })
}

/** Waits for a tab whose label satisfies the condition. */
export function untilTab(condition: (label: string) => boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const labels = () => window.tabGroups.all.flatMap(group => group.tabs.map(tab => tab.label))
  const look = () => {
    if (labels().some(condition)) resolve()
  }
  const listener = window.tabGroups.onDidChangeTabs(look)
  const limit = setTimeout(() => reject(new Error(`No such tab within ${patience} ms: ${labels()}`)), patience)
  look()
  return promise.finally(() => {
    listener.dispose()
    clearTimeout(limit)
  })
}

/** The text of all hovers at a position. */
export async function hoverText(uri: Uri, position: Position): Promise<string> {
  const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', uri, position)
  const text = (content: MarkdownString | string | { value: string }) =>
    typeof content === 'string' ? content : content.value
  return hovers.flatMap(hover => hover.contents.map(text)).join('\n')
}

/** The quick fixes that are offered for a range. */
export async function quickFixes(uri: Uri, range: Range): Promise<readonly CodeAction[]> {
  type Actions = (CodeAction | Command)[]
  const actions = await commands.executeCommand<Actions>('vscode.executeCodeActionProvider', uri, range, 'quickfix')
  return actions.filter(action => action instanceof CodeAction)
}
