/** Code lenses: the protocol of each training loop in one line above it. Nobody sees them who has not asked for them. */
import { type CodeLens, CodeLensRefreshRequest } from 'vscode-languageserver'
import { type Language, titleIn } from '../language.ts'
import { rangeIn } from './diagnostics.ts'
import type { OpenDocument } from './documents.ts'
import { createRefresh, keepFresh } from './refresh.ts'
import { contentModified, respond, type Session } from './session.ts'

export function answerCodeLenses(session: Session): void {
  const { connection, client, targets, log, opensPages } = session
  const isWanted = (file: string) => {
    const { codeLens, isExcluded } = targets.of(file)
    return codeLens && !isExcluded
  }
  const of = (document: OpenDocument, language: Language): CodeLens[] => {
    if (!isWanted(document.file)) return []
    return document
      .analyze()
      .lenses()
      .map(lens => ({
        range: rangeIn(document, lens),
        // Without a command a lens is text: editors show it, and nothing happens on a click.
        command: {
          title: titleIn(lens.text, language),
          ...(opensPages ? { command: 'torchlint.openPage', arguments: [lens.page] } : { command: '' }),
        },
      }))
  }
  const refresh = createRefresh(log, client.workspace?.codeLens?.refreshSupport, () =>
    connection.sendRequest(CodeLensRefreshRequest.type),
  )
  const answered = keepFresh(session, { isWanted, of, refresh })

  connection.onCodeLens(({ textDocument: { uri } }, token) =>
    respond<CodeLens[]>(session, {
      uri,
      token,
      empty: [],
      outdated: contentModified,
      answer: (document, language) => {
        const lenses = of(document, language)
        answered(document, language)
        return lenses
      },
    }),
  )
}
