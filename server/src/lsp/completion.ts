/** Completion in configuration files. In scripts nothing is completed, and a client that can be told so does not ask there. */
import {
  type ClientCapabilities,
  type CompletionItem,
  CompletionItemKind,
  type CompletionOptions,
  CompletionRequest,
  InsertTextFormat,
  TextEdit,
} from 'vscode-languageserver'
import { inLanguage, type Language, titleIn } from '../language.ts'
import { type Completion, completions } from '../settings/completion.ts'
import { filePatterns } from '../settings/files.ts'
import type { Session } from './session.ts'

export function answerCompletions(session: Session): void {
  const { connection, configurations, targets, log } = session
  connection.onCompletion(async ({ textDocument: { uri }, position }) => {
    const text = configurations.get(uri)?.text
    if (!text) return null
    const offered = log.guard([], () =>
      completions(uri, text.getText(), text.offsetAt(position)).map(completion => {
        const { start, end } = completion.range
        return { completion, range: { start: text.positionAt(start), end: text.positionAt(end) } }
      }),
    )
    const language = await targets.languageOf(uri)
    return offered.map(({ completion, range }, index) => ({
      ...itemOf(completion, language),
      ...insertionOf(completion, range, session),
      // Clients sort by it: the order of the table, families before rules.
      sortText: String(index).padStart(4, '0'),
    }))
  })
}

/** When the client is ready to be asked. */
export function registerCompletion({ connection, client, log }: Session): void {
  if (!isRegistered(client)) return
  const documentSelector = filePatterns.map(pattern => ({ pattern }))
  connection.client.register(CompletionRequest.type, { documentSelector, ...options }).catch(error => log.error(error))
}

/** For a client to which documents cannot be named. */
export function completionProvider(client: ClientCapabilities): { readonly completionProvider?: CompletionOptions } {
  return isRegistered(client) ? {} : { completionProvider: options }
}

const options: CompletionOptions = { triggerCharacters: ['"', "'", '/', '.', '[', '='] }

function isRegistered({ textDocument }: ClientCapabilities): boolean {
  return textDocument?.completion?.dynamicRegistration === true
}

function itemOf({ kind, label, title, documentation, filter }: Completion, language: Language): CompletionItem {
  // Where this is shown no Markdown is drawn.
  const line = title && titleIn(title, language).replaceAll('`', '')
  return {
    label,
    kind: kinds[kind],
    filterText: filter,
    ...(line !== undefined && { detail: line, labelDetails: { description: line } }),
    ...(documentation && {
      documentation: { kind: 'markdown', value: inLanguage(documentation, language, '\n\n---\n\n') },
    }),
  }
}

function insertionOf(
  { before, after, isOpen }: Completion,
  range: TextEdit['range'],
  { client, suggestsAgain }: Session,
): Pick<CompletionItem, 'textEdit' | 'insertTextFormat' | 'command'> {
  const isSnippet = isOpen && client.textDocument?.completion?.completionItem?.snippetSupport === true
  return {
    textEdit: TextEdit.replace(range, isSnippet ? `${before}$0${after}` : before + after),
    ...(isSnippet && { insertTextFormat: InsertTextFormat.Snippet }),
    ...(isSnippet && suggestsAgain && { command: { title: '', command: 'editor.action.triggerSuggest' } }),
  }
}

const kinds = {
  setting: CompletionItemKind.Property,
  table: CompletionItemKind.Struct,
  rule: CompletionItemKind.Constant,
  value: CompletionItemKind.EnumMember,
} as const
