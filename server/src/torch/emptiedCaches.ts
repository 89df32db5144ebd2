/** `torch.cuda.empty_cache()` where it runs once for every batch. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { trainingLoops } from './loops.ts'
import { textOf } from './names.ts'
import { remember } from './remember.ts'
import { methodCall, methodCalls } from './usage.ts'

export interface EmptiedCache {
  readonly call: ast.Call
  readonly loop: ast.For | ast.While
  /** What goes with the call: the `if` that only asks for CUDA, or the call's own statement. */
  readonly statement: ast.Statement
}

export function emptiedCaches(model: Model): readonly EmptiedCache[] {
  return model.calls(['torch.cuda.empty_cache']).flatMap(call => {
    const statement = call.parent?.kind === 'Expr' ? withGuard(model, call.parent) : undefined
    if (!statement) return []
    const loop = isBetweenPhases(model, statement) ? undefined : batchLoopAround(model, statement, 0)
    return loop && !movesModels(model, loop) ? [{ call, loop, statement }] : []
  })
}

const batchLoops = remember(
  (model: Model): ReadonlySet<ast.Node> =>
    new Set(
      trainingLoops(model)
        .filter(
          ({ node, level, mode }) => level === 'batch' && (mode === 'training' || isOverBatches(model, node, mode)),
        )
        .map(({ node }) => node),
    ),
)

/** What is evaluated one by one, image files for instance, may differ in size from one to the next. */
const isOverBatches = (model: Model, node: ast.For | ast.While, mode: string): boolean =>
  mode === 'evaluation' && node.kind === 'For' && /load|batch|\bdl\b/i.test(textOf(model, node.iter))

/** Is there work both before and after the statement? Then one part of the batch makes room for the next. */
function isBetweenPhases(model: Model, statement: ast.Statement): boolean {
  const loop = model.loops(statement)[0]
  const scope = model.scope(statement)
  const within = loop ?? (scope.kind === 'Module' ? undefined : scope)
  const work = model.nodes('Call', within).filter(call => isInBody(call, loop) && isWork(model, call))
  return work.some(({ end }) => end <= statement.start) && work.some(({ start }) => start >= statement.end)
}

const isInBody = (call: ast.Call, loop: ast.For | ast.While | undefined): boolean =>
  call.start >= (loop?.body[0]?.start ?? 0)

/** What may compute on the GPU: not a move, a number for the log, or a function of Python's own. */
function isWork(model: Model, call: ast.Call): boolean {
  const name = model.qualifiedName(call.func) ?? ''
  if (/^(?:builtins|gc|logging|time|tqdm|torch\.cuda)\./.test(name)) return false
  return !light.has(call.func.kind === 'Attribute' ? call.func.attr : '')
}

const light: ReadonlySet<string> = new Set(
  (
    'add_scalar append close cpu cuda debug detach eval extend flush format info item items log numpy set_description ' +
    'set_postfix size to tolist train update write zero_grad'
  ).split(' '),
)

const depthLimit = 4

/** The batch loop that runs a statement in each of its iterations, itself or through the functions that it calls. */
function batchLoopAround(model: Model, statement: ast.Node, depth: number): ast.For | ast.While | undefined {
  for (let at: ast.Node | undefined = statement.parent; at; at = at.parent) {
    if (at.kind === 'For' || at.kind === 'While') return batchLoops(model).has(at) ? at : undefined
    if (at.kind === 'FunctionDef') {
      const sites = depth < depthLimit ? (model.callSites(at) ?? []) : []
      for (const site of sites) {
        const loop = batchLoopAround(model, site, depth + 1)
        if (loop) return loop
      }
      return undefined
    }
    if (isConditional(at)) return undefined
  }
  return undefined
}

const isConditional = ({ kind }: ast.Node): boolean =>
  kind === 'If' || kind === 'IfExp' || kind === 'ExceptHandler' || kind === 'MatchCase' || kind === 'Lambda'

/** `if torch.cuda.is_available():` around the statement alone decides nothing here. */
function withGuard(model: Model, statement: ast.Expr): ast.Statement {
  const { parent } = statement
  if (parent?.kind !== 'If' || parent.isElif || parent.body.length + parent.orelse.length > 1) return statement
  const { test } = parent
  const asks = test.kind === 'Call' && model.qualifiedName(test.func) === 'torch.cuda.is_available'
  return asks ? parent : statement
}

/** Models that take turns on the GPU, or are deleted for the next one, leave memory that others can use. */
function movesModels(model: Model, loop: ast.Node): boolean {
  const isMoved = model.nodes('Expr', loop).some(({ value }) => {
    const method = value.kind === 'Call' ? methodCall(value) : undefined
    return method !== undefined && ['cpu', 'cuda', 'to'].includes(method.method)
  })
  const deleted = model.nodes('Delete', loop).flatMap(({ targets }) => targets)
  return isMoved || deleted.some(target => methodCalls(model, target).some(({ method }) => ofModules.has(method)))
}

const ofModules: ReadonlySet<string> = new Set(['eval', 'load_state_dict', 'parameters', 'state_dict', 'train'])
