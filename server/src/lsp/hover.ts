/** Hover: the page of a finding or of a PyTorch name under the cursor. */
import type { Hover } from 'vscode-languageserver'
import { inLanguage } from '../language.ts'
import { rangeIn } from './diagnostics.ts'
import { withPageLinks } from './pages.ts'
import { contentModified, respond, type Session } from './session.ts'

export function answerHovers(session: Session): void {
  session.connection.onHover(({ textDocument: { uri }, position }, token) =>
    respond<Hover | null>(session, {
      uri,
      token,
      empty: null,
      outdated: contentModified,
      answer: (document, language) => {
        const hover = document.analyze().hover(document.text.offsetAt(position), session.showsImages)
        if (!hover) return null
        const value = withPageLinks(inLanguage(hover.markdown, language, '\n\n---\n\n'), session.opensPages)
        return { contents: { kind: 'markdown', value }, range: rangeIn(document, hover) }
      },
    }),
  )
}
