/**
 * The settings of the editor, which may differ from folder to folder of a workspace. What they leave open the project's
 * files decide (targets.ts); the language, in the end, the editor's own.
 */
import { type Connection, DidChangeConfigurationNotification, type InitializeParams } from 'vscode-languageserver'
import { inLanguage, type Language, languageOfLocale } from '../language.ts'
import { type Options, readEditorOptions } from '../settings/options.ts'
import type { Log } from './log.ts'

export interface Configuration {
  /** When the client is ready to be asked. */
  start(): void
  /** The URIs of the workspace's folders. */
  folders(): readonly string[]
  /** The language of what belongs to no document. Waits for a change that is on its way. */
  language(): Promise<Language>
  /** As they were last read. */
  optionsOf(uri: string): FolderOptions
  onDidChange(listener: () => void): void
}

export interface FolderOptions {
  /** The URI of the folder in the workspace that a document is in. */
  readonly folder: string | undefined
  readonly options: Options
}

export function readConfiguration(connection: Connection, params: InitializeParams, log: Log): Configuration {
  const { workspace } = params.capabilities
  const listeners: (() => void)[] = []
  const byLocale = languageOfLocale(params.locale)
  let folders = (params.workspaceFolders ?? []).map(({ uri }) => uri.replace(/\/+$/, ''))
  let known: readonly FolderOptions[] = []

  const optionsIn = (sent: unknown, folder?: string): FolderOptions => {
    const { options, mistakes } = readEditorOptions(name => setting(sent, name))
    for (const { message } of mistakes) log.warn(inLanguage(message, options.language ?? byLocale))
    return { folder, options }
  }
  const read = (sent: unknown): readonly FolderOptions[] => [optionsIn(sent)]

  /** A client that cannot be asked sends its settings along with the notification. */
  const ask = async (sent: unknown): Promise<readonly FolderOptions[]> => {
    if (!workspace?.configuration) return read(sent)
    try {
      const wanted = folders.map(scopeUri => ({ section: 'torchlint', scopeUri }))
      const [own, ...inner] = await connection.workspace.getConfiguration([{ section: 'torchlint' }, ...wanted])
      return [optionsIn(own), ...inner.map((section: unknown, index: number) => optionsIn(section, folders[index]))]
    } catch (error) {
      log.error(error)
      return read(undefined)
    }
  }
  known = read(params.initializationOptions)
  let reading = Promise.resolve()
  const update = (sent: unknown): Promise<void> => {
    reading = ask(sent).then(answer => {
      known = answer
    })
    return reading
  }
  const change = async (sent: unknown): Promise<void> => {
    await reading
    const before = JSON.stringify(known)
    await update(sent)
    if (JSON.stringify(known) !== before) for (const listener of listeners) listener()
  }

  connection.onDidChangeConfiguration(({ settings }) => change(settings))
  return {
    start() {
      if (workspace?.didChangeConfiguration?.dynamicRegistration)
        connection.client
          .register(DidChangeConfigurationNotification.type, { section: 'torchlint' })
          .catch(error => log.error(error))
      if (workspace?.workspaceFolders)
        connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
          const gone = new Set(removed.map(({ uri }) => uri.replace(/\/+$/, '')))
          const come = added.map(({ uri }) => uri.replace(/\/+$/, ''))
          folders = [...folders.filter(folder => !gone.has(folder)), ...come]
          if (workspace.configuration) change(undefined)
        })
      if (workspace?.configuration) update(undefined)
    },
    folders: () => folders,
    async language() {
      await reading
      return known[0]?.options.language ?? byLocale
    },
    optionsOf(uri) {
      const around = known.filter(({ folder }) => folder === undefined || uri.startsWith(`${folder}/`))
      const [inner] = around.toSorted((a, b) => (b.folder?.length ?? 0) - (a.folder?.length ?? 0))
      return inner ?? { folder: undefined, options: {} }
    },
    onDidChange: listener => listeners.push(listener),
  }
}

/** Clients send the section itself, or an object that contains it. */
function setting(settings: unknown, name: string): unknown {
  const section = property(settings, 'torchlint') ?? settings
  const inner = name.split('.').reduce(property, section)
  return inner ?? property(section, name) ?? property(settings, `torchlint.${name}`)
}

function property(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined
}
