import type { Finding } from '../lint.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

/** What each portrait is drawn from. */
export interface Setting {
  readonly model: Model
  readonly findings: readonly Finding[]
  /** Pictures are shown; else characters take their place. */
  readonly images: boolean
  /** From 1. */
  line(node: ast.Node): number
}
