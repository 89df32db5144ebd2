/**
 * The protocol of a training loop in one line: `zero_grad → autocast forward → backward → (clip) → step`. What stands in
 * parentheses runs in some iterations only, and of `a | b` one does.
 */
import type { Message } from '../rules/rule.ts'
import { lastName } from '../semantic/literals.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { accumulations } from '../torch/accumulation.ts'
import { autocastAround, autocastAt } from '../torch/autocast.ts'
import { isGradientFree, type LoopEvent, type TrainingLoop } from '../torch/loops.ts'
import { textOf } from '../torch/names.ts'
import { participantsOf } from '../torch/participants.ts'
import { type ProtocolStep, protocolOf } from '../torch/protocol.ts'
import { isScaler } from '../torch/scalers.ts'
import { methodCall } from '../torch/usage.ts'

/** Undefined where something that may be a step of the protocol is not known to be one. */
export function protocolLine(model: Model, loop: TrainingLoop): Message | undefined {
  if (hasUnknownSteps(model, loop) || leavesStepsToLibrary(model, loop)) return undefined
  const lastBackward = loop.events.findLast(({ kind }) => kind === 'backward')
  const isShown = (event: LoopEvent) => event.kind !== 'forward' || isTrained(model, event, loop, lastBackward)
  const steps = protocolOf(model, loop.node, withSchedulers(model, loop).filter(isShown))
  const several = participantsOf(loop, node => textOf(model, node)).optimizers.length > 1
  const branches = accumulations(model).filter(each => each.loop === loop.node)

  const sequence = (steps: readonly ProtocolStep[], language: keyof Message): string => {
    const parts = steps.flatMap(step =>
      step.kind === 'event' ? (tokenOf(model, step.event, several) ?? []) : (branch(step, language) ?? []),
    )
    return parts.filter((part, index) => part !== parts[index - 1]).join(arrow)
  }
  const branch = (step: Extract<ProtocolStep, { kind: 'branch' }>, language: keyof Message): string | undefined => {
    const { arms, isWhole } = alternatives(step)
    const texts = [...new Set(arms.map(arm => sequence(arm, language)))]
    const [first, ...others] = texts.filter(Boolean)
    if (first === undefined) return undefined
    if (isWhole && texts.length === 1) return first
    const accumulation = branches.find(each => each.branch === step.at)
    const every = accumulation && everyOf(model, accumulation.test.every)
    const prefix = every ? { en: `every ${every}: `, zh: `每 ${every} 批：` }[language] : ''
    const isWrapped = others.length === 0 && prefix === '' && isOneGroup(first)
    return isWrapped ? first : `(${prefix}${[first, ...others].join(' | ')})`
  }
  return { en: sequence(steps, 'en'), zh: sequence(steps, 'zh') }
}

const arrow = ' → '

/** `(a → b)`, but not `(a) → (b)`. */
function isOneGroup(text: string): boolean {
  let depth = 0
  for (const [index, character] of [...text].entries()) {
    if (character === '(') depth++
    else if (character === ')') depth--
    if (depth === 0) return text.startsWith('(') && index === text.length - 1
  }
  return false
}

function everyOf(model: Model, expression: ast.Expression): string | undefined {
  const constant = model.constant(expression)
  const text = typeof constant === 'number' ? String(constant) : textOf(model, expression)
  return text.length > longest || text.includes('\n') ? undefined : text
}

/** A pass that trains: not one that records nothing, or comes behind all gradients, or computes the loss. */
function isTrained(model: Model, event: LoopEvent, { events }: TrainingLoop, last: LoopEvent | undefined): boolean {
  if (last && events.indexOf(event) > events.indexOf(last)) return false
  return (
    ![event.call, ...event.through].some(call => isGradientFree(model, call)) &&
    !/criterion|loss/i.test(textOf(model, event.call.func))
  )
}

/** `optim.step()`, `scaler.unscale_(…)` of objects that are not known to be an optimizer or a scaler. */
function hasUnknownSteps(model: Model, { node, events }: TrainingLoop): boolean {
  const known = new Set(events.map(({ call }) => call))
  const own = model.nodes('Call', node).filter(call => model.loops(call)[0] === node)
  const functions = new Set(events.filter(({ through }) => through.length > 0).map(({ call }) => model.scope(call)))
  const others = [...functions].flatMap(code => (code.kind === 'FunctionDef' ? model.nodes('Call', code) : []))
  return [...own, ...others].some(call => {
    const method = known.has(call) ? undefined : methodCall(call)
    if (!method || !/^(?:step|scale|unscale_|update)$/.test(method.method)) return false
    const names = [method.receiver, ...call.args].map(each => lastName(each))
    return method.method === 'unscale_' || names.some(name => /scaler$|optim|^opt(?:_|$)|_opt$/i.test(name))
  })
}

/** `with accelerator.accumulate(model):` lets the steps within do nothing in most iterations. */
function leavesStepsToLibrary(model: Model, { node }: TrainingLoop): boolean {
  return model
    .nodes('WithItem', node)
    .some(
      ({ contextExpression }) =>
        contextExpression.kind === 'Call' && methodCall(contextExpression)?.method === 'accumulate',
    )
}

/** With the steps of what only its name says to be a scheduler. */
function withSchedulers(model: Model, { node, events }: TrainingLoop): readonly LoopEvent[] {
  const known = new Set(events.map(({ call }) => call))
  const named = model.nodes('Call', node).filter(call => {
    const method = methodCall(call)
    if (known.has(call) || method?.method !== 'step' || !/sched/i.test(lastName(method.receiver))) return false
    return model.loops(call)[0] === node
  })
  const steps = named.map((call): LoopEvent => ({ kind: 'scheduler_step', call, through: [] }))
  const end = ({ through: [site], call }: LoopEvent) => (site ?? call).end
  return [...events, ...steps].sort((a, b) => end(a) - end(b))
}

type Alternatives = Pick<Extract<ProtocolStep, { kind: 'branch' }>, 'arms' | 'isWhole'>

/** The arms of `if … elif … else` side by side. */
function alternatives({ arms, isWhole }: Alternatives): Alternatives {
  const [last] = arms.at(-1) ?? []
  if (arms.at(-1)?.length !== 1 || last?.kind !== 'branch') return { arms, isWhole }
  const inner = alternatives(last)
  return { arms: [...arms.slice(0, -1), ...inner.arms], isWhole: isWhole && inner.isWhole }
}

/** What the line calls a step; some events are none. */
function tokenOf(model: Model, { kind, call, through }: LoopEvent, several: boolean): string | undefined {
  switch (kind) {
    case 'forward': {
      const autocast = autocastOf(model, call, through)
      const enabled = autocast === 'unknown' ? 'unknown' : (autocast?.enabled ?? 'no')
      return { yes: 'autocast forward', unknown: '(autocast) forward', no: 'forward' }[enabled]
    }
    case 'zero_grad':
      return several ? `zero_grad(${short(receiverOf(model, call))})` : 'zero_grad'
    case 'step': {
      const [optimizer] = call.args
      const receiver = methodCall(call)?.receiver
      const isScaled = optimizer && receiver && isScaler(model, receiver) === 'yes'
      return several ? `step(${short(isScaled ? nameOf(model, optimizer) : receiverOf(model, call))})` : 'step'
    }
    case 'unscale':
      return 'unscale_'
    case 'scheduler_step':
      return 'scheduler.step'
    case 'scale':
    case 'backward':
    case 'clip':
    case 'update':
      return kind
    default:
      return undefined
  }
}

function receiverOf(model: Model, call: LoopEvent['call']): string {
  const receiver = methodCall(call)?.receiver
  return receiver ? nameOf(model, receiver) : ''
}

const nameOf = (model: Model, object: ast.Expression): string => textOf(model, object).replace(/^self\./, '')

/** On the way that leads to the call, which other ways may not share. */
function autocastOf(model: Model, call: ast.Call, through: readonly ast.Call[]) {
  const [outer, ...inner] = [...through, call]
  for (const place of inner.reverse()) {
    const entered = autocastAround(model, place)
    if (entered) return entered
  }
  return outer && autocastAt(model, outer)
}

const longest = 32

function short(text: string): string {
  return text.length > longest || text.includes('\n') ? '…' : text
}
