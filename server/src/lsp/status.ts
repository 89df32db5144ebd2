/** What is used for a file, for a client that shows it. Who has asked once hears when it may have changed. */
import { releases } from '../target/releases.ts'
import type { Session } from './session.ts'
import { editor, type ProjectHost } from './targets.ts'

interface Status {
  /** What texts are parsed with, and its version. */
  readonly parser: string
  /** The file is left out of the checks. */
  readonly isExcluded: boolean
  /** The URI of the configuration file; null where the editor's settings decide alone. */
  readonly configuration: string | null
  readonly torch: Torch
}

/** The PyTorch version that is meant, and where it is read: in a setting, in a file; else it is the current release. */
interface Torch {
  readonly version: string
  readonly from: 'setting' | 'file' | 'release'
  readonly file: string | null
}

/** `uri` is that of a file or notebook, which need not be open. */
export function answerStatus(session: Session, host: ProjectHost, parser: string): void {
  const { connection, targets, log } = session
  let isAsked = false
  const answer = (uri: string): Status => {
    const { isExcluded, file, settings, torchOrigin } = targets.of(uri)
    const version = settings.torchVersion ?? releases.at(-1) ?? ''
    return {
      parser,
      isExcluded,
      configuration: file ? host.uriOf(file.path) : null,
      torch:
        torchOrigin === undefined || torchOrigin === editor
          ? { version, from: torchOrigin === editor ? 'setting' : 'release', file: null }
          : { version, from: 'file', file: host.uriOf(torchOrigin) },
    }
  }
  connection.onRequest('torchlint/status', async ({ uri }: { readonly uri: unknown }): Promise<Status | null> => {
    isAsked = true
    if (typeof uri !== 'string') return null
    // The settings may be on their way.
    await targets.languageOf(uri)
    return log.guard(null, () => answer(uri))
  })
  targets.onDidChange(() => {
    if (isAsked) connection.sendNotification('torchlint/status/changed').catch(error => log.error(error))
  })
}
