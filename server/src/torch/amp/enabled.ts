/**
 * Is a scaler at work? `GradScaler(enabled=use_amp)` does nothing where `use_amp` is false, and scripts choose between
 * training with and without one by branches on flags that the text does not connect.
 */
import { conditionOf, truth } from '../../semantic/conditions.ts'
import type { Moment } from '../../semantic/explore.ts'
import { type Frame, objectKey, rootFrame } from '../../semantic/frames.ts'
import type { Certainty, Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { children } from '../../syntax/walk.ts'
import { setCell } from '../cells.ts'
import { scalerClasses } from '../facts/amp.ts'
import { remember } from '../remember.ts'
import { isScaler } from '../scalers.ts'
import { type AmpState, cellName } from './cells.ts'
import { ampEvents } from './events.ts'

/** The call that makes a scaler, if the expression is one. */
export function scalerCreation(model: Model, expression: ast.Expression): ast.Call | undefined {
  if (expression.kind !== 'Call') return undefined
  const name = model.qualifiedName(expression.func)
  return name !== undefined && scalerClasses.includes(name) ? expression : undefined
}

/** What the constructor says: `yes`, `no`, or the name of the condition that decides, marked by its sign. */
export function enabledBy(model: Model, creation: ast.Call, frame: Frame): string {
  const argument = enabledArgument(model, creation)
  if (argument === 'unknown') return 'unknown'
  if (argument === undefined) return 'yes'
  const constant = model.constant(argument)
  if (typeof constant === 'boolean' && argument.kind === 'Constant') return constant ? 'yes' : 'no'
  const known = truth(model, argument, frame, new Map())
  if (known !== undefined) return known ? 'yes' : 'no'
  const condition = conditionOf(model, argument, frame)
  return condition ? `${condition.positive ? '+' : '-'}${condition.name}` : 'unknown'
}

function enabledArgument(model: Model, creation: ast.Call): ast.Expression | 'unknown' | undefined {
  const name = model.qualifiedName(creation.func)
  const position = name === 'torch.amp.GradScaler' ? 5 : name === 'torch.cuda.amp.GradScaler' ? 4 : undefined
  const argument = model.argument(creation, 'enabled', position)
  return argument.kind === 'given' ? argument.value : argument.kind === 'unknown' ? 'unknown' : undefined
}

/** Does the scaler of this key scale, on this path? */
export function isEnabled(model: Model, scaler: ast.Expression, key: string, moment: Moment<AmpState>): Certainty {
  return isKnownEnabled(key, { ...moment, state: noteEnabled(model, scaler, key, moment.state) })
}

/** The same for a scaler whose making is on the path or has been noted. */
export function isKnownEnabled(key: string, { state, facts }: Pick<Moment<AmpState>, 'state' | 'facts'>): Certainty {
  if (facts.get(`⟨${key}⟩`) === false) return 'no'
  const made = state.cells.get(cellName('enabled', key))?.value
  const said = made === undefined ? 'unknown' : readEnabled(made, facts)
  if (said !== 'unknown') return said
  return state.cells.get(cellName('mode', key))?.value === 'off' ? 'no' : 'unknown'
}

/** Keeps what the text says of a scaler that was made elsewhere. */
export function noteEnabled(model: Model, scaler: ast.Expression, key: string, state: AmpState): AmpState {
  const name = cellName('enabled', key)
  return state.cells.has(name) ? state : setCell(state, name, staticallyEnabled(model, scaler))
}

function readEnabled(said: string, facts: ReadonlyMap<string, boolean>): Certainty {
  if (said === 'yes' || said === 'no' || said === 'unknown') return said
  const holds = facts.get(said.slice(1))
  if (holds === undefined) return 'unknown'
  return holds === said.startsWith('+') ? 'yes' : 'no'
}

/** For a scaler whose making is not on the path. */
function staticallyEnabled(model: Model, scaler: ast.Expression): string {
  const made = model.values(scaler).flatMap(value => {
    if (value.kind === 'expression' && value.node.kind === 'Constant') return []
    return value.kind === 'instance' && value.creation
      ? [enabledBy(model, value.creation, rootFrame(model.module))]
      : ['unknown']
  })
  const [first, ...others] = new Set(made)
  return first !== undefined && others.length === 0 ? first : 'unknown'
}

/** `if scaler`, `if scaler is not None`: which scaler, and what the test says where there is one. */
export function askedScaler(
  model: Model,
  test: ast.Expression,
): { readonly scaler: ast.Expression; readonly isHeld: boolean } | undefined {
  if (test.kind === 'UnaryOp' && test.op === 'not') {
    const asked = askedScaler(model, test.operand)
    return asked && { ...asked, isHeld: !asked.isHeld }
  }
  if (test.kind === 'Name' || test.kind === 'Attribute')
    return isScaler(model, test) === 'yes' ? { scaler: test, isHeld: true } : undefined
  const [op, right] = test.kind === 'Compare' ? [test.ops[0], test.comparators[0]] : []
  if (test.kind !== 'Compare' || right?.kind !== 'Constant' || right.type !== 'None') return undefined
  if (isScaler(model, test.left) !== 'yes' || (op !== 'is' && op !== 'is not')) return undefined
  return { scaler: test.left, isHeld: op === 'is not' }
}

/** A branch that chooses between training with and without a scaler. */
export interface ModeSwitch {
  readonly scaler: ast.Expression
  /** The branch that uses the scaler. */
  readonly on: boolean
  /** Does the other branch train without it, or is there none? */
  readonly isTwoSided: boolean
}

const modeWords = /amp|fp16|float16|half|mixed|precision|scaler|autocast|cuda|gpu|device|bf16|dtype/i

/** Only branches on something that is named like a mode: two flags of other names are two flags. */
export function modeSwitch(model: Model, branch: ast.If | ast.IfExp): ModeSwitch | undefined {
  const known = modeSwitches(model)
  if (!known.has(branch)) known.set(branch, findModeSwitch(model, branch))
  return known.get(branch)
}

const modeSwitches = remember((_model: Model) => new Map<ast.If | ast.IfExp, ModeSwitch | undefined>())

function findModeSwitch(model: Model, branch: ast.If | ast.IfExp): ModeSwitch | undefined {
  if (branch.kind === 'IfExp' || !modeWords.test(model.textOf(branch.test))) return undefined
  const [inBody, inElse] = [scalerIn(model, branch.body), scalerIn(model, branch.orelse)]
  const scaler = inBody ?? inElse
  if (!scaler || (inBody && inElse)) return undefined
  const asked = askedScaler(model, branch.test)
  if (asked && asked.isHeld !== (inBody !== undefined)) return undefined
  const other = inBody ? branch.orelse : branch.body
  return { scaler, on: inBody !== undefined, isTwoSided: other.length > 0 }
}

/** A scaler whose protocol one of the statements speaks. */
function scalerIn(model: Model, body: readonly ast.Statement[]): ast.Expression | undefined {
  const find = (node: ast.Node): ast.Expression | undefined => {
    const event = node.kind === 'Call' ? ampEvents(model).get(node) : undefined
    if (event && 'scaler' in event) return event.scaler
    for (const child of children(node)) {
      const found = find(child)
      if (found) return found
    }
    return undefined
  }
  for (const statement of body) {
    const found = find(statement)
    if (found) return found
  }
  return undefined
}

/** The key of the scaler that a switch is about, in a frame. */
export const switchKey = (model: Model, mode: ModeSwitch, frame: Frame): string | undefined =>
  objectKey(model, mode.scaler, frame)
