/**
 * Which of the script's wishes about cuDNN hold together. The script's statements are read in the order in which they
 * run, calls of its own functions replaced by what those do, and each carries the branches under which it runs:
 *
 *     if args.seed is not None:
 *         cudnn.deterministic = True      [if args.seed is not None]
 *     cudnn.benchmark = True              []                                both hold if a seed is given
 */
import { filesRun } from '../semantic/followed.ts'
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { remember } from './remember.ts'

/** Autotuning switched on where determinism is asked for as well. */
export interface Conflict {
  readonly benchmark: ast.Assign
  /** `cudnn.deterministic = True`, or the call that asks for deterministic algorithms. */
  readonly wish: ast.Node
}

export const conflicts = remember((model: Model): readonly Conflict[] => {
  const found = new Map<ast.Node, Conflict>()
  if (!mentions(model, 'benchmark') || !mentions(model, 'deterministic')) return []
  for (const root of roots(model)) {
    const wishes = wishesOf(model, root, [], [])
    for (const on of wishes.filter(({ flag, value }) => flag === 'benchmark' && value)) {
      const other = wishes.find(wish => wish.flag === 'deterministic' && wish.value && holdTogether(wishes, on, wish))
      if (other && on.node.kind === 'Assign' && !found.has(on.node))
        found.set(on.node, { benchmark: on.node, wish: other.node })
    }
  }
  return [...found.values()]
})

const mentions = (model: Model, word: string): boolean => filesRun(model).some(({ text }) => text.includes(word))

interface Wish {
  readonly flag: 'benchmark' | 'deterministic'
  /** False also where the value is not known: then the flag may be off. */
  readonly value: boolean
  readonly node: ast.Assign | ast.Call
  readonly branches: readonly Branch[]
}

/** One side of an `if`, or one clause of another compound statement. */
interface Branch {
  readonly owner: ast.Node
  readonly side: readonly ast.Node[]
  /** The condition as text, if it is an `if`'s, and whether it holds on this side. */
  readonly test: string | undefined
  readonly holds: boolean
}

/** Can both run on one path, and does nothing that runs with them take one of them back? */
function holdTogether(wishes: readonly Wish[], a: Wish, b: Wish): boolean {
  if (a.branches.some(one => b.branches.some(other => areExclusive(one, other)))) return false
  return !wishes.some(
    (wish, index) =>
      !wish.value &&
      index > wishes.indexOf(wish.flag === a.flag ? a : b) &&
      wish.branches.every(one => [...a.branches, ...b.branches].some(other => isSameSide(one, other))),
  )
}

function areExclusive(a: Branch, b: Branch): boolean {
  if (a.owner === b.owner) return a.side !== b.side
  return a.test !== undefined && a.test === b.test && a.holds !== b.holds
}

function isSameSide(a: Branch, b: Branch): boolean {
  return (
    (a.owner === b.owner && a.side === b.side) || (a.test !== undefined && a.test === b.test && a.holds === b.holds)
  )
}

/** The module, and the functions that nothing in the file calls. */
function roots(model: Model): readonly (ast.Module | ast.FunctionDef)[] {
  const called = new Set(model.nodes('Call').map(call => calledFunction(model, call)))
  return [model.module, ...model.nodes('FunctionDef').filter(node => !called.has(node))]
}

function calledFunction(model: Model, call: ast.Call): ast.FunctionLike | undefined {
  const callee = model.callee(call)
  return callee.kind === 'function' ? callee.node : undefined
}

const depthLimit = 4

function wishesOf(
  model: Model,
  scope: ast.Module | ast.FunctionLike,
  around: readonly Branch[],
  active: readonly ast.Node[],
): readonly Wish[] {
  return stepsOf(model, scope).flatMap(({ branches: inner, wish, callee }) => {
    const branches = [...around, ...inner]
    if (wish) return [{ ...wish, branches }]
    if (!callee || active.length > depthLimit || active.includes(callee)) return []
    return wishesOf(model, callee, branches, [...active, callee])
  })
}

/** What a piece of code says of the flags, or leaves to a function that it calls. */
interface Step {
  /** Within the code itself. */
  readonly branches: readonly Branch[]
  readonly wish: Omit<Wish, 'branches'> | undefined
  readonly callee: ast.FunctionLike | undefined
}

/** In the order in which it runs. A function is read once, however many paths lead through it. */
function stepsOf(model: Model, scope: ast.Module | ast.FunctionLike): readonly Step[] {
  const known = steps(model).get(scope)
  if (known) return known
  const within = scope.kind === 'Module' ? undefined : scope
  const nodes = [...model.nodes('Assign', within), ...model.nodes('Call', within)]
    .filter(node => model.scope(node) === scope)
    .sort((a, b) => a.start - b.start)
  const found = nodes.flatMap((node): readonly Step[] => {
    const wish = node.kind === 'Assign' ? assignedWish(model, node) : calledWish(model, node)
    const callee = !wish && node.kind === 'Call' ? calledFunction(model, node) : undefined
    return wish || callee ? [{ branches: branchesAround(model, node, within), wish, callee }] : []
  })
  steps(model).set(scope, found)
  return found
}

const steps = remember((_model: Model) => new Map<ast.Module | ast.FunctionLike, readonly Step[]>())

function assignedWish(model: Model, node: ast.Assign): Omit<Wish, 'branches'> | undefined {
  for (const target of node.targets) {
    if (target.kind !== 'Attribute' || (target.attr !== 'benchmark' && target.attr !== 'deterministic')) continue
    if (model.qualifiedName(target.value) !== 'torch.backends.cudnn') continue
    return { flag: target.attr, value: model.constant(node.value) === true, node }
  }
  return undefined
}

function calledWish(model: Model, node: ast.Call): Omit<Wish, 'branches'> | undefined {
  const name = model.qualifiedName(node.func)
  if (name === 'torch.set_deterministic_debug_mode') {
    const [mode] = node.args
    const value = mode ? model.constant(mode) : undefined
    return { flag: 'deterministic', value: value === 1 || value === 2 || value === 'warn' || value === 'error', node }
  }
  if (name !== 'torch.use_deterministic_algorithms' && name !== 'torch.set_deterministic') return undefined
  const mode = model.argument(node, name === 'torch.set_deterministic' ? 'd' : 'mode', 0)
  return { flag: 'deterministic', value: mode.kind === 'given' && model.constant(mode.value) === true, node }
}

function branchesAround(model: Model, node: ast.Node, scope: ast.Node | undefined): readonly Branch[] {
  const branches: Branch[] = []
  for (let child: ast.Node = node, owner = node.parent; owner && child !== scope; child = owner, owner = owner.parent) {
    const side = sidesOf(owner).find(statements => statements.some(statement => statement === child))
    if (!side) continue
    const test = owner.kind === 'If' ? model.textOf(owner.test) : undefined
    const negated = test?.startsWith('not ') ?? false
    const holds = (owner.kind === 'If' && side === owner.body) !== negated
    branches.push({ owner, side, test: negated ? test?.slice('not '.length) : test, holds })
  }
  return branches
}

function sidesOf(owner: ast.Node): readonly (readonly ast.Node[])[] {
  switch (owner.kind) {
    case 'If':
    case 'For':
    case 'While':
      return [owner.body, owner.orelse]
    case 'Try':
      return [owner.handlers]
    case 'MatchCase':
      return [owner.body]
    case 'Match':
      return owner.cases.map(clause => [clause])
    default:
      return []
  }
}
