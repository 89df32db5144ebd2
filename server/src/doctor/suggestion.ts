/** What a script could use to need less memory, and the change that it takes. */
import type { Edit, Message } from '../rules/rule.ts'
import type { Model } from '../semantic/model.ts'

export interface Suggestion {
  /** Stays the same when the text moves, so that it can be asked for by name. */
  readonly id: string
  readonly title: Message
  readonly saves: Message
  readonly costs: Message
  /** What holds for this script in particular, and what cannot be seen in it. */
  readonly notes: readonly Message[]
  /** The edits that do it, in source order; undefined where they have to be made by hand. */
  readonly edits?: readonly Edit[]
  /** Python to write by hand, in the script's own names. */
  readonly code?: string
  /** Of no use on the GPU of a Mac. */
  readonly needsCuda?: boolean
}

/** What a suggestion looks at. */
export interface Case {
  readonly model: Model
  readonly torchVersion: string | undefined
  /** The name of the script's file: `train.py`. */
  readonly file: string
}
