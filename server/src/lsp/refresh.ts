/** Tells a client to ask again, for what it does not ask for by itself. */
import type { Language } from '../language.ts'
import type { OpenDocument } from './documents.ts'
import type { Log } from './log.ts'
import type { Session } from './session.ts'

/** One request at a time: a client that is slower than the typing is told again when it has answered. */
export function createRefresh(
  log: Log,
  isSupported: boolean | undefined,
  send: () => Promise<void>,
): () => Promise<void> {
  let isAsked = false
  let isOutdated = false
  return async () => {
    isOutdated = true
    if (isAsked || !isSupported) return
    isAsked = true
    while (isOutdated) {
      isOutdated = false
      await send().catch(error => log.error(error))
    }
    isAsked = false
  }
}

/** What stands beside the code of a document where the settings of its file ask for it. */
interface Shown {
  readonly isWanted: (file: string) => boolean
  readonly of: (document: OpenDocument, language: Language) => unknown
  readonly refresh: () => void
}

/**
 * Refreshes what is shown when settings or other files change, and in the other cells of a notebook when an edit of one
 * changes it there. The answer is a function to be told which document was just asked about.
 */
export function keepFresh(
  { documents, targets }: Session,
  { isWanted, of, refresh }: Shown,
): (document: OpenDocument, language: Language) => void {
  let wasWanted = false
  const refreshWanted = () => {
    const isNow = [...documents.all()].some(({ file }) => isWanted(file))
    if (isNow || wasWanted) refresh()
    wasWanted = isNow
  }
  targets.onDidChange(refreshWanted)
  documents.onDidForget(refreshWanted)

  const inCells = new Map<string, string>()
  documents.onDidClose(uri => inCells.delete(uri))
  return (document, language) => {
    if (!isWanted(document.file)) return
    wasWanted = true
    if (document.uri === document.file) return
    inCells.set(document.uri, JSON.stringify(of(document, language)))
    let isChanged = false
    for (const other of documents.all()) {
      const before = other.file === document.file ? inCells.get(other.uri) : undefined
      if (before === undefined || other.uri === document.uri) continue
      const now = JSON.stringify(of(other, language))
      inCells.set(other.uri, now)
      isChanged ||= now !== before
    }
    if (isChanged) refresh()
  }
}
