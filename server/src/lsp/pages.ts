/** The pages of rules, PyTorch names and concepts: shown by the client where it can, else read on the web. */
import type { Command } from 'vscode-languageserver'
import { explain, explainable } from '../analysis.ts'
import { inLanguage } from '../language.ts'
import type { Session } from './session.ts'

/** What a client of the project's own asks for: the text of a page, to be shown as a document, and what pages there are. */
export function answerPages({ connection, configuration, log }: Session): void {
  connection.onRequest('torchlint/page', async ({ name }: { readonly name: unknown }): Promise<string | null> => {
    const language = await configuration.language()
    const page = log.guard(undefined, () => (typeof name === 'string' ? explain(name) : undefined))
    return page ? withRelativeLinks(inLanguage(page, language, '\n\n---\n\n'), String(name)) : null
  })
  connection.onRequest('torchlint/pages', (): readonly string[] => explainable())
}

/** Where a page is read: by the client's command, else on the web. */
export function pageLink(name: string, opensPages: boolean): string {
  return opensPages
    ? `command:torchlint.openPage?${encodeURIComponent(JSON.stringify([name]))}`
    : `${web}/${path(name)}`
}

/** Opens the page of a rule in a client that can. */
export function pageCommand(rule: string): Command {
  return { title: rule, command: 'torchlint.openPage', arguments: [rule] }
}

/** The addresses of pages become the client's command, where it has that. */
export function withPageLinks(markdown: string, opensPages: boolean): string {
  return opensPages ? relinked(markdown, place => pageLink(nameOf(place), true)) : markdown
}

/** Between pages that are shown as documents, links are relative, as in the source tree. */
function withRelativeLinks(markdown: string, name: string): string {
  const up = path(name)
    .replace(/[^/]+\//g, '../')
    .replace(/[^/]+$/, '')
  return relinked(markdown, place => up + place)
}

function relinked(markdown: string, link: (place: string) => string): string {
  return markdown
    .split(`](${web}/`)
    .map((part, index) => (index === 0 ? part : part.replace(/^[^)]*/, place => `](${link(place)}`)))
    .join('')
}

function nameOf(place: string): string {
  return place.replace(/^(?:api|rules)\//, '').replace(/\.md$/, '')
}

/** The place of a page below the sources: `rules/amp/missing-update.md`, `api/torch.autocast.md`, `concepts/….md`. */
function path(name: string): string {
  if (name.startsWith('concepts/')) return `${name}.md`
  return `${name.includes('/') ? 'rules' : 'api'}/${name}.md`
}

const web = 'https://github.com/torchlint/torchlint/blob/main/server/src'
