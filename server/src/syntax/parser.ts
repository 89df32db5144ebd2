import { Language, type Tree, Parser as TreeSitter } from 'web-tree-sitter'
import { adopt } from './adopt.ts'
import type { Comment, Module, Statement } from './ast.ts'
import { Concrete, type Grammar as ConcreteGrammar, type Isolate, readGrammar } from './concrete.ts'
import { annotations } from './lower/annotation.ts'
import { compoundStatements } from './lower/compound.ts'
import { lowerStatement } from './lower/dispatch.ts'
import { displays } from './lower/display.ts'
import { definitions, lambdas } from './lower/function.ts'
import { imports } from './lower/import.ts'
import { literals } from './lower/literal.ts'
import { matchStatements } from './lower/match.ts'
import { operators } from './lower/operator.ts'
import { primaries } from './lower/primary.ts'
import { simpleStatements } from './lower/simple.ts'
import { lowerAs } from './lower/with.ts'

/** The bytes of the two WebAssembly modules. Each host knows where its own lie. */
export interface Grammar {
  /** web-tree-sitter.wasm */
  readonly runtime: Uint8Array
  /** tree-sitter-python.wasm */
  readonly python: Uint8Array
}

/** Replaces the characters `start` to `end` (UTF-16 offsets in the text before the change) by `text`. */
export interface TextChange {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** One open document: text, tree and their history. */
export interface Source {
  /** The tree of the current text. */
  readonly module: Module
  /** Applies changes one after the other (each in the text that the one before left) and parses again, reusing what did not change. */
  change(changes: readonly TextChange[]): Module
  /** Frees the parser's memory. The module handed out stays usable. */
  dispose(): void
}

export interface Parser {
  /** Never throws on bad code: what cannot be parsed becomes error nodes. The caller limits the size of the text. */
  open(text: string): Source
}

export async function createParser(grammar: Grammar): Promise<Parser> {
  await TreeSitter.init({ wasmBinary: grammar.runtime } as never)
  const language = await Language.load(grammar.python)
  const treeSitter = new TreeSitter()
  treeSitter.setLanguage(language)
  const expressions = {
    ...primaries,
    ...operators,
    ...displays,
    ...literals,
    ...lambdas,
    ...annotations,
    as_pattern: lowerAs,
  }
  const statements = { ...simpleStatements, ...imports, ...compoundStatements, ...matchStatements, ...definitions }
  const shape = readGrammar(language, expressions, statements)

  function parse(text: string): Tree {
    const tree = treeSitter.parse(text)
    if (!tree) throw new Error('No language')
    return tree
  }

  function module(text: string): Module {
    const tree = parse(text)
    const lowered = lowerModule(shape, text, tree, isolated)
    tree.delete()
    return lowered
  }

  function isolated(text: string, disguised: string, offset: number): Concrete {
    const tree = parse(disguised)
    const concrete = new Concrete(shape, text, isolated)
    const cursor = tree.walk()
    if (cursor.gotoFirstChild()) {
      do concrete.read(cursor, tree.rootNode.hasError, offset)
      while (cursor.gotoNextSibling())
    }
    cursor.delete()
    tree.delete()
    return concrete
  }

  return {
    open(text) {
      let current = module(text)
      return {
        get module() {
          return current
        },
        change(changes) {
          let next = current.text
          for (const change of changes) next = next.slice(0, change.start) + change.text + next.slice(change.end)
          current = module(next)
          return current
        },
        dispose() {},
      }
    },
  }
}

function lowerModule(grammar: ConcreteGrammar, text: string, tree: Tree, isolated: Isolate): Module {
  const body: Statement[] = []
  const comments: Comment[] = []
  const cursor = tree.walk()
  const hasError = tree.rootNode.hasError
  if (cursor.gotoFirstChild()) {
    do {
      const concrete = new Concrete(grammar, text, isolated)
      concrete.read(cursor, hasError)
      comments.push(...concrete.comments)
      if (concrete.types.length === 0 || concrete.type(0) === ';') continue
      const statement = lowerStatement(concrete, 0)
      adopt(statement)
      body.push(statement)
    } while (cursor.gotoNextSibling())
  }
  cursor.delete()
  return { kind: 'Module', text, body, comments }
}
