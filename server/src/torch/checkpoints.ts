/** Checkpoints to resume from: dictionaries with the state of an optimizer that the script saves. */
import { nodesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { ampEvents } from './amp/events.ts'
import { enabledOf } from './autocast.ts'
import { scalerClasses } from './facts/amp.ts'
import { nameOf, textOf } from './names.ts'
import { isOptimizer } from './optimizers.ts'
import { remember } from './remember.ts'
import { isScaler } from './scalers.ts'
import { unitOf } from './units.ts'
import { importsTrainer, methodCall } from './usage.ts'

export interface Checkpoint {
  readonly dict: ast.Dict
  /** The key and the optimizer of `'optimizer': optimizer.state_dict()`. */
  readonly key: ast.Expression
  readonly optimizer: ast.Expression
  /** The call that saves it. */
  readonly save: ast.Call
}

/** A scaler whose state is lost, and the first checkpoint that lacks it. */
export interface UnsavedScaler {
  readonly checkpoint: Checkpoint
  readonly scaler: {
    /** As the user calls it. */
    readonly name: string
    /** Where it is made, if the script shows that. */
    readonly creation: ast.Call | undefined
    /** Does the name mean the scaler, and never None, where the checkpoint is written? */
    readonly isInScope: boolean
  }
}

/** Only in a script that saves and loads the state of no scaler at all. */
export const unsavedScalers = remember((model: Model): readonly UnsavedScaler[] => {
  if (importsTrainer(model) || savesScaler(model)) return []
  const found = new Map<string, UnsavedScaler>()
  for (const checkpoint of checkpoints(model)) {
    if (mentionsScaler(model, checkpoint.dict) || mentionsScaler(model, checkpoint.save)) return []
    const scaler = scalerOf(model, checkpoint)
    if (scaler && !found.has(scaler.name)) found.set(scaler.name, { checkpoint, scaler })
  }
  return [...found.values()]
})

export const checkpoints = remember((model: Model): readonly Checkpoint[] =>
  model.nodes('Dict').flatMap(dict => {
    const save = saveOf(model, dict)
    if (!save || dict.keys.includes(undefined)) return []
    for (const [index, value] of dict.values.entries()) {
      const optimizer = stateOwner(value)
      const key = dict.keys[index]
      if (key && optimizer && isNamedOptimizer(model, optimizer)) return [{ dict, key, optimizer, save }]
    }
    return []
  }),
)

/** It is one, or comes from elsewhere and is called one. */
function isNamedOptimizer(model: Model, expression: ast.Expression): boolean {
  const certainty = isOptimizer(model, expression)
  return (
    certainty === 'yes' || (certainty === 'unknown' && /opt(?:im|imizer)?(?:_?\w)?$/i.test(textOf(model, expression)))
  )
}

/** The scaler that trains what a checkpoint saves. */
function scalerOf(model: Model, { dict }: Checkpoint): UnsavedScaler['scaler'] | undefined {
  const unit = unitOf(dict)
  const isNear = (node: ast.Node) =>
    unit?.kind === 'ClassDef' ? unitOf(node) === unit : unitOf(node)?.kind !== 'ClassDef'
  const creations = model.calls(scalerClasses).filter(isNear)
  for (const creation of creations) {
    const name = assignedName(model, creation)
    if (name === undefined || enabledOf(model, creation) === 'no') continue
    const scope = model.scope(creation)
    const isVisible = name.startsWith('self.')
      ? unit?.kind === 'ClassDef'
      : scope === model.module || scope === model.scope(dict)
    return { name, creation, isInScope: creations.length === 1 && isVisible && isAlwaysMade(creation) }
  }
  if (creations.length > 0) return undefined
  for (const [call, event] of ampEvents(model))
    if (event.kind === 'scale' && model.scope(call) === model.scope(dict))
      return { name: textOf(model, event.scaler), creation: undefined, isInScope: true }
  return undefined
}

/** `optimizer` of `optimizer.state_dict()`. */
function stateOwner(value: ast.Expression): ast.Expression | undefined {
  const method = value.kind === 'Call' ? methodCall(value) : undefined
  return method?.method === 'state_dict' ? method.receiver : undefined
}

/** The call that a dictionary is passed to, itself or by its name, if that is `torch.save` or is named like it. */
function saveOf(model: Model, dict: ast.Dict): ast.Call | undefined {
  if (dict.parent?.kind === 'Call') return isSave(model, dict.parent) ? dict.parent : undefined
  const [target] = dict.parent?.kind === 'Assign' ? dict.parent.targets : []
  if (target?.kind !== 'Name') return undefined
  const uses = model.nodes('Name', scopeNode(model, dict)).filter(name => name.id === target.id && name !== target)
  const users = uses.filter(name => model.sources(name).includes(dict)).map(({ parent }) => parent)
  // Whatever else it is given to may add the scaler's state.
  if (users.some(user => user?.kind === 'Keyword' || (user?.kind === 'Attribute' && changes.has(user.attr))))
    return undefined
  const calls = users.filter(user => user?.kind === 'Call')
  return calls.every(call => isSave(model, call)) ? calls[0] : undefined
}

const changes: ReadonlySet<string> = new Set(['setdefault', 'update'])

function isSave(model: Model, { func }: ast.Call): boolean {
  const name = func.kind === 'Attribute' ? func.attr : textOf(model, func)
  return /^_*save|checkpoint|ckpt/i.test(name) && !/load|^(?:on|before|after)_/i.test(name)
}

/** `scaler` of `scaler = GradScaler() if use_amp else None` too. */
export function assignedName(model: Model, creation: ast.Call): string | undefined {
  const choice = creation.parent
  if (choice?.kind !== 'IfExp') return nameOf(model, creation)
  const [target] = choice.parent?.kind === 'Assign' ? choice.parent.targets : []
  return target?.kind === 'Name' || target?.kind === 'Attribute' ? textOf(model, target) : undefined
}

/** A statement of the function or module itself, not of a branch: `GradScaler() if use_amp else None` may be None. */
export function isAlwaysMade(creation: ast.Call): boolean {
  const statement = creation.parent
  return statement?.kind === 'Assign' && (statement.parent === undefined || statement.parent.kind === 'FunctionDef')
}

const savesScaler = remember((model: Model): boolean =>
  nodesRun(model, 'Attribute').some(({ attr, value }) => {
    if (attr !== 'state_dict' && attr !== 'load_state_dict') return false
    return /scal|amp/i.test(textOf(model, value)) || isScaler(model, value) === 'yes'
  }),
)

const mentionsScaler = (model: Model, node: ast.Node): boolean =>
  model.nodes('Name', node).some(({ id }) => /scaler/i.test(id)) ||
  model.nodes('Attribute', node).some(({ attr }) => /scaler/i.test(attr))

function scopeNode(model: Model, node: ast.Node): ast.Node | undefined {
  const scope = model.scope(node)
  return scope.kind === 'Module' ? undefined : scope
}
