/**
 * The analysis of GradScaler's protocol against an interpreter of GradScaler's states, on random training scripts: it
 * reports nothing that no run does, and it finds the first mistake of every run. `AMP_PROGRAMS=20000` tries more.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lineAt, lineStarts } from '../../server/src/syntax/lines.ts'
import { ampRules } from '../../server/src/torch/amp/protocol.ts'
import { ampUnexplored, ampViolations } from '../../server/src/torch/amp.ts'
import { modelOf } from '../support/model.ts'
import { type Mistake, type Runs, run, TooManyRuns } from './interpreter.ts'
import { type Optimizer, type Program, type Statement, type Test, type Written, write } from './program.ts'

const count = Number(process.env.AMP_PROGRAMS ?? 2000)

test(`${count} random training scripts`, () => {
  fc.assert(fc.property(programs(), check), { seed: 20, numRuns: count })
})

function check(program: Program): void {
  // Where nobody makes the trainer, nothing ties the flag to the scaler.
  fc.pre(program.style !== 'unmade' || program.scaler.kind !== 'optional')
  const written = write(program)
  // A script that scales, unscales and steps nothing through a scaler has none, as far as anybody can tell.
  fc.pre(/\.scale\(|unscale_\(|scaler(_\d)?\.step\(/.test(written.text))
  // A flag named like a mode is taken for the scaler's own; another flag that enables it is another case.
  fc.pre(program.names.a !== 'use_amp' || program.scaler.kind === 'on' || program.scaler.flag === 'a')
  const runs = runsOf(program)
  fc.pre(runs !== undefined)
  const { mistakes, reached } = runs
  // Nor is an optimizer known that nothing uses and nobody is seen to make: its model's losses pass for the other's.
  const used = new Set([...reached].map(each => usedBy(each)))
  fc.pre(program.style !== 'unmade' || program.optimizers === 1 || (used.has(0) && used.has(1)))
  const model = modelOf(written.text)
  const starts = lineStarts(written.text)
  const found = ampRules.flatMap(rule =>
    ampViolations(model, rule).map(({ call }) => `${rule} ${lineAt(starts, call.start) + 1}`),
  )
  assert.deepEqual(ampUnexplored(model), [])
  const possible = new Set(mistakes.flatMap(each => namesOf(each, written)))
  // A function that nothing reaches is analysed for whoever may call it.
  const dead = new Set([...written.lines].flatMap(([statement, line]) => (reached.has(statement) ? [] : [line])))
  const invented = found.filter(each => !possible.has(each) && !dead.has(Number(each.split(' ')[1])))
  const missed = mistakes.filter(each => each.certain && !namesOf(each, written).some(name => found.includes(name)))
  const isMade = program.style !== 'unmade'
  const problems = [
    ...invented.map(each => `no run does this: ${each}`),
    ...(isMade ? missed.map(each => `a run does this: ${namesOf(each, written).join(' or ')}`) : []),
  ]
  assert(problems.length === 0, `${problems.join('\n')}\n${numbered(written.text)}`)
}

function usedBy(statement: Statement): Optimizer | undefined {
  const { kind } = statement
  return kind === 'step' || kind === 'unscale' || kind === 'direct' ? statement.optimizer : undefined
}

function runsOf(program: Program): Runs | undefined {
  try {
    return run(program)
  } catch (error) {
    if (error instanceof TooManyRuns) return undefined
    throw error
  }
}

const namesOf = ({ rules, at }: Mistake, { lines }: Written): readonly string[] =>
  rules.flatMap(rule => at.map(statement => `${rule} ${lines.get(statement)}`))

function programs(): fc.Arbitrary<Program> {
  const flag = fc.constantFrom('a' as const, 'b' as const)
  const scaler = fc.oneof(
    fc.constant({ kind: 'on' } as const),
    fc.record({ kind: fc.constantFrom('enabled' as const, 'optional' as const), flag }),
  )
  const names = fc.constantFrom({ a: 'flag_a', b: 'flag_b' }, { a: 'use_amp', b: 'flag_b' })
  const style = fc.constantFrom('function' as const, 'class' as const, 'unmade' as const)
  const sized = fc
    .constantFrom(1 as const, 2 as const)
    .chain(optimizers =>
      fc.record({ optimizers: fc.constant(optimizers), style, scaler, names, body: bodies(optimizers) }),
    )
  return sized
}

/** Mostly whole training steps with something changed, so that mistakes stand out from noise. */
function bodies(optimizers: 1 | 2): fc.Arbitrary<readonly Statement[]> {
  const optimizer: fc.Arbitrary<Optimizer> = optimizers === 2 ? fc.constantFrom(0, 1) : fc.constant(0)
  const loss = optimizers === 2 ? fc.constantFrom<Optimizer | undefined>(0, 1, undefined) : fc.constant<Optimizer>(0)
  const event = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('backward' as const), optimizer: loss, scaled: fc.boolean() }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constantFrom('unscale' as const, 'step' as const, 'step' as const, 'clip' as const, 'zero' as const),
        optimizer,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('direct' as const), optimizer }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'update' } as const).map(each => ({ ...each })) },
  )
  const condition: fc.Arbitrary<Test> = fc.oneof(
    fc.record({
      kind: fc.constant('flag' as const),
      flag: fc.constantFrom('a' as const, 'b' as const),
      negated: fc.boolean(),
    }),
    fc.constantFrom<Test>({ kind: 'window' }, { kind: 'good' }, { kind: 'scaler' }),
  )
  const { statements } = fc.letrec<{ statement: Statement; statements: readonly Statement[] }>(tie => ({
    statement: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 6, arbitrary: event },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('if' as const),
          test: condition,
          body: tie('statements'),
          orelse: fc.oneof(fc.constant([]), tie('statements')),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('helper' as const), nested: fc.boolean(), body: tie('statements') }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('loop' as const), body: tie('statements') }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'continue' } as const).map(each => ({ ...each })) },
    ),
    statements: fc.array(tie('statement'), { minLength: 1, maxLength: 5 }),
  }))
  return statements
}

function numbered(text: string): string {
  const lines = text.split('\n')
  return lines.map((line, index) => `${String(index + 1).padStart(4)} ${line}`).join('\n')
}
