/** The configuration files that the client holds open, whose unsaved texts count for what is said in them. */
import type {
  Connection,
  DidChangeTextDocumentParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
  Disposable,
  NotificationHandler,
} from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { isConfigurationFile, mistakesIn } from '../settings/files.ts'
import type { Mistake } from '../settings/options.ts'
import type { Log } from './log.ts'

/** Each version is another object. */
export interface ConfigurationText {
  readonly text: TextDocument
  readonly mistakes: readonly Mistake[]
}

export interface ConfigurationTexts {
  get(uri: string): ConfigurationText | undefined
  all(): Iterable<ConfigurationText>
  onDidChange(listener: () => void): void
}

/** A connection has one handler for what happens to all texts. */
export type TextEvents = Pick<
  Connection,
  'onDidOpenTextDocument' | 'onDidChangeTextDocument' | 'onDidSaveTextDocument' | 'onDidCloseTextDocument'
>

/** Takes the configuration files for itself, and leaves all other texts to whoever listens to `scripts`. */
export function separateTexts(
  connection: Connection,
  log: Log,
): { readonly configurations: ConfigurationTexts; readonly scripts: TextEvents } {
  const known = new Map<string, ConfigurationText>()
  const listeners: (() => void)[] = []
  const set = (uri: string, text: TextDocument | undefined) => {
    if (text) known.set(uri, { text, mistakes: log.guard([], () => mistakesIn(uri, text.getText())) })
    else known.delete(uri)
    for (const listener of listeners) listener()
  }
  const open = ({ textDocument: { uri, languageId, version, text } }: DidOpenTextDocumentParams) =>
    set(uri, TextDocument.create(uri, languageId, version, text))
  const change = ({ textDocument: { uri, version }, contentChanges }: DidChangeTextDocumentParams) => {
    const before = known.get(uri)
    if (before) set(uri, TextDocument.update(before.text, contentChanges, version))
  }
  const close = ({ textDocument: { uri } }: DidCloseTextDocumentParams) => set(uri, undefined)
  return {
    configurations: {
      get: uri => known.get(uri),
      all: () => known.values(),
      onDidChange: listener => listeners.push(listener),
    },
    scripts: {
      onDidOpenTextDocument: others(connection.onDidOpenTextDocument, open),
      onDidChangeTextDocument: others(connection.onDidChangeTextDocument, change),
      onDidSaveTextDocument: connection.onDidSaveTextDocument,
      onDidCloseTextDocument: others(connection.onDidCloseTextDocument, close),
    },
  }
}

type Listen<Params> = (handler: NotificationHandler<Params>) => Disposable

function others<Params extends { readonly textDocument: { readonly uri: string; readonly languageId?: string } }>(
  listen: Listen<Params>,
  own: (params: Params) => void,
): Listen<Params> {
  return handler =>
    listen(params => {
      const { uri, languageId } = params.textDocument
      if (isConfigurationFile(uri)) own(params)
      // An editor that was asked to attach to configuration files may attach to all of their language.
      else if (languageId !== 'toml') handler(params)
    })
}
