/** Mistakes in the configuration files of the open documents, shown in those files, which need not be open themselves. */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { inLanguage, type Language } from '../language.ts'
import type { ConfigurationFile } from '../settings/files.ts'
import type { Session } from './session.ts'
import type { ProjectHost } from './targets.ts'

export function reportConfigurationMistakes(session: Session, host: ProjectHost): void {
  const { connection, configuration, documents, targets, log } = session
  const shown = new Map<string, { readonly file: ConfigurationFile; readonly language: Language }>()

  const show = async (path: string, diagnostics: readonly Diagnostic[]) =>
    connection.sendDiagnostics({ uri: host.uriOf(path), diagnostics: [...diagnostics] })

  const look = async (): Promise<void> => {
    const language = await configuration.language()
    const used = new Map<string, ConfigurationFile>()
    for (const document of documents.all()) {
      const { file } = targets.of(document.file)
      if (file && file.mistakes.length > 0) used.set(file.path, file)
    }
    const gone = [...shown.keys()].filter(path => !used.has(path))
    for (const path of gone) shown.delete(path)
    const come = [...used].filter(([path, file]) => {
      const before = shown.get(path)
      return before?.file !== file || before.language !== language
    })
    for (const [path, file] of come) shown.set(path, { file, language })
    await Promise.all([
      ...gone.map(path => show(path, [])),
      ...come.map(([path, file]) => show(path, mistakesOf(file, language))),
    ])
  }
  const start = () => {
    look().catch(error => log.error(error))
  }
  documents.onDidUpdate(start)
  documents.onDidClose(start)
}

function mistakesOf(file: ConfigurationFile, language: Language): readonly Diagnostic[] {
  const text = TextDocument.create(file.path, 'toml', 0, file.text)
  return file.mistakes.map(({ at, message }) => ({
    range: { start: text.positionAt(at.start), end: text.positionAt(at.end) },
    severity: DiagnosticSeverity.Warning,
    source: 'torchlint',
    message: inLanguage(message, language),
  }))
}
