/**
 * What an exploration must look at. A training script is mostly code that no protocol cares about; a statement without a
 * relevant call, a jump, or an assignment that decides a relevant branch is stepped over.
 */
import type * as ast from '../syntax/ast.ts'
import { children } from '../syntax/walk.ts'
import { callersOf } from './callers.ts'
import { functionsRun } from './dispatch.ts'
import { nodesRun } from './followed.ts'
import type { Model } from './model.ts'

export interface Relevance {
  /** Must this node be walked, or may it be stepped over? */
  isRelevant(node: ast.Node): boolean
  /** May an event happen where the node runs, in it or in a function that it calls? */
  containsEvent(node: ast.Node): boolean
  isRelevantFunction(code: ast.FunctionLike): boolean
  /** May the call run a relevant function of the file? */
  mayRunRelevant(call: ast.Call): boolean
  /** Can the answer to this test matter to another one? Only then is it worth remembering. */
  isAskedAgain(test: ast.Expression): boolean
  /** The targets that a statement, stepped over, assigns. */
  assigned(node: ast.Node): readonly ast.Expression[]
}

export function createRelevance(model: Model, isEvent: (call: ast.Call) => boolean): Relevance {
  const { holding, functions } = findEvents(model, isEvent)
  const nodes = new Map<ast.Node, boolean>()
  const assignments = new Map<ast.Node, readonly ast.Expression[]>()
  let deciding: ReadonlySet<string> | undefined

  const isRelevant = (node: ast.Node): boolean => {
    if (holding.has(node)) return true
    const known = nodes.get(node)
    if (known !== undefined) return known
    const answer = containsJump(node) || decidesBranch(node)
    nodes.set(node, answer)
    return answer
  }

  const containsEvent = (node: ast.Node): boolean => holding.has(node)
  const isRelevantFunction = (code: ast.FunctionLike): boolean => functions.has(code)
  const mayRunRelevant = (call: ast.Call): boolean => functionsRun(model, call).some(isRelevantFunction)

  const decidesBranch = (node: ast.Node): boolean => {
    if (node.kind !== 'If' && node.kind !== 'Match' && node.kind !== 'Try') return false
    deciding ??= namesInTests(model, containsEvent)
    return assigned(node).some(target => isNamed(target, deciding))
  }

  const assigned = (node: ast.Node): readonly ast.Expression[] => {
    const known = assignments.get(node)
    if (known) return known
    const answer = collectTargets(node)
    assignments.set(node, answer)
    return answer
  }

  let questions: ReadonlySet<string> | undefined
  const isAskedAgain = (test: ast.Expression): boolean => {
    questions ??= collectQuestions(model, containsEvent)
    return questions.has(questionOf(test))
  }

  return { isRelevant, containsEvent, isRelevantFunction, mayRunRelevant, isAskedAgain, assigned }
}

/** The nodes that an event happens in, itself or in a function that runs there, and those functions. */
function findEvents(
  model: Model,
  isEvent: (call: ast.Call) => boolean,
): { readonly holding: ReadonlySet<ast.Node>; readonly functions: ReadonlySet<ast.FunctionLike> } {
  const holding = new Set<ast.Node>()
  const functions = new Set<ast.FunctionLike>()
  const pending = nodesRun(model, 'Call').filter(isEvent)
  for (let call = pending.pop(); call; call = pending.pop()) {
    let part: ast.Node = call
    let around: ast.Node | undefined = call
    for (; around && !opensScope(around) && !holding.has(around); around = around.parent) {
      holding.add(around)
      part = around
    }
    if (!around || !isRunIn(part, around) || functions.has(around)) continue
    functions.add(around)
    pending.push(...(callersOf(model).get(around) ?? []))
  }
  return { holding, functions }
}

/** Is it in the body of the function, rather than in its decorators and defaults? */
function isRunIn(part: ast.Node, code: ast.Node): code is ast.FunctionLike {
  if (code.kind === 'Lambda') return code.body === part
  return code.kind === 'FunctionDef' && code.body.some(statement => statement === part)
}

const opensScope = (node: ast.Node): boolean =>
  node.kind === 'FunctionDef' || node.kind === 'ClassDef' || node.kind === 'Lambda'

/** A jump inside a branch decides which paths go on. Loops keep their own `break` and `continue`. */
function containsJump(node: ast.Node): boolean {
  switch (node.kind) {
    case 'Return':
    case 'Raise':
    case 'Break':
    case 'Continue':
      return true
    case 'Expr':
      return isExit(node.value)
    case 'For':
    case 'While':
      return [...node.body, ...node.orelse].some(containsReturn)
    case 'If':
    case 'With':
    case 'Try':
    case 'Match':
    case 'MatchCase':
    case 'ExceptHandler':
      return children(node).some(containsJump)
    default:
      return false
  }
}

const containsReturn = (node: ast.Node): boolean =>
  node.kind === 'Return' || ((isCompound(node) || isClause(node)) && children(node).some(containsReturn))

/** A statement that other statements stand in, and run where it runs. */
export const isCompound = ({ kind }: ast.Node): boolean =>
  kind === 'If' || kind === 'For' || kind === 'While' || kind === 'With' || kind === 'Try' || kind === 'Match'

const isClause = ({ kind }: ast.Node): boolean => kind === 'MatchCase' || kind === 'ExceptHandler'

/** `sys.exit()`, `exit()`, `quit()`, `os._exit()`: nothing runs after it. */
export function isExit(expression: ast.Expression): boolean {
  if (expression.kind !== 'Call') return false
  const { func } = expression
  if (func.kind === 'Name') return func.id === 'exit' || func.id === 'quit'
  return (
    func.kind === 'Attribute' &&
    func.value.kind === 'Name' &&
    ((func.value.id === 'sys' && func.attr === 'exit') ||
      (func.value.id === 'os' && (func.attr === '_exit' || func.attr === 'abort')))
  )
}

/** What the tests around events ask. An answer to anything else decides nothing. */
function collectQuestions(model: Model, containsEvent: (node: ast.Node) => boolean): ReadonlySet<string> {
  const atoms = (test: ast.Expression): readonly ast.Expression[] => {
    if (test.kind === 'BoolOp') return test.values.flatMap(atoms)
    return test.kind === 'UnaryOp' && test.op === 'not' ? atoms(test.operand) : [test]
  }
  const branches = (['If', 'While', 'IfExp'] as const).flatMap(kind => [...nodesRun(model, kind)])
  const tests = branches.filter(containsEvent).flatMap(({ test }) => atoms(test))
  const asked = new Set(tests.map(questionOf))
  // What is assigned or passed under a name that a test asks for is asked for under its own name too.
  for (const { targets, value } of nodesRun(model, 'Assign'))
    if (targets.some(target => asked.has(questionOf(target))))
      for (const atom of atoms(value)) asked.add(questionOf(atom))
  for (const { arg, value } of nodesRun(model, 'Keyword'))
    if (arg !== undefined && (asked.has(arg) || arg === 'enabled'))
      for (const atom of atoms(value)) asked.add(questionOf(atom))
  return asked
}

/** `amp` for `args.amp` and `args.amp is not None`; any other test with its names left out: `(_+1)%_==0`. */
function questionOf(test: ast.Expression): string {
  if (test.kind === 'Name') return test.id
  if (test.kind === 'Attribute') return test.attr
  const [right] = test.kind === 'Compare' ? test.comparators : []
  if (test.kind === 'Compare' && right?.kind === 'Constant' && right.value === null) return questionOf(test.left)
  return shapeOf(test)
}

/** A parameter and what is passed for it have two names. */
function shapeOf(test: ast.Node): string {
  if (test.kind === 'Name') return '_'
  if (test.kind === 'Attribute')
    return test.value.kind === 'Name' || test.value.kind === 'Attribute' ? '_' : `.${test.attr}`
  if (test.kind === 'Constant') return String(test.value)
  if (test.kind === 'Compare') return `${[test.left, ...test.comparators].map(shapeOf).join('?')}`
  return `${test.kind}(${children(test).map(shapeOf).join(',')})`
}

/** The last names of everything that a test around an event reads. */
function namesInTests(model: Model, containsEvent: (node: ast.Node) => boolean): ReadonlySet<string> {
  const names = new Set<string>()
  const collect = (node: ast.Node): void => {
    if (node.kind === 'Name') names.add(node.id)
    if (node.kind === 'Attribute') names.add(node.attr)
    for (const child of children(node)) collect(child)
  }
  for (const kind of ['If', 'While', 'IfExp'] as const)
    for (const node of nodesRun(model, kind)) if (containsEvent(node)) collect(node.test)
  return names
}

const isNamed = (target: ast.Expression, names: ReadonlySet<string> | undefined): boolean =>
  names !== undefined &&
  ((target.kind === 'Name' && names.has(target.id)) || (target.kind === 'Attribute' && names.has(target.attr)))

function collectTargets(root: ast.Node): readonly ast.Expression[] {
  const found: ast.Expression[] = []
  const add = (target: ast.Expression): void => {
    if (target.kind === 'Tuple' || target.kind === 'List') target.elements.forEach(add)
    else if (target.kind === 'Starred') add(target.value)
    else found.push(target)
  }
  const visit = (node: ast.Node): void => {
    if (opensScope(node)) return
    if (node.kind === 'Assign') node.targets.forEach(add)
    else if (node.kind === 'AugAssign' || node.kind === 'AnnAssign' || node.kind === 'NamedExpr' || node.kind === 'For')
      add(node.target)
    else if (node.kind === 'WithItem' && node.optionalVars) add(node.optionalVars)
    children(node).forEach(visit)
  }
  visit(root)
  return found
}
