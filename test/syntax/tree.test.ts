/** What holds for every tree, whatever its text. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Module, Node } from '../../server/src/syntax/ast.ts'
import { children, walk } from '../../server/src/syntax/walk.ts'
import { parser } from '../support/parser.ts'
import { isNode } from './dump.ts'

const files = globSync('constructs/*.py', { cwd: import.meta.dirname })
const constructs = files.map(file => readFileSync(join(import.meta.dirname, file), 'utf8'))

test('the trees of all constructs are sound', () => {
  for (const text of constructs) checkTree(parser.open(text).module)
})

test('the trees of torn code are sound', () => {
  const lines = fc.shuffledSubarray(constructs.join('\n').split('\n'), { maxLength: 30 })
  const cut = fc.tuple(lines, fc.nat(500), fc.nat(20)).map(([parts, start, length]) => {
    const text = parts.join('\n')
    return text.slice(0, start) + text.slice(start + length)
  })
  fc.assert(
    fc.property(cut, text => checkTree(parser.open(text).module)),
    { seed: 1, numRuns: 300 },
  )
})

function checkTree(module: Module): void {
  let end = 0
  for (const statement of module.body) {
    assert.equal(statement.parent, undefined)
    assert.ok(statement.start >= end && statement.end <= module.text.length)
    end = statement.end
    walk(statement, node => {
      checkNode(node)
      return true
    })
  }
}

/** Children are the nodes in the fields, lie inside their parent one behind the other, and know it. */
function checkNode(node: Node): void {
  const where = `${node.kind} ${node.start}-${node.end}`
  const fields = Object.entries(node).filter(([name]) => name !== 'parent' && name !== 'children')
  const inFields = fields.flatMap(([, value]) => (Array.isArray(value) ? value : [value])).filter(isNode)
  assert.equal(children(node).length, inFields.length, where)
  assert.ok(
    inFields.every(field => children(node).includes(field)),
    where,
  )
  let end = node.start
  for (const child of children(node)) {
    assert.equal(child.parent, node, where)
    assert.ok(child.start >= end && child.end <= node.end, `${where} has ${child.kind} ${child.start}-${child.end}`)
    if (isBroken(child) && 'broken' in node) assert.ok(node.broken, where)
    end = child.end
  }
}

function isBroken(node: Node): boolean {
  return node.kind === 'ErrorExpression' || ('broken' in node && node.broken)
}

test('a visitor may leave out what is inside a node', () => {
  const [statement] = parser.open('f(a.b, lambda: c)').module.body
  const seen: string[] = []
  if (statement)
    walk(statement, node => seen.push(node.kind) > 0 && node.kind !== 'Attribute' && node.kind !== 'Lambda')
  assert.deepEqual(seen, ['Expr', 'Call', 'Name', 'Attribute', 'Lambda'])
})
