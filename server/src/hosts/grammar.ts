/** The parser's WebAssembly modules, which lie beside the bundle, or in node_modules when this runs from source. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Grammar } from '../analysis.ts'

export function readGrammar(): Grammar {
  return {
    runtime: read('web-tree-sitter', 'web-tree-sitter.wasm'),
    python: read('tree-sitter-python', 'tree-sitter-python.wasm'),
  }
}

function read(owner: string, file: string): Uint8Array {
  const beside = fileURLToPath(new URL(file, import.meta.url))
  return readFileSync(existsSync(beside) ? beside : createRequire(import.meta.url).resolve(`${owner}/${file}`))
}
