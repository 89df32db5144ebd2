/** What a check of the workspace has found in files that are not open. An open file shows what is found while it is edited. */
import type { Checked } from '../checking/checker.ts'
import type { Language } from '../language.ts'
import { diagnosticsOfFile } from './closedFiles.ts'
import type { Session } from './session.ts'
import { type ProjectHost, pathOf } from './targets.ts'

/** Files go by their paths: the URI of one file may be written in different ways. */
export interface ClosedResults {
  paths(): readonly string[]
  has(path: string): boolean
  isOpen(path: string): boolean
  /** Would the file be checked in the same way now, whatever its text is? */
  isCurrent(path: string, language: Language): boolean
  /** How many problems it has. Without `checked`, it could not be read, or is open. */
  put(path: string, language: Language, checked?: Checked): number
  drop(path: string): void
}

interface Result {
  /** With what it was checked. */
  readonly basis: string
  readonly isShown: boolean
}

/** `onClose`: what such a file is now, nobody has looked at. */
export function closedResults(session: Session, host: ProjectHost, onClose: (path: string) => void): ClosedResults {
  const { connection, documents, targets, log } = session
  const results = new Map<string, Result>()
  /** Those of them that are open. */
  const open = new Set<string>()

  const documentsOf = (path: string) => [...documents.all()].filter(({ file }) => pathOf(host, file) === path)
  const isOpen = (path: string) => documentsOf(path).length > 0
  const basisOf = (path: string, language: Language): string => {
    const { settings, maxProblemsPerFile, language: own = language } = targets.ofPath(path)
    return JSON.stringify([settings, maxProblemsPerFile, own])
  }
  const show = (path: string, diagnostics: ReturnType<typeof diagnosticsOfFile>): boolean => {
    const isShown = diagnostics.length > 0
    if (isShown || results.get(path)?.isShown)
      connection.sendDiagnostics({ uri: host.uriOf(path), diagnostics }).catch(error => log.error(error))
    return isShown
  }
  const leaveToEditor = (path: string, basis: string) => {
    open.add(path)
    results.set(path, { basis, isShown: show(path, []) })
  }

  documents.onDidUpdate(({ file }) => {
    const path = results.size > 0 ? pathOf(host, file) : undefined
    const result = path === undefined ? undefined : results.get(path)
    if (path !== undefined && result && !open.has(path)) leaveToEditor(path, result.basis)
  })
  documents.onDidClose(() => {
    for (const path of [...open].filter(path => !isOpen(path))) {
      open.delete(path)
      onClose(path)
    }
  })

  return {
    paths: () => [...results.keys()],
    has: path => results.has(path),
    isOpen,
    isCurrent: (path, language) => results.get(path)?.basis === basisOf(path, language),
    put(path, language, checked) {
      const edited = documentsOf(path)
      if (edited.length > 0) {
        leaveToEditor(path, basisOf(path, language))
        return count(edited.map(document => log.guard([], () => document.analyze().findings)))
      }
      const { maxProblemsPerFile, language: own = language } = targets.ofPath(path)
      const diagnostics = checked ? diagnosticsOfFile(host, path, checked, maxProblemsPerFile, own) : []
      results.set(path, { basis: basisOf(path, language), isShown: show(path, diagnostics) })
      return count(checked?.parts.map(({ findings }) => findings) ?? [])
    },
    drop(path) {
      show(path, [])
      results.delete(path)
      open.delete(path)
    },
  }
}

function count(lists: readonly (readonly unknown[])[]): number {
  return lists.reduce((sum, { length }) => sum + length, 0)
}
