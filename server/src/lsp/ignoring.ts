/** Ways not to see a finding, the narrowest first: here, in the file, in the project. */
import { type CodeAction, CreateFile, TextDocumentEdit, TextEdit, type WorkspaceEdit } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Finding, Message } from '../analysis.ts'
import type { Language } from '../language.ts'
import { type FileEdit, ignoringEdit } from '../settings/ignoring.ts'
import { action, workspaceEdit } from './actions.ts'
import type { OpenDocument } from './documents.ts'
import type { Session } from './session.ts'
import { type ProjectHost, pathOfFolder } from './targets.ts'

export function ignoringActions(
  session: Session,
  host: ProjectHost,
  document: OpenDocument,
  finding: Finding,
  language: Language,
): readonly CodeAction[] {
  const offer = (title: Message, edit: WorkspaceEdit) => action(document, finding, language, title, { edit })
  const inDocument = (['here', 'file'] as const).flatMap(scope => {
    const edit = document.analyze().suppress(finding, scope)
    return edit ? [offer(titles[scope](finding.rule), workspaceEdit(session, document, { edits: [edit] }))] : []
  })
  const written = inProject(session, host, document, finding)
  const edit = written && fileEdit(session, host, written)
  const name = written?.path.slice(written.path.lastIndexOf('/') + 1) ?? ''
  return edit ? [...inDocument, offer(titles.project(finding.rule, name), edit)] : inDocument
}

/** Not where the editor's own settings would come first. */
function inProject(
  { targets, configuration }: Session,
  host: ProjectHost,
  { file }: OpenDocument,
  { rule }: Finding,
): FileEdit | undefined {
  const { options, folder: workspaceFolder } = configuration.optionsOf(file)
  const own = host.folderOf(file)
  if (options.ignore || own === undefined) return undefined
  const root = workspaceFolder === undefined ? own : (pathOfFolder(host, workspaceFolder) ?? own)
  return ignoringEdit(rule, targets.of(file).file, root, host)
}

/** Undefined for a client that cannot do it. */
function fileEdit({ client }: Session, host: ProjectHost, { path, text, edit }: FileEdit): WorkspaceEdit | undefined {
  const uri = host.uriOf(path)
  const { documentChanges, resourceOperations } = client.workspace?.workspaceEdit ?? {}
  const before = TextDocument.create(uri, 'toml', 0, text ?? '')
  const range = { start: before.positionAt(edit.start), end: before.positionAt(edit.end) }
  const edits = [TextEdit.replace(range, edit.text)]
  const change = TextDocumentEdit.create({ uri, version: null }, edits)
  if (text !== undefined) return documentChanges ? { documentChanges: [change] } : { changes: { [uri]: edits } }
  return documentChanges && resourceOperations?.includes('create')
    ? { documentChanges: [CreateFile.create(uri, { ignoreIfExists: true }), change] }
    : undefined
}

const titles = {
  here: (rule: string): Message => ({ en: `Ignore ${rule} here`, zh: `在此处忽略 ${rule}` }),
  file: (rule: string): Message => ({ en: `Ignore ${rule} in this file`, zh: `在此文件中忽略 ${rule}` }),
  project: (rule: string, name: string): Message => ({
    en: `Ignore ${rule} everywhere (${name})`,
    zh: `在整个项目中忽略 ${rule}（${name}）`,
  }),
}
