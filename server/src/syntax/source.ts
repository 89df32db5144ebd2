import { Edit, type Point, type Tree } from 'web-tree-sitter'
import type { Module } from './ast.ts'
import { disguise, disguiseErrors } from './disguise.ts'
import { base } from './node.ts'
import type { Source } from './parser.ts'
import { type Piece, readPieces } from './pieces.ts'
import type { Python } from './python.ts'
import { reusePieces } from './reuse.ts'
import { type Unchanged, unchanged } from './unchanged.ts'

export function openSource(python: Python, initial: string): Source {
  let version = parse(python, initial, undefined)
  return {
    get module() {
      return version.module
    },
    change(changes) {
      const previous = version
      let { text } = previous
      for (const { start, end, text: inserted } of changes) text = text.slice(0, start) + inserted + text.slice(end)
      version = parse(python, text, previous)
      previous.tree?.delete()
      return version.module
    },
    dispose() {
      version.tree?.delete()
    },
  }
}

/** One state of a document. */
interface Version {
  readonly text: string
  readonly disguised: string
  readonly tree: Tree | undefined
  readonly pieces: readonly Piece[]
  readonly module: Module
}

function parse(python: Python, text: string, previous: Version | undefined): Version {
  const disguised = disguise(text)
  const tree = python.parse(disguised, previous && editedTree(previous, disguised))
  if (!tree?.rootNode.hasError) return lower(python, { text, disguised, tree }, previous)
  // How tree-sitter recovers from an error depends on what it reuses, and the result must not: it reads the text anew.
  tree.delete()
  const mended = disguiseErrors(disguised)
  return lower(python, { text, disguised: mended, tree: python.parse(mended) }, previous)
}

/** The previous tree, told what changed. */
function editedTree({ tree, disguised: before }: Version, after: string): Tree | undefined {
  if (!tree) return undefined
  const { prefix, suffix } = unchanged(before, after)
  const oldEnd = before.length - suffix
  const newEnd = after.length - suffix
  tree.edit(
    new Edit({
      startIndex: prefix,
      oldEndIndex: oldEnd,
      newEndIndex: newEnd,
      startPosition: pointAt(before, prefix),
      oldEndPosition: pointAt(before, oldEnd),
      newEndPosition: pointAt(after, newEnd),
    }),
  )
  return tree
}

function pointAt(text: string, offset: number): Point {
  let row = 0
  let lineStart = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', lineStart)) {
    row++
    lineStart = at + 1
  }
  return { row, column: offset - lineStart }
}

type Parsed = Pick<Version, 'text' | 'disguised' | 'tree'>

function lower(python: Python, parsed: Parsed, previous: Version | undefined): Version {
  const { text, tree } = parsed
  if (!tree) return { ...parsed, pieces: [], module: unread(text) }
  const reuse = previous
    ? reusePieces(previous.pieces, unchangedInBoth(previous, parsed), previous.text.length, text.length)
    : () => undefined
  const pieces = readPieces(python, text, tree, reuse)
  const body = pieces.flatMap(piece => piece.statement ?? [])
  const comments = pieces.flatMap(piece => piece.comments)
  return { ...parsed, pieces, module: { kind: 'Module', start: 0, text, body, comments } }
}

function unread(text: string): Module {
  const body = [{ ...base('ErrorStatement', 0, text.length), broken: true }]
  return { kind: 'Module', start: 0, text, body, comments: [] }
}

/** Different characters may have the same disguise. */
function unchangedInBoth(before: Parsed, after: Parsed): Unchanged {
  const text = unchanged(before.text, after.text)
  if (before.disguised === before.text && after.disguised === after.text) return text
  const disguised = unchanged(before.disguised, after.disguised)
  return { prefix: Math.min(text.prefix, disguised.prefix), suffix: Math.min(text.suffix, disguised.suffix) }
}
