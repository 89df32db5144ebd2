/** The setting `torchlint.language`: what the user chose, else the editor's language, else English. */
import { type Connection, DidChangeConfigurationNotification, type InitializeParams } from 'vscode-languageserver'
import { type Language, languageOfLocale, languages } from '../language.ts'
import type { Log } from './log.ts'

export interface Configuration {
  /** Waits for a change that is on its way. */
  language(): Promise<Language>
  onDidChange(listener: () => void): void
}

export function readConfiguration(connection: Connection, params: InitializeParams, log: Log): Configuration {
  const { workspace } = params.capabilities
  const listeners: (() => void)[] = []
  const chosen = (settings: unknown) => chosenLanguage(settings) ?? languageOfLocale(params.locale)
  let language = Promise.resolve(chosen(params.initializationOptions))

  /** A client that cannot be asked sends its settings along with the notification. */
  const read = async (sent: unknown): Promise<Language> => {
    if (!workspace?.configuration) return chosen(sent)
    try {
      return chosen(await connection.workspace.getConfiguration('torchlint'))
    } catch (error) {
      log.error(error)
      return chosen(undefined)
    }
  }

  connection.onInitialized(() => {
    if (workspace?.didChangeConfiguration?.dynamicRegistration)
      connection.client
        .register(DidChangeConfigurationNotification.type, { section: 'torchlint' })
        .catch(error => log.error(error))
    if (workspace?.configuration) language = read(undefined)
  })
  connection.onDidChangeConfiguration(async ({ settings }) => {
    const before = await language
    language = read(settings)
    if ((await language) !== before) for (const listener of listeners) listener()
  })
  return { language: () => language, onDidChange: listener => listeners.push(listener) }
}

/** Clients send the section itself, or an object that contains it. */
function chosenLanguage(settings: unknown): Language | undefined {
  const section = property(settings, 'torchlint') ?? settings
  const value = property(section, 'language') ?? property(settings, 'torchlint.language')
  return languages.find(language => language === value)
}

function property(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined
}
