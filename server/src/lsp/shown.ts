/**
 * Which findings of a document are shown, so that nobody is disturbed while typing. With `torchlint.run` set to `onSave` they
 * are those of the text that was last saved or opened, at the places to which edits have moved them; a change of the
 * settings shows the text as it is. Otherwise they are those of the text as it is, but for what waits (typing.ts).
 */
import type { Analysis, Finding } from '../analysis.ts'
import type { OpenDocument } from './documents.ts'
import { movedFindings } from './moves.ts'
import type { Session } from './session.ts'
import { followTyping } from './typing.ts'

export interface Shown {
  /** While it stays the same, so does what is shown, but that it moves with the text. */
  nameOf(document: OpenDocument): string
  of(document: OpenDocument): Pick<Analysis, 'findings' | 'notices'>
  /** Something else is shown of the same version. */
  onDidChange(listener: (document: OpenDocument) => void): void
}

interface ShownLast {
  /** Undefined: out of date. */
  readonly name: string | undefined
  readonly findings: readonly Finding[]
}

export function chooseShown(session: Session): Shown {
  const { documents, targets } = session
  const typing = followTyping(session)
  const listeners: ((document: OpenDocument) => void)[] = []
  const last = new Map<string, ShownLast>()
  /** How often something has perhaps ceased to wait. */
  let releases = 0

  const waitsForSave = ({ file }: OpenDocument) => targets.of(file).run === 'onSave'
  const nameOf = (document: OpenDocument): string => {
    const kept = waitsForSave(document) && !document.isSaved() ? last.get(document.uri) : undefined
    return kept?.name ?? `${document.revision}.${releases}`
  }
  const change = (document: OpenDocument) => {
    for (const listener of listeners) listener(document)
  }

  documents.onDidUpdate(({ uri }, changes) => {
    const known = last.get(uri)
    if (known) last.set(uri, { ...known, findings: changes.reduce(movedFindings, known.findings) })
  })
  documents.onDidSave(document => {
    if (waitsForSave(document) && last.get(document.uri)?.name !== nameOf(document)) change(document)
  })
  documents.onDidClose(uri => last.delete(uri))
  targets.onDidChange(() => {
    for (const [uri, { findings }] of last) last.set(uri, { name: undefined, findings })
  })
  typing.onDidMove(document => {
    releases++
    change(document)
  })

  return {
    nameOf,
    of(document) {
      const known = last.get(document.uri)
      const name = nameOf(document)
      if (known?.name === name) return { findings: known.findings, notices: [] }
      const { findings, notices } = document.analyze()
      const waiting = typing.waiting(document, known?.findings ?? [])
      const shown = findings.filter(finding => !waiting.has(finding))
      last.set(document.uri, { name, findings: shown })
      return { findings: shown, notices }
    },
    onDidChange: listener => listeners.push(listener),
  }
}
