import type * as ast from '../syntax/ast.ts'
import { type Analysis, type CallSites, unknownValues, type Values } from './analysis.ts'
import { annotated } from './annotations.ts'
import { argumentOf } from './arguments.ts'
import { calleeOf, callsOneOf } from './callee.ts'
import { returnValues } from './calls.ts'
import { createClasses } from './classes.ts'
import { createConstants } from './constants.ts'
import type { Source } from './definitions.ts'
import { followPath } from './elements.ts'
import { isInstanceOf } from './instances.ts'
import { createLibrary, type Knowledge } from './knowledge.ts'
import { members, superMembers } from './members.ts'
import { createMemory } from './memo.ts'
import type { Model } from './model.ts'
import { nodesWithin } from './nodes.ts'
import { callSitesOf, creationsOf, parameterValues } from './parameters.ts'
import { createPlaces } from './places.ts'
import { createPlaceTable } from './placeTable.ts'
import { createNames } from './reaching.ts'
import { scopeOf } from './scopes.ts'
import { contextsAround, loopsAround } from './surroundings.ts'
import { survey } from './survey.ts'
import { evaluate, evaluateSource } from './values.ts'

/** The model of one version of a file. The tree is surveyed now; everything else waits for a question. */
export function createModel(module: ast.Module, knowledge: Knowledge = {}): Model {
  const analysis = createAnalysis(module, knowledge)
  const constant = createConstants(analysis)
  const { place } = createPlaces(analysis, createPlaceTable(), constant)
  return {
    module,
    text: module.text,
    nodes: analysis.nodes,
    calls: (names, within) => {
      const wanted = new Set(names)
      return analysis.nodes('Call', within).filter(call => callsOneOf(analysis, call, wanted))
    },
    qualifiedName: expression => {
      const [value, ...others] = analysis.values(expression)
      return value?.kind === 'symbol' && others.length === 0 ? value.name : undefined
    },
    isInstance: (expression, className) => isInstanceOf(analysis, expression, className),
    values: analysis.values,
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
  }
}

function createAnalysis(module: ast.Module, knowledge: Knowledge): Analysis {
  const surveyed = survey(module)
  const remember = createMemory()
  const expressions = new Map<ast.Expression, Values>()
  const sources = new Map<Source, Values>()
  const sites = new Map<ast.FunctionLike, CallSites>()
  const creations = new Map<ast.ClassDef, CallSites>()
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
    remember,
    nodes,
    values: expression => remember(expressions, expression, unknownValues, () => evaluate(analysis, expression)),
    sourceValues: source => remember(sources, source, unknownValues, () => evaluateSource(analysis, source)),
    pathValues: (expression, path) => followPath(analysis, expression, path),
    annotationValues: annotation => annotated(analysis, annotation),
    members: (value, name) => members(analysis, classes, value, name),
    superMembers: (node, name) => superMembers(analysis, classes, node, name),
    parameterValues: (node, parameter) => parameterValues(analysis, node, parameter),
    callSites: node => remember(sites, node, { calls: [], complete: false }, () => callSitesOf(analysis, node)),
    creations: node => remember(creations, node, { calls: [], complete: false }, () => creationsOf(analysis, node)),
    returnValues: (node, call) => returnValues(analysis, node, call),
  }
  const classes = createClasses(analysis)
  return analysis
}
