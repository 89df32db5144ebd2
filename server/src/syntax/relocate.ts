import type { Module } from './ast.ts'
import { shift } from './node.ts'
import { walk } from './walk.ts'

/**
 * Moves a module to positions of its own. Where several files are read together, the position of a node tells which file
 * it stands in, as in a set of files of a compiler. The nodes themselves are moved: nobody else may hold them.
 */
export function relocate(module: Module, start: number): Module {
  const distance = start - module.start
  for (const statement of module.body) walk(statement, node => shift(node, distance))
  const comments = module.comments.map(each => ({ start: each.start + distance, end: each.end + distance }))
  return { ...module, start, comments }
}
