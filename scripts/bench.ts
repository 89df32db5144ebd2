/**
 * `npm run bench`: how long TorchLint takes, as medians in milliseconds. Each measure is that of a user: a file that was
 * never seen (cold), a letter typed into an open one, the command from start to exit. `parse` is tree-sitter alone.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Language, Parser } from 'web-tree-sitter'
import { type Analyzer, createAnalyzer, type Document, type Grammar } from '../server/src/analysis.ts'
import { createModel } from '../server/src/semantic/create.ts'
import type { Model } from '../server/src/semantic/model.ts'
import { createParser } from '../server/src/syntax/parser.ts'
import { ampUnexplored } from '../server/src/torch/amp.ts'
import { gradientViolations } from '../server/src/torch/gradients.ts'
import { knowledge } from '../server/src/torch/knowledge.ts'
import { unrestoredModes } from '../server/src/torch/unrestoredModes.ts'
import { treeReport } from './bench-tree.ts'
import { sampleScript } from './sample-script.ts'

const root = join(import.meta.dirname, '..')
const grammar: Grammar = {
  runtime: readFileSync(join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
  python: readFileSync(join(root, 'node_modules/tree-sitter-python/tree-sitter-python.wasm')),
}
const settings = {}

const analyzer = await createAnalyzer(grammar)
const parsers = { concrete: await concreteParser(), typed: await createParser(grammar) }

const rows = [200, 1000, 5000].map(size => {
  const text = sampleScript(size)
  const parse = median(repeat(25, () => parseOnly(text)))
  const open = median(repeat(25, () => parsers.typed.open(text).dispose()))
  const cold = median(repeat(25, () => analyzeOnce(analyzer, text)))
  const keystrokes = typing(analyzer, text, 100)
  return {
    lines: text.split('\n').length - 1,
    parse,
    lower: open - parse,
    analyse: cold - open,
    cold,
    'per 1,000 lines': (cold / text.split('\n').length) * 1000,
    'analyse / parse': (cold - open) / parse,
    'keystroke median': median(keystrokes),
    'keystroke p95': quantile(keystrokes, 0.95),
    'hover p95': quantile(hovering(analyzer, text), 0.95),
  }
})

const columns = Object.keys(rows[0] ?? {})
print([columns, ...rows.map(row => Object.entries(row).map(([name, value]) => format(name, value)))])
console.log(`\n${pathCosts().join('\n')}`)
console.log(commandLine())
const tree = process.env.TORCHLINT_BENCH_TREE
if (tree) for (const line of await treeReport(tree)) console.log(line)

/** What follows paths, in a script and in scripts two and four times as long: the cost per line must not grow. */
function pathCosts(): readonly string[] {
  const followers: Readonly<Record<string, (model: Model) => unknown>> = {
    "GradScaler's protocol": ampUnexplored,
    'Gradients and graphs': model => gradientViolations(model, 'loop/graph-freed'),
    'Modes of models': unrestoredModes,
  }
  return Object.entries(followers).map(([name, follow]) => {
    const costs = [1000, 2000, 4000].map(size => {
      const text = sampleScript(size)
      const lines = text.split('\n').length - 1
      const source = parsers.typed.open(text)
      const cost = median(repeat(9, () => void follow(createModel(source.module, knowledge))))
      source.dispose()
      return `${lines} lines ${cost.toFixed(1)} (${((cost / lines) * 1000).toFixed(1)} per 1,000)`
    })
    return `${name} alone: ${costs.join(', ')}`
  })
}

/** A document that nobody has seen, in a process that is warm, as an editor's server is. */
function analyzeOnce(from: Analyzer, text: string): void {
  const document = from.open(text)
  document.analyze(settings)
  document.dispose()
}

/** Rests on every fifth word of an analysed document, pictures included. */
function hovering(from: Analyzer, text: string): readonly number[] {
  const document = from.open(text)
  const analysis = document.analyze(settings)
  const words = [...text.matchAll(/\b[A-Za-z_]\w*/g)].filter((_, index) => index % 5 === 0)
  const times = words.map(({ index }) => time(() => void analysis.hover(index, true)))
  document.dispose()
  return times
}

/** Types and deletes letters in the middle of a training step, each followed by an analysis. */
function typing(from: Analyzer, text: string, letters: number): readonly number[] {
  const document = from.open(text)
  document.analyze(settings)
  const steps = [...text.matchAll(/scaler\.step\(/g)]
  const offset = steps[steps.length >> 1]?.index ?? 0
  const times = [...keystrokes(document, offset, letters)].slice(letters >> 1)
  document.dispose()
  return times
}

function* keystrokes(document: Document, offset: number, letters: number): Generator<number> {
  for (let letter = 0; letter < letters; letter++) {
    const change =
      letter % 2 === 0 ? { start: offset, end: offset, text: 'x' } : { start: offset, end: offset + 1, text: '' }
    yield time(() => {
      document.change([change])
      document.analyze(settings)
    })
  }
}

async function concreteParser(): Promise<Parser> {
  await Parser.init({ wasmBinary: grammar.runtime })
  const parser = new Parser()
  parser.setLanguage(await Language.load(grammar.python))
  return parser
}

function parseOnly(text: string): void {
  parsers.concrete.parse(text)?.delete()
}

/** `torchlint check` of one small file, from the start of the process to its end. */
function commandLine(): string {
  const command = join(root, 'server/dist/cli.js')
  if (!existsSync(command)) return 'torchlint check: not built, run `npm run build` first'
  const directory = mkdtempSync(join(tmpdir(), 'torchlint-bench-'))
  const file = join(directory, 'train.py')
  writeFileSync(file, sampleScript(200))
  const run = (...args: string[]) => void spawnSync(process.execPath, args)
  const check = median(repeat(9, () => run(command, 'check', file)))
  const nothing = median(repeat(9, () => run('-e', '0')))
  rmSync(directory, { recursive: true })
  return `torchlint check of 200 lines: ${check.toFixed(0)} (of which Node itself: ${nothing.toFixed(0)})`
}

function repeat(times: number, task: () => void): readonly number[] {
  for (let warmUp = 0; warmUp < 5; warmUp++) task()
  return Array.from({ length: times }, () => time(task))
}

function time(task: () => void): number {
  const start = performance.now()
  task()
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function format(name: string, value: number): string {
  return name === 'lines' ? String(value) : value.toFixed(1)
}

function print(table: readonly (readonly string[])[]): void {
  const widths = columns.map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0)))
  for (const row of table) console.log(row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('   '))
}
