/** Runs the cases of paths.md: each block asks one question about feasible paths, by marks on its lines. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { createModel } from '../../../server/src/semantic/create.ts'
import type { Model } from '../../../server/src/semantic/model.ts'
import type * as ast from '../../../server/src/syntax/ast.ts'
import { parser } from '../../support/parser.ts'

const markdown = readFileSync(new URL('paths.md', import.meta.url), 'utf8')
let title = ''
for (const node of fromMarkdown(markdown).children) {
  const { start, end } = node.position ?? {}
  if (node.type === 'heading') title = markdown.slice(start?.offset, end?.offset).replace(/^#+\s*/, '')
  if (node.type === 'code') test(title, () => check(node.value))
}

function check(code: string): void {
  const [expected] = /(?<=^# path: )\w+/.exec(code) ?? []
  const source = parser.open(code)
  const model = createModel(source.module)
  source.dispose()
  const [from] = marked(model, 'from')
  assert.ok(from, 'no statement is marked `from`')
  const [to = from] = marked(model, 'to')
  assert.equal(model.path({ from, to, avoiding: marked(model, 'avoiding') }), expected)
}

/** The calls of the statements that end in a mark. */
function marked(model: Model, mark: string): readonly ast.Call[] {
  return model.nodes('Expr').flatMap(({ value, end }) => {
    const [behind] = model.text.slice(end).split('\n', 1)
    return value.kind === 'Call' && behind?.trim() === `# ${mark}` ? [value] : []
  })
}
