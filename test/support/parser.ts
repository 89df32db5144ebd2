import { readFileSync } from 'node:fs'
import { createParser, type Grammar } from '../../server/src/syntax/parser.ts'

const modules = new URL('../../node_modules/', import.meta.url)

export const grammar: Grammar = {
  runtime: readFileSync(new URL('web-tree-sitter/web-tree-sitter.wasm', modules)),
  python: readFileSync(new URL('tree-sitter-python/tree-sitter-python.wasm', modules)),
}

/** The parser of the product, for any test. */
export const parser = await createParser(grammar)
