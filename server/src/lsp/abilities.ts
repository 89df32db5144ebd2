/** What a client can do, as far as it makes a difference. */
import type { ClientCapabilities } from 'vscode-languageserver'
import type { Abilities } from './session.ts'

export function abilities(options: unknown): Abilities {
  const can = (name: string) => typeof options === 'object' && options !== null && Reflect.get(options, name) === true
  return {
    opensPages: can('opensPages'),
    showsImages: can('showsImages'),
    suggestsAgain: can('suggestsAgain'),
    servesFiles: can('servesFiles'),
    hasCommands: can('hasCommands'),
  }
}

/** Does the client ask for diagnostics, or must they be sent to it? */
export function canPull(client: ClientCapabilities): boolean {
  return client.textDocument?.diagnostic !== undefined
}
