/** Inlay hints: what a line comes to, beside it. Nobody sees them who has not asked for them. */
import type { InlayHint } from 'vscode-languageserver'
import { inLanguage, type Language, titleIn } from '../language.ts'
import type { OpenDocument } from './documents.ts'
import { createRefresh, keepFresh } from './refresh.ts'
import { contentModified, respond, type Session } from './session.ts'

export function answerInlayHints(session: Session): void {
  const { connection, client, targets, log } = session
  const kindsFor = (file: string) => {
    const { hints, isExcluded } = targets.of(file)
    return isExcluded ? [] : hints
  }
  const of = (document: OpenDocument, language: Language): InlayHint[] => {
    const kinds = kindsFor(document.file)
    if (kinds.length === 0) return []
    const hints = document.analyze().hints(kinds)
    return hints.map(({ at, text, tooltip }) => ({
      position: document.text.positionAt(at),
      label: titleIn(text, language),
      tooltip: { kind: 'markdown', value: inLanguage(tooltip, language, '\n\n') },
      paddingLeft: true,
    }))
  }
  const refresh = createRefresh(log, client.workspace?.inlayHint?.refreshSupport, () =>
    connection.languages.inlayHint.refresh(),
  )
  const answered = keepFresh(session, { isWanted: file => kindsFor(file).length > 0, of, refresh })

  connection.languages.inlayHint.on(({ textDocument: { uri }, range }, token) =>
    respond<InlayHint[]>(session, {
      uri,
      token,
      empty: [],
      outdated: contentModified,
      answer: (document, language) => {
        const hints = of(document, language)
        answered(document, language)
        const [start, end] = [document.text.offsetAt(range.start), document.text.offsetAt(range.end)]
        return hints.filter(({ position }) => {
          const offset = document.text.offsetAt(position)
          return start <= offset && offset <= end
        })
      },
    }),
  )
}
