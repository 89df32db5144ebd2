/** Quick fixes of misspelled names in configuration files. */
import { type CodeAction, CodeActionKind, type Range, TextDocumentEdit, TextEdit } from 'vscode-languageserver'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import { type Language, titleIn } from '../language.ts'
import { diagnosticOfMistake } from './configurationMistakes.ts'
import type { ConfigurationText } from './configurationTexts.ts'
import type { Session } from './session.ts'

export function configurationFixes(
  { client }: Session,
  { text, mistakes }: ConfigurationText,
  range: Range,
  language: Language,
): readonly CodeAction[] {
  const [start, end] = [text.offsetAt(range.start), text.offsetAt(range.end)]
  return mistakes.flatMap((mistake): readonly CodeAction[] => {
    const { at, meant } = mistake
    if (meant === undefined || at.start > end || start > at.end) return []
    const diagnostic = diagnosticOfMistake(mistake, text, language)
    const edits = [TextEdit.replace(diagnostic.range, written(meant, at.start, text))]
    const { uri, version } = text
    const edit = client.workspace?.workspaceEdit?.documentChanges
      ? { documentChanges: [TextDocumentEdit.create({ uri, version }, edits)] }
      : { changes: { [uri]: edits } }
    const title = titleIn({ en: `Change to ${meant}`, zh: `改为 ${meant}` }, language)
    return [{ title, kind: CodeActionKind.QuickFix, isPreferred: true, diagnostics: [diagnostic], edit }]
  })
}

/** In the quotes of what it takes the place of, or in those that it needs. */
function written(meant: string, offset: number, text: TextDocument): string {
  const [quote = /^[\w-]+$/.test(meant) ? '' : '"'] = /^["']/.exec(text.getText().slice(offset, offset + 1)) ?? []
  return `${quote}${meant}${quote}`
}
