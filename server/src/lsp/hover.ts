/** Hover: the page of a finding or of a PyTorch name under the cursor; in a configuration file, of a setting or a rule. */
import type { Hover, Position } from 'vscode-languageserver'
import { inLanguage } from '../language.ts'
import { settingHover } from '../settings/hover.ts'
import type { ConfigurationText } from './configurationTexts.ts'
import { rangeIn } from './diagnostics.ts'
import { withPageLinks } from './pages.ts'
import { contentModified, respond, type Session } from './session.ts'

export function answerHovers(session: Session): void {
  session.connection.onHover(({ textDocument: { uri }, position }, token) => {
    const configured = session.configurations.get(uri)
    if (configured) return hoverIn(session, configured, position)
    return respond<Hover | null>(session, {
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
    })
  })
}

async function hoverIn(session: Session, { text }: ConfigurationText, position: Position): Promise<Hover | null> {
  const { targets, log, opensPages } = session
  const hover = log.guard(undefined, () => settingHover(text.uri, text.getText(), text.offsetAt(position)))
  if (!hover) return null
  const range = { start: text.positionAt(hover.start), end: text.positionAt(hover.end) }
  const language = await targets.languageOf(text.uri)
  const value = withPageLinks(inLanguage(hover.markdown, language, '\n\n---\n\n'), opensPages)
  return { contents: { kind: 'markdown', value }, range }
}
