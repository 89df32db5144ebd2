/**
 * Runs the cases of the Markdown files beside it. Each heading above a `python` block is a case of its own; the prose
 * says what it shows. A comment asks the model something about an expression of its line, or of the next line if it
 * stands alone:
 *
 *     scaler.step(optimizer)  # reveal: scaler → new torch.amp.GradScaler (line 3)
 *     # reveal: place(opt) → variable opt; callee(opt.step()) → torch.optim.SGD.step
 *
 * A block `python engine.py` is a file beside the script `main.py`, which comes last.
 *
 * Without a question it asks for the values. An expression that occurs more than once on the line is its last one.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { createModel } from '../../server/src/semantic/create.ts'
import type { Model } from '../../server/src/semantic/model.ts'
import type * as ast from '../../server/src/syntax/ast.ts'
import { lineAt, lineStarts } from '../../server/src/syntax/lines.ts'
import { createWorkspaceFiles } from '../../server/src/workspace.ts'
import { parser } from '../support/parser.ts'
import { answer } from './answer.ts'
import { library } from './library.ts'

interface Question {
  /** From 0, in the code. */
  readonly line: number
  readonly text: string
  readonly expected: string
}

const folder = new URL('.', import.meta.url)
for (const file of readdirSync(folder).filter(name => name.endsWith('.md')))
  describe(file, () => {
    for (const { title, code, files } of readCases(readFileSync(new URL(file, folder), 'utf8')))
      test(title, () => checkCase(code, files))
  })

interface Case {
  readonly title: string
  readonly code: string
  readonly files: ReadonlyMap<string, string>
}

function readCases(markdown: string): readonly Case[] {
  const cases: Case[] = []
  let title = ''
  let files = new Map<string, string>()
  for (const node of fromMarkdown(markdown).children) {
    if (node.type === 'heading')
      title = markdown.slice(node.position?.start.offset, node.position?.end.offset).replace(/^#+\s*/, '')
    if (node.type !== 'code' || node.lang !== 'python') continue
    if (node.meta) files.set(`/project/${node.meta}`, node.value)
    else {
      cases.push({ title, code: node.value, files })
      files = new Map()
    }
  }
  return cases
}

function checkCase(code: string, files: ReadonlyMap<string, string>): void {
  const workspace = createWorkspaceFiles(parser, { read: path => files.get(path), rootOf: () => '/project' })
  const { module } = parser.open(code)
  const model = createModel(module, library, workspace.importedBy('/project/main.py', module))
  const questions = readQuestions(code)
  assert.ok(questions.length > 0, 'the case asks nothing')
  const answers = questions.map(question => describeAnswer(model, question))
  assert.deepEqual(
    answers,
    questions.map(({ line, text, expected }) => `line ${line + 1}: ${text} → ${expected}`),
  )
}

function readQuestions(code: string): readonly Question[] {
  const lines = code.split('\n')
  return lines.flatMap((line, index) => {
    const marker = /^(.*)# reveal: (.+)$/.exec(line)
    if (!marker) return []
    const [, before = '', questions = ''] = marker
    let asked = index
    if (before.trim() === '') while (/^\s*# reveal: /.test(lines[asked] ?? '')) asked++
    return questions.split(';').map(question => {
      const [text = '', expected = ''] = question.split('→')
      return { line: asked, text: text.trim(), expected: expected.trim() }
    })
  })
}

function describeAnswer(model: Model, { line, text }: Question): string {
  const [, question = 'values', content = text] =
    /^(name|place|callee|constant|isInstance|argument|sites|scope|loops|contexts|calls|nodes)\((.*)\)$/s.exec(text) ??
    []
  const [subject = '', ...parameters] = question === 'values' ? [content] : splitParameters(content, question)
  const node = findExpression(model, line, subject)
  const actual = node ? answer(model, question, node, parameters) : 'no such expression on the line'
  return `line ${line + 1}: ${text} → ${actual}`
}

/** Only these questions have parameters, which are the words behind the last commas. */
function splitParameters(content: string, question: string): readonly string[] {
  const counts: Record<string, number> = { isInstance: 1, argument: 2, calls: 1, nodes: 1 }
  const parts = content.split(', ')
  const count = counts[question] ?? 0
  if (count === 0) return [content]
  return [parts.slice(0, -count).join(', '), ...parts.slice(-count)]
}

function findExpression(model: Model, line: number, text: string): ast.Node | undefined {
  const starts = lineStarts(model.text)
  const isOnLine = (offset: number): boolean => lineAt(starts, offset) === line
  const defined = model.nodes('FunctionDef').find(node => node.name === text && isOnLine(node.nameStart))
  const found = kinds.flatMap((kind): readonly ast.Node[] =>
    model.nodes(kind).filter(node => isOnLine(node.start) && model.text.slice(node.start, node.end) === text),
  )
  return defined ?? found.sort((a, b) => a.start - b.start).at(-1)
}

const kinds = [
  'Name',
  'Attribute',
  'Call',
  'Subscript',
  'Constant',
  'BinOp',
  'UnaryOp',
  'BoolOp',
  'Compare',
  'IfExp',
  'NamedExpr',
  'Await',
  'List',
  'Tuple',
  'Dict',
  'Set',
  'Lambda',
  'ListComp',
  'GeneratorExp',
] as const
