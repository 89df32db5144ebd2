/**
 * The settings: `torchlint.language`, what the user chose, else the editor's language, else English; and
 * `torchlint.torchVersion`, the version that scripts are meant for, else the one that the project's files tell.
 */
import { type Connection, DidChangeConfigurationNotification, type InitializeParams } from 'vscode-languageserver'
import type { Message } from '../analysis.ts'
import { inLanguage, type Language, languageOfLocale, languages } from '../language.ts'
import { isRelease, nearestRelease } from '../target/releases.ts'
import type { Log } from './log.ts'

export interface Configuration {
  /** When the client is ready to be asked. */
  start(): void
  /** Waits for a change that is on its way. */
  language(): Promise<Language>
  /** As it was last read; undefined: `auto`. */
  torchVersion(): string | undefined
  /** Of the language. */
  onDidChange(listener: () => void): void
  onDidChangeTorchVersion(listener: () => void): void
}

export function readConfiguration(connection: Connection, params: InitializeParams, log: Log): Configuration {
  const { workspace } = params.capabilities
  const listeners: (() => void)[] = []
  const versionListeners: (() => void)[] = []
  let torchVersion: string | undefined
  const chosen = (settings: unknown): Language => {
    const language = chosenLanguage(settings) ?? languageOfLocale(params.locale)
    torchVersion = chosenVersion(settings, text => log.warn(inLanguage(text, language)))
    return language
  }
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

  const start = () => {
    if (workspace?.didChangeConfiguration?.dynamicRegistration)
      connection.client
        .register(DidChangeConfigurationNotification.type, { section: 'torchlint' })
        .catch(error => log.error(error))
    if (workspace?.configuration) language = read(undefined)
  }
  connection.onDidChangeConfiguration(async ({ settings }) => {
    const [before, versionBefore] = [await language, torchVersion]
    language = read(settings)
    if ((await language) !== before) for (const listener of listeners) listener()
    if (torchVersion !== versionBefore) for (const listener of versionListeners) listener()
  })
  return {
    start,
    language: () => language,
    torchVersion: () => torchVersion,
    onDidChange: listener => listeners.push(listener),
    onDidChangeTorchVersion: listener => versionListeners.push(listener),
  }
}

/** Clients send the section itself, or an object that contains it. */
function setting(settings: unknown, name: string): unknown {
  const section = property(settings, 'torchlint') ?? settings
  return property(section, name) ?? property(settings, `torchlint.${name}`)
}

/** A version that cannot be is named, with the one that was probably meant, and `auto` stands for it. */
function chosenVersion(settings: unknown, warn: (text: Message) => void): string | undefined {
  const value = setting(settings, 'torchVersion')
  if (value === undefined || value === null || value === 'auto') return undefined
  const version = String(value)
  if (isRelease(version)) return version
  const meant = nearestRelease(version)
  warn({
    en: `torchlint.torchVersion: there is no PyTorch ${version}: did you mean ${meant}?`,
    zh: `torchlint.torchVersion：没有 PyTorch ${version}：您是否想输入 ${meant}？`,
  })
  return undefined
}

function chosenLanguage(settings: unknown): Language | undefined {
  const value = setting(settings, 'language')
  return languages.find(language => language === value)
}

function property(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined
}
