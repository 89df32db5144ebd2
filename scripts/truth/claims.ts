/**
 * What a page claims about PyTorch, in a block that no reader sees:
 *
 *     needs torch 2.3
 *     needs cuda
 *     after
 *         optimizer.step()
 *     bad raises RuntimeError: step() has already been called
 *     bad warns FutureWarning: `torch.cuda.amp.GradScaler(args...)` is deprecated.
 *     bad gives model.weight.abs().max().item() > 1000
 *     good gives model.weight.norm().item() = 0.1 ± 0.001
 *     alone
 *         import math
 *     alone gives math.sqrt(2) = 1.414 ± 0.001
 *
 * `bad` and `good` are the page's programs, `alone` is one of the block itself; the lines below `after` run after `bad`
 * and `good`. An exception or a warning is named by its type and the beginning of its text. An expression is evaluated
 * when the program has ended, also by an exception.
 */
import type { CodeBlock, Page } from '../../server/src/page.ts'

export interface Truth {
  /** The oldest PyTorch that has what the programs use. */
  readonly torch: string | undefined
  readonly cuda: boolean
  readonly after: string
  readonly alone: string
  readonly claims: readonly Claim[]
}

export type Claim = { readonly subject: Subject; readonly text: string } & (
  | { readonly kind: 'raises' | 'warns'; readonly type: string; readonly beginning: string }
  | {
      readonly kind: 'gives'
      readonly expression: string
      readonly relation: '=' | '<' | '>'
      readonly value: number
      readonly tolerance: number
    }
)

export type Subject = 'bad' | 'good' | 'alone'

/** The claims of a page; a page without any claims that its programs run. Throws at a line that is no claim. */
export function claimsOf(page: Page, file: string): Truth {
  const block = page.code.find(({ language }) => language === 'truth')
  return block ? readClaims(block, file) : { torch: undefined, cuda: false, after: '', alone: '', claims: [] }
}

function readClaims({ text, line: first }: CodeBlock, file: string): Truth {
  const programs = { after: '', alone: '' }
  const claims: Claim[] = []
  let torch: string | undefined
  let cuda = false
  let open: keyof typeof programs | undefined
  for (const [index, line] of text.trimEnd().split('\n').entries()) {
    const [, needed] = /^needs torch (\d+\.\d+)$/.exec(line) ?? []
    const claim = readClaim(line)
    if (open && /^( {4}|$)/.test(line)) programs[open] += `${line.slice(4)}\n`
    else if (line === 'after' || line === 'alone') open = line
    else if (line === 'needs cuda') cuda = true
    else if (needed !== undefined) torch = needed
    else if (claim) claims.push(claim)
    else if (line !== '') throw new Error(`${file}:${first + index}: not a claim: ${line}`)
  }
  return { torch, cuda, ...programs, claims }
}

function readClaim(text: string): Claim | undefined {
  const [, subject, verb, rest = ''] = /^(bad|good|alone) (raises|warns|gives) (.+)$/.exec(text) ?? []
  if (!isSubject(subject)) return undefined
  if (verb === 'gives') {
    const [, expression = '', relation, value, tolerance = 0] =
      /^(.+) ([=<>]) (-?[\d.]+)(?: ± ([\d.]+))?$/.exec(rest) ?? []
    if (relation !== '=' && relation !== '<' && relation !== '>') return undefined
    return { subject, text, kind: 'gives', expression, relation, value: Number(value), tolerance: Number(tolerance) }
  }
  const [, type, beginning] = /^(\w+): (.+)$/.exec(rest) ?? []
  if (type === undefined || beginning === undefined) return undefined
  return { subject, text, kind: verb === 'raises' ? 'raises' : 'warns', type, beginning }
}

function isSubject(word: string | undefined): word is Subject {
  return word === 'bad' || word === 'good' || word === 'alone'
}

/** What a program did. */
export interface Outcome {
  readonly raised: Incident | null
  readonly warned: readonly Incident[]
  /** The value of each expression that was asked for; a number, or the error that it raised. */
  readonly values: Readonly<Record<string, number | string>>
}

export interface Incident {
  readonly type: string
  readonly text: string
}

/** Does the claim hold for what the program did? */
export function holds(claim: Claim, outcome: Outcome): boolean {
  switch (claim.kind) {
    case 'raises':
      return outcome.raised !== null && isIncident(claim, outcome.raised)
    case 'warns':
      return outcome.warned.some(warning => isIncident(claim, warning))
    case 'gives': {
      const value = outcome.values[claim.expression]
      if (typeof value !== 'number') return false
      if (claim.relation === '=') return Math.abs(value - claim.value) <= claim.tolerance
      return claim.relation === '<' ? value < claim.value : value > claim.value
    }
  }
}

function isIncident(claim: { readonly type: string; readonly beginning: string }, { type, text }: Incident): boolean {
  return type === claim.type && text.startsWith(claim.beginning)
}
