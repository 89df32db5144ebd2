import type { Language } from 'web-tree-sitter'
import type { Expression, Statement } from './ast.ts'
import type { Lower } from './concrete.ts'

/** What tree-sitter's numbers mean. */
export interface Grammar {
  readonly names: readonly string[]
  readonly shapes: readonly Shape[]
  readonly expressions: readonly (Lower<Expression> | undefined)[]
  readonly statements: readonly (Lower<Statement> | undefined)[]
}

/** `leaf`: what it contains is of no interest. `token`: a leaf as long as its name. */
export type Shape = 'inner' | 'leaf' | 'token' | 'comment' | 'nothing'

/** The number of `ERROR`, which no grammar lists. */
export const errorType = 0xffff

export function readGrammar(
  language: Language,
  expressions: Readonly<Record<string, Lower<Expression>>>,
  statements: Readonly<Record<string, Lower<Statement>>>,
): Grammar {
  const names = Array.from({ length: language.nodeTypeCount }, (_, type) => language.nodeTypeForId(type) ?? '')
  const byType = <T>(table: Readonly<Record<string, T>>) =>
    names.map((name, type) => (language.nodeTypeIsNamed(type) && Object.hasOwn(table, name) ? table[name] : undefined))
  return {
    names,
    shapes: names.map((name, type) => shapes[name] ?? (language.nodeTypeIsNamed(type) ? 'inner' : 'token')),
    expressions: byType(expressions),
    statements: byType(statements),
  }
}

const shapes: Readonly<Record<string, Shape>> = {
  comment: 'comment',
  line_continuation: 'nothing',
  identifier: 'leaf',
  integer: 'leaf',
  float: 'leaf',
  true: 'leaf',
  false: 'leaf',
  none: 'leaf',
  ellipsis: 'leaf',
  string_start: 'leaf',
  string_content: 'leaf',
  string_end: 'leaf',
  type_conversion: 'leaf',
  import_prefix: 'leaf',
  'not in': 'leaf',
  'is not': 'leaf',
}
