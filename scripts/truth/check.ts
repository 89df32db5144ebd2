/** Runs the programs of all pages in the installed PyTorch and compares what they do with what the pages claim. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { PageFile } from '../pages.ts'
import { type Claim, claimsOf, holds, type Outcome, type Subject, type Truth } from './claims.ts'

export interface Report {
  /** The version that was asked. */
  readonly torch: string
  /** Of the pages that have programs. */
  readonly pages: readonly PageReport[]
}

export interface PageReport {
  readonly path: string
  readonly programs: number
  readonly claims: number
  /** Why the page could not be checked here. */
  readonly skipped: string | undefined
  /** One sentence each. */
  readonly failures: readonly string[]
}

/** The interpreter that is asked for PyTorch. */
export const python = process.env.PYTHON ?? 'python3'

export function hasTorch(): boolean {
  return spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0
}

export function checkPages(files: readonly PageFile[]): Report {
  const pages = files.map(executable).filter(({ programs }) => programs.length > 0)
  const { torch, outcomes } = run(pages.flatMap(({ programs }) => programs))
  return { torch, pages: pages.map(page => compare(page, outcomes)) }
}

interface Executable {
  readonly path: string
  readonly truth: Truth
  readonly programs: readonly Program[]
}

interface Program {
  readonly id: string
  readonly subject: Subject
  readonly code: string
  readonly after: string
  readonly expressions: readonly string[]
  readonly torch: string | undefined
  readonly cuda: boolean
}

function executable({ path, page }: PageFile): Executable {
  const truth = claimsOf(page, path)
  const { torch, cuda, claims } = truth
  const program = (subject: Subject, code: string, after: string): Program => {
    // A claim about `bad` is asked of `good` too, where it must not hold.
    const asked = claims.filter(claim => (claim.subject === 'alone') === (subject === 'alone'))
    const expressions = asked.flatMap(claim => (claim.kind === 'gives' ? [claim.expression] : []))
    return { id: `${path} ${subject}`, subject, code, after, expressions, torch, cuda }
  }
  const written = page.code.flatMap(({ role, text }) =>
    role === 'bad' || role === 'good' ? [program(role, text, truth.after)] : [],
  )
  return { path, truth, programs: truth.alone === '' ? written : [...written, program('alone', truth.alone, '')] }
}

type Outcomes = Readonly<Record<string, Outcome | { readonly skipped: string }>>

function run(programs: readonly Program[]): { readonly torch: string; readonly outcomes: Outcomes } {
  const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, 'run.py')], {
    input: JSON.stringify(programs),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`)
  return JSON.parse(stdout)
}

function compare({ path, truth: { claims }, programs }: Executable, outcomes: Outcomes): PageReport {
  const seen = new Map<Subject, Outcome>()
  let skipped: string | undefined
  const failures: string[] = []
  for (const { id, subject } of programs) {
    const outcome = outcomes[id]
    if (!outcome) failures.push(`${subject} was not run`)
    else if ('skipped' in outcome) skipped = outcome.skipped
    else seen.set(subject, outcome)
  }
  for (const [subject, { raised }] of seen) {
    const isClaimed = claims.some(claim => claim.subject === subject && claim.kind === 'raises')
    if (raised && !isClaimed) failures.push(`${subject} raises ${raised.type}: ${raised.text}`)
  }
  const good = seen.get('good')
  for (const claim of claims) {
    const outcome = seen.get(claim.subject)
    if (outcome && !holds(claim, outcome)) failures.push(`${claim.text}: in fact it ${deed(claim, outcome)}`)
    if (claim.subject === 'bad' && good && holds(claim, good)) failures.push(`${claim.text}: so does good`)
  }
  return { path, programs: programs.length, claims: claims.length, skipped, failures }
}

function deed(claim: Claim, { raised, warned, values }: Outcome): string {
  if (claim.kind === 'gives') return `gives ${values[claim.expression]}`
  if (claim.kind === 'raises') return raised ? `raises ${raised.type}: ${raised.text}` : 'raises nothing'
  return warned.length > 0
    ? `warns ${warned.map(({ type, text }) => `${type}: ${text}`).join('; ')}`
    : 'warns of nothing'
}
