/**
 * Frames and keys: what an expression denotes at one moment of one path. A parameter denotes what the caller passed, so
 * that `use_amp` in a helper and `args.amp` at its call are the same condition, and `opt` and `self.optimizer` the same
 * object.
 */
import type * as ast from '../syntax/ast.ts'
import { boundArgument } from './arguments.ts'
import { isSelf } from './dispatch.ts'
import type { Callee, Model, Place } from './model.ts'
import { isSuperCall } from './supers.ts'

/** One activation of a function (or of the module) on the path that is being explored. */
export interface Frame {
  readonly code: ast.Module | ast.FunctionLike
  readonly caller: Frame | undefined
  /** The call that the caller makes. */
  readonly call: ast.Call | undefined
  /** 0 for the root; tells the locals of two activations apart. */
  readonly depth: number
  /** What the call passes for each parameter; a parameter that is not here is not known. */
  readonly bindings: ReadonlyMap<string, Binding>
  /** The key of the object whose method runs, if it is known. */
  readonly receiver: string | undefined
  /** The class that this object is of, if it is one of the file. */
  readonly class: ast.ClassDef | undefined
  /** The keys that places were found to have in it: every path through it asks for the same ones. */
  readonly keys: Map<Place, string>
}

/** An expression and the frame in which it is to be read. */
export interface Binding {
  readonly expression: ast.Expression
  readonly frame: Frame
}

export const rootFrame = (code: ast.Module | ast.FunctionLike): Frame => ({
  code,
  caller: undefined,
  call: undefined,
  depth: 0,
  bindings: new Map(),
  receiver: undefined,
  class: undefined,
  keys: new Map(),
})

/** The frame of a function of the file that is called in `caller`. */
export function enterFrame(model: Model, call: ast.Call, callee: Callee & { kind: 'function' }, caller: Frame): Frame {
  const { node, receiver } = callee
  return {
    ...boundFrame(call, node, caller, receiver !== undefined),
    receiver: receiver && receiverKey(model, receiver, caller),
    class: receiver && receiverClass(model, receiver, caller),
  }
}

/** The class of an object whose method is called: as the path knows it for `self` and `super()`, else as it was made. */
function receiverClass(model: Model, receiver: ast.Expression, caller: Frame): ast.ClassDef | undefined {
  if (isSelf(receiver, caller) || isSuperCall(receiver)) return caller.class
  const [value, ...others] = model.values(receiver)
  return value?.kind === 'instance' && typeof value.of !== 'string' && value.creation && others.length === 0
    ? value.of
    : undefined
}

/** The object of a method call; `super()` is the object whose method makes the call. */
function receiverKey(model: Model, receiver: ast.Expression, caller: Frame): string | undefined {
  if (!isSuperCall(receiver)) return objectKey(model, receiver, caller)
  const owner = caller.code.kind === 'FunctionDef' ? caller.code.parent : undefined
  return caller.receiver ?? (owner?.kind === 'ClassDef' ? selfKey(owner) : undefined)
}

/** The key of an object of the class that nobody is seen to create. */
const selfKey = (owner: ast.ClassDef): string => `self@${owner.start}`

/** The frame of `__init__` when a class of the file is called: the new object is the call itself. */
export function constructorFrame(
  model: Model,
  call: ast.Call,
  callee: Callee & { kind: 'class' },
  init: ast.FunctionDef,
  caller: Frame,
): Frame {
  return { ...boundFrame(call, init, caller, true), receiver: objectKey(model, call, caller), class: callee.node }
}

function boundFrame(
  call: ast.Call,
  code: ast.FunctionLike,
  caller: Frame,
  isBound: boolean,
): Omit<Frame, 'receiver' | 'class'> {
  const bindings = new Map<string, Binding>()
  for (const parameter of code.parameters) {
    const argument = boundArgument(call, code, parameter, isBound)
    if (argument.kind === 'given') bindings.set(parameter.name, { expression: argument.value, frame: caller })
    else if (argument.kind === 'absent' && parameter.default)
      bindings.set(parameter.name, { expression: parameter.default, frame: caller })
  }
  return { code, caller, call, depth: caller.depth + 1, bindings, keys: new Map() }
}

/** True if the function already runs somewhere up the stack. */
export const isActive = (code: ast.FunctionLike, frame: Frame | undefined): boolean =>
  frame !== undefined && (frame.code === code || isActive(code, frame.caller))

/** What the caller passed for the parameter that a name denotes; undefined for any other name, and where nobody called. */
export function argumentOf(model: Model, name: ast.Name, frame: Frame): Binding | undefined {
  const place = model.place(name)
  return place?.kind === 'parameter' ? activation(place.function, frame)?.bindings.get(place.name) : undefined
}

/** Where the analysed file does what a call in a frame does: there itself, or by the call that leads to it. */
export function siteOf(model: Model, call: ast.Call, frame: Frame): ast.Call {
  const isOwn = model.moduleOf(call) === model.module
  return isOwn || !frame.call || !frame.caller ? call : siteOf(model, frame.call, frame.caller)
}

/** What the locals of an activation carry in their keys. */
export const localMark = (frame: Frame): string => `#${frame.depth}:`

/**
 * The key of the object or variable that an expression denotes in a frame; undefined where it has no identity. Keys are
 * equal if, and only if, the places are the same.
 */
export function objectKey(model: Model, expression: ast.Expression, frame: Frame): string | undefined {
  const place = model.place(expression)
  return place && placeKey(model, place, frame)
}

export function placeKey(model: Model, place: Place, frame: Frame): string | undefined {
  const known = frame.keys.get(place)
  if (known !== undefined) return known
  const key = spellKey(model, place, frame)
  if (key !== undefined) frame.keys.set(place, key)
  return key
}

function spellKey(model: Model, place: Place, frame: Frame): string | undefined {
  switch (place.kind) {
    case 'parameter': {
      const owner = activation(place.function, frame)
      if (!owner) return place.key
      const binding = owner.bindings.get(place.name)
      if (!binding) return `${place.key}${localMark(owner)}`
      return objectKey(model, binding.expression, binding.frame) ?? `${place.key}${localMark(owner)}`
    }
    case 'self':
      return receiverOf(frame) ?? selfKey(place.class)
    case 'variable': {
      const owner = isFunction(place.scope) ? activation(place.scope, frame) : undefined
      return owner ? `${place.key}${localMark(owner)}` : place.key
    }
    case 'attribute': {
      const base = placeKey(model, place.base, frame)
      return base === undefined ? undefined : `${base}.${place.name}`
    }
    case 'element': {
      const base = placeKey(model, place.base, frame)
      return base === undefined ? undefined : `${base}[${JSON.stringify(place.index)}]`
    }
    default:
      return place.key
  }
}

const isFunction = (scope: { readonly kind: string }): scope is ast.FunctionLike =>
  scope.kind === 'FunctionDef' || scope.kind === 'Lambda'

function activation(code: ast.FunctionLike, frame: Frame | undefined): Frame | undefined {
  for (let at = frame; at; at = at.caller) if (at.code === code) return at
  return undefined
}

/** The object that the nearest activation of a method runs on: its class may derive from the one that owns the place. */
function receiverOf(frame: Frame): string | undefined {
  for (let at: Frame | undefined = frame; at; at = at.caller)
    if (at.code.kind === 'FunctionDef' && at.code.parent?.kind === 'ClassDef') return at.receiver
  return undefined
}
