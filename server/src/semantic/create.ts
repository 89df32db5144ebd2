import type * as ast from '../syntax/ast.ts'
import { type Analysis, type CallSites, type Positioned, unknownValues, type Values } from './analysis.ts'
import { annotated } from './annotations.ts'
import { argumentOf } from './arguments.ts'
import { calleeOf } from './callee.ts'
import { createCallIndex } from './callIndex.ts'
import { returnValues } from './calls.ts'
import { createClasses } from './classes.ts'
import { createConstants } from './constants.ts'
import { createContainers } from './containers.ts'
import type { Step } from './definitions.ts'
import { type File, fileOf, namesOfAll } from './file.ts'
import { followedFunctions } from './followed.ts'
import { type Imports, noImports } from './imports.ts'
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
import { scopeOf } from './scopes.ts'
import { bindingsOf, sourcesOf } from './sources.ts'
import { contextsAround, loopsAround } from './surroundings.ts'
import { evaluate, evaluateSource } from './values.ts'

/**
 * The model of one version of a file, and of the files that its imports lead to. The tree is surveyed now; everything else
 * waits for a question.
 */
export function createModel(module: ast.Module, knowledge: Knowledge = {}, imports: Imports = noImports): Model {
  const analysis = createAnalysis(module, knowledge, imports)
  const constant = createConstants(analysis)
  const { place } = createPlaces(analysis, createPlaceTable(), constant)
  let followed: readonly ast.FunctionLike[] | undefined
  const model: Model = {
    module,
    text: module.text,
    moduleOf: node => analysis.file(node).module,
    textOf: node => {
      const { start, text } = analysis.file(node).module
      return text.slice(node.start - start, node.end - start)
    },
    followed: () => (followed ??= followedFunctions(model)),
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
    scope: analysis.scope,
    loops: loopsAround,
    contexts: contextsAround,
    path: query => findPath(model, query),
  }
  return model
}

function createAnalysis(module: ast.Module, knowledge: Knowledge, imports: Imports): Analysis {
  const main = fileOf(module)
  const memoise = createMemory()
  const file = (node: Positioned): File => {
    const other = node.start > module.text.length ? imports.at(node.start) : undefined
    return other ? fileOf(other) : main
  }
  const nodes = <K extends ast.Kind>(kind: K, within?: ast.Node): readonly ast.NodeOf<K>[] => {
    const { survey } = within ? file(within) : main
    const all = (survey.byKind.get(kind) ?? []) as readonly ast.NodeOf<K>[]
    return within ? nodesWithin(all, within) : all
  }
  const analysis: Analysis = {
    main,
    imports,
    file,
    survey: node => file(node).survey,
    surveysAround: node => {
      const own = file(node)
      return own === main ? [main.survey] : [own.survey, main.survey]
    },
    scope: node => scopeOf(node, file(node).module),
    names: imports === noImports ? main.names : namesOfAll(file),
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
