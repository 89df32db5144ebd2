/**
 * Mistakes in configuration files, shown in those files: of the ones that are open as they stand there, saved or not, and
 * of the ones that count for open documents as they stand on the disk.
 */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { inLanguage, type Language } from '../language.ts'
import type { Mistake } from '../settings/options.ts'
import type { Session } from './session.ts'
import { type ProjectHost, pathOf } from './targets.ts'

interface Mistaken {
  readonly uri: string
  /** Another one for another text. */
  readonly version: object
  readonly text: TextDocument
  readonly mistakes: readonly Mistake[]
}

interface Shown extends Pick<Mistaken, 'uri' | 'version'> {
  readonly language: Language
}

export function reportConfigurationMistakes(session: Session, host: ProjectHost): void {
  const { connection, configurations, documents, targets, log } = session
  /** By their paths: a URI may be written in several ways. */
  const shown = new Map<string, Shown>()

  const mistaken = (): ReadonlyMap<string, Mistaken> => {
    const found = new Map<string, Mistaken>()
    for (const document of documents.all()) {
      const { file } = targets.of(document.file)
      if (!file || found.has(file.path)) continue
      const { path, mistakes } = file
      const uri = host.uriOf(path)
      found.set(path, { uri, version: file, text: TextDocument.create(uri, 'toml', 0, file.text), mistakes })
    }
    for (const version of configurations.all()) {
      const { text, mistakes } = version
      found.set(pathOf(host, text.uri) ?? text.uri, { uri: text.uri, version, text, mistakes })
    }
    return new Map([...found].filter(([, { mistakes }]) => mistakes.length > 0))
  }
  const look = async (): Promise<void> => {
    const found = mistaken()
    for (const [path, { uri }] of [...shown]) {
      if (found.get(path)?.uri === uri) continue
      shown.delete(path)
      await connection.sendDiagnostics({ uri, diagnostics: [] })
    }
    for (const [path, { uri, version, text, mistakes }] of found) {
      const language = await targets.languageOf(uri)
      const before = shown.get(path)
      if (before?.version === version && before.language === language) continue
      shown.set(path, { uri, version, language })
      const diagnostics = mistakes.map(mistake => diagnosticOfMistake(mistake, text, language))
      await connection.sendDiagnostics({ uri, diagnostics })
    }
  }
  /** One after the other, so that the last look has the last word. */
  let looking = Promise.resolve()
  const start = () => {
    looking = looking.then(look).catch(error => log.error(error))
  }
  documents.onDidUpdate(start)
  documents.onDidClose(start)
  configurations.onDidChange(start)
  targets.onDidChange(start)
}

export function diagnosticOfMistake({ at, message }: Mistake, text: TextDocument, language: Language): Diagnostic {
  return {
    range: { start: text.positionAt(at.start), end: text.positionAt(at.end) },
    severity: DiagnosticSeverity.Warning,
    source: 'torchlint',
    message: inLanguage(message, language),
  }
}
