/** The training script as plain data. `torchlint inspect --format json` prints this. Lines count from 1. */
export interface ScriptDescription {
  readonly models: readonly { readonly name: string; readonly line: number; readonly class: string | null }[]
  readonly optimizers: readonly OptimizerDescription[]
  readonly scalers: readonly { readonly name: string; readonly line: number | null }[]
  readonly schedulers: readonly {
    readonly name: string
    readonly line: number
    readonly expression: string
    readonly optimizer: string | null
  }[]
  readonly loops: readonly LoopDescription[]
}

export interface OptimizerDescription {
  readonly name: string
  readonly line: number
  readonly class: string
  readonly groups: readonly {
    /** The parameters' expression as written. */
    readonly parameters: string
    readonly lr: number | string | null
    readonly weightDecay: number | string | null
  }[]
}

export interface LoopDescription {
  readonly line: number
  readonly level: 'epoch' | 'batch' | 'other'
  readonly mode: 'training' | 'evaluation' | 'unknown'
  /** In the order in which they run. */
  readonly events: readonly { readonly event: string; readonly line: number; readonly text: string }[]
}
