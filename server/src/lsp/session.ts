/** What every request may use, and the one way in which requests about a document are answered. */
import {
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver'
import type { Language } from '../language.ts'
import type { Configuration } from './configuration.ts'
import type { ConfigurationTexts } from './configurationTexts.ts'
import type { Documents, OpenDocument } from './documents.ts'
import type { Log } from './log.ts'
import type { Targets } from './targets.ts'

/** What no capability of the protocol tells: a client says it in its initialization options. */
export interface Abilities {
  /** The client has the command `torchlint.openPage`. */
  readonly opensPages: boolean
  /** Pictures in hovers are drawn; elsewhere characters take their place. */
  readonly showsImages: boolean
  /** After an insertion it can be told to suggest what comes next. */
  readonly suggestsAgain: boolean
  /** It answers requests for files that only it can read. */
  readonly servesFiles: boolean
  /** The commands about the workspace are its own: it needs none of the server's names as commands. */
  readonly hasCommands: boolean
}

/** What every request may use. */
export interface Session extends Abilities {
  readonly connection: Connection
  readonly client: ClientCapabilities
  readonly documents: Documents
  readonly configurations: ConfigurationTexts
  readonly configuration: Configuration
  readonly targets: Targets
  readonly log: Log
}

interface DocumentRequest<Answer, Data> {
  readonly uri: string
  readonly token: CancellationToken
  /** The answer for a document that is not open, and for one where the handler failed. */
  readonly empty: Answer
  /** What a client hears whose document moved on while the request waited. */
  readonly outdated: () => ResponseError<Data>
  readonly answer: (document: OpenDocument, language: Language) => Answer
}

/** Answers from the current version of a document; a request that was cancelled or overtaken is dropped. */
export async function respond<Answer, Data = void>(
  session: Session,
  request: DocumentRequest<Answer, Data>,
): Promise<Answer | ResponseError<Data>> {
  const document = session.documents.get(request.uri)
  if (!document) return request.empty
  const language = await session.targets.languageOf(document.file)
  if (request.token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled')
  const current = session.documents.get(request.uri)
  if (!current || !isSameVersion(current, document)) return request.outdated()
  return session.log.guard(request.empty, () => request.answer(current, language))
}

/** Other settings or other files give a document another analysis, which overtakes nobody. */
function isSameVersion(one: OpenDocument, other: OpenDocument): boolean {
  return one.text === other.text && one.version === other.version
}

/** For requests that the client sends again by itself when the user asks again. */
export function contentModified(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed')
}
