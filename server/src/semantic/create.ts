import type * as ast from '../syntax/ast.ts'
import { type Analysis, type CallSites, unknownValues, type Values } from './analysis.ts'
import { annotated } from './annotations.ts'
import { argumentOf } from './arguments.ts'
import { calleeOf } from './callee.ts'
import { createCallIndex } from './callIndex.ts'
import { returnValues } from './calls.ts'
import { createClasses } from './classes.ts'
import { createConstants } from './constants.ts'
import { createContainers } from './containers.ts'
import type { Step } from './definitions.ts'
import { isInstanceOf } from './instances.ts'
import { createLibrary, type Knowledge } from './knowledge.ts'
import { members, superMembers } from './members.ts'
import { createMemory } from './memo.ts'
import type { Model } from './model.ts'
import { nodesWithin } from './nodes.ts'
import { callSitesOf, creationsOf, parameterValues } from './parameters.ts'
import { findPath } from './path.ts'
import { followPath, spellPath } from './paths.ts'
import { createPlaces } from './places.ts'
import { createPlaceTable } from './placeTable.ts'
import { createNames } from './reaching.ts'
import { scopeOf } from './scopes.ts'
import { bindingsOf, sourcesOf } from './sources.ts'
import { contextsAround, loopsAround } from './surroundings.ts'
import { survey } from './survey.ts'
import { evaluate, evaluateSource } from './values.ts'

/** The model of one version of a file. The tree is surveyed now; everything else waits for a question. */
export function createModel(module: ast.Module, knowledge: Knowledge = {}): Model {
  const analysis = createAnalysis(module, knowledge)
  const constant = createConstants(analysis)
  const { place } = createPlaces(analysis, createPlaceTable(), constant)
  const model: Model = {
    module,
    text: module.text,
    nodes: analysis.nodes,
    calls: createCallIndex(analysis),
    qualifiedName: expression => {
      const [value, ...others] = analysis.values(expression)
      return value?.kind === 'symbol' && others.length === 0 ? value.name : undefined
    },
    isInstance: (expression, className) => isInstanceOf(analysis, expression, className),
    values: analysis.values,
    sources: name => sourcesOf(analysis, name),
    bindings: name => bindingsOf(analysis, name),
    place,
    callee: call => calleeOf(analysis, call),
    argument: argumentOf,
    constant,
    callSites: node => {
      const { calls, complete } = analysis.callSites(node)
      return complete ? calls : undefined
    },
    scope: node => scopeOf(node, module),
    loops: loopsAround,
    contexts: contextsAround,
    path: query => findPath(model, query),
  }
  return model
}

function createAnalysis(module: ast.Module, knowledge: Knowledge): Analysis {
  const surveyed = survey(module)
  const memoise = createMemory()
  const nodes = <K extends ast.Kind>(kind: K, within?: ast.Node): readonly ast.NodeOf<K>[] => {
    const all = (surveyed.byKind.get(kind) ?? []) as readonly ast.NodeOf<K>[]
    return within ? nodesWithin(all, within) : all
  }
  const analysis: Analysis = {
    module,
    survey: surveyed,
    names: createNames(module, surveyed),
    library: createLibrary(knowledge),
    get classes() {
      return classes
    },
    memoise,
    nodes,
    values: memoise(unknownValues, expression => evaluate(analysis, expression)),
    sourceValues: memoise(unknownValues, source => evaluateSource(analysis, source)),
    contents: display => contents(display),
    pathValues: (expression, path) => (path.length === 0 ? analysis.values(expression) : alongPath(path)(expression)),
    annotationValues: annotation => annotated(analysis, annotation),
    members: (value, name) => members(analysis, classes, value, name),
    superMembers: (node, name) => superMembers(analysis, classes, node, name),
    parameterValues: (node, parameter) => parameterValues(analysis, node, parameter),
    callSites: memoise(nowhere, node => callSitesOf(analysis, node)),
    creations: memoise(nowhere, node => creationsOf(analysis, node)),
    returnValues: (node, call) => returnValues(analysis, node, call),
  }
  const paths = new Map<string, (expression: ast.Expression) => Values>()
  const alongPath = (path: readonly Step[]): ((expression: ast.Expression) => Values) => {
    const spelling = spellPath(path)
    const known = paths.get(spelling)
    if (known) return known
    const along = memoise(unknownValues, (expression: ast.Expression) => followPath(analysis, expression, path))
    paths.set(spelling, along)
    return along
  }
  const classes = createClasses(analysis)
  const contents = createContainers(analysis)
  return analysis
}

const nowhere: CallSites = { calls: [], complete: false }
