import { Language, type Tree, Parser as TreeSitter } from 'web-tree-sitter'
import type { Statement } from './ast.ts'
import { Concrete, type Isolate, type Lower } from './concrete.ts'
import { type Grammar, readGrammar } from './grammar.ts'
import { annotations } from './lower/annotation.ts'
import { asPatterns } from './lower/as.ts'
import { compoundStatements } from './lower/compound.ts'
import { displays } from './lower/display.ts'
import { definitions, lambdas } from './lower/function.ts'
import { imports } from './lower/import.ts'
import { literals } from './lower/literal.ts'
import { matchStatements } from './lower/match.ts'
import { operators } from './lower/operator.ts'
import { primaries } from './lower/primary.ts'
import { simpleStatements } from './lower/simple.ts'
import { stars } from './lower/star.ts'
import { withStatements } from './lower/with.ts'

/** tree-sitter with Python's grammar. */
export interface Python {
  /** And its version: `tree-sitter-python 0.25.0`. */
  readonly name: string
  readonly grammar: Grammar
  /**
   * `previous` is the tree of an older text, edited to fit this one. Whoever asks for a tree deletes it. There is none
   * if nobody would wait for it.
   */
  parse(text: string, previous?: Tree): Tree | undefined
  readonly isolate: Isolate
}

export async function loadPython(runtime: Uint8Array, python: Uint8Array, patience: number): Promise<Python> {
  await TreeSitter.init({ wasmBinary: runtime })
  const language = await Language.load(python)
  const parser = new TreeSitter()
  parser.setLanguage(language)
  const grammar = readGrammar(language, expressions, statements)

  function parse(text: string, previous?: Tree): Tree | undefined {
    const deadline = performance.now() + patience
    const tree = parser.parse(text, previous, { progressCallback: () => performance.now() > deadline })
    if (!tree) parser.reset()
    return tree ?? undefined
  }

  function isolate(text: string, disguised: string, offset: number): Concrete {
    const concrete = new Concrete(grammar, text, isolate)
    const tree = parse(disguised)
    const cursor = tree?.walk()
    if (tree && cursor?.gotoFirstChild()) {
      do concrete.read(cursor, tree.rootNode.hasError, offset)
      while (cursor.gotoNextSibling())
    }
    cursor?.delete()
    tree?.delete()
    return concrete
  }

  const { metadata } = language
  const version = metadata ? ` ${metadata.major_version}.${metadata.minor_version}.${metadata.patch_version}` : ''
  return { name: `tree-sitter-python${version}`, grammar, parse, isolate }
}

const expressions = {
  ...primaries,
  ...operators,
  ...displays,
  ...stars,
  ...literals,
  ...lambdas,
  ...annotations,
  ...asPatterns,
}

const statements = {
  ...whole({ ...simpleStatements, ...imports }),
  ...compoundStatements,
  ...withStatements,
  ...matchStatements,
  ...definitions,
}

/** A simple statement that an error tears apart is no statement at all. */
function whole(table: Readonly<Record<string, Lower<Statement>>>): Record<string, Lower<Statement>> {
  const entries = Object.entries(table).map(([type, lower]): [string, Lower<Statement>] => [
    type,
    (concrete, node) => (concrete.isTorn(node) ? concrete.errorStatement(node) : lower(concrete, node)),
  ])
  return Object.fromEntries(entries)
}
