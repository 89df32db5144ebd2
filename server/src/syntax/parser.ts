/**
 * How a text becomes a tree: a disguise of it (disguise.ts), which tree-sitter can read, is parsed (python.ts); each child
 * of tree-sitter's root is copied into columns (concrete.ts), checked (unsound.ts), lowered into our nodes (lower/) and
 * tied together (adopt.ts). After an edit, a child that is as it was keeps its nodes (pieces.ts, reuse.ts).
 */
import type { Module } from './ast.ts'
import { loadPython } from './python.ts'
import { openSource } from './source.ts'

/**
 * `patience`: how many milliseconds a text may take to parse. Code of any size takes a fraction of a second; what takes
 * longer is no code, and becomes one error.
 */
export async function createParser(grammar: Grammar, patience = 5000): Promise<Parser> {
  const python = await loadPython(grammar.runtime, grammar.python, patience)
  return { name: python.name, open: text => openSource(python, text) }
}

/** The bytes of the two WebAssembly modules. Each host knows where its own lie. */
export interface Grammar {
  /** web-tree-sitter.wasm */
  readonly runtime: Uint8Array
  /** tree-sitter-python.wasm */
  readonly python: Uint8Array
}

export interface Parser {
  /** With its version, as users report it. */
  readonly name: string
  /** Never throws on bad code: what cannot be parsed becomes error nodes. The caller limits the size of the text. */
  open(text: string): Source
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

/** Replaces the characters `start` to `end` (UTF-16 offsets in the text before the change) by `text`. */
export interface TextChange {
  readonly start: number
  readonly end: number
  readonly text: string
}
