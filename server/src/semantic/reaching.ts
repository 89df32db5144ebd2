import type * as ast from '../syntax/ast.ts'
import type { Definition } from './definitions.ts'
import { buildFlow, type Flow } from './flow.ts'
import { isBuiltin } from './knowledge.ts'
import type { Scope } from './model.ts'
import { isComprehension, isFunction, scopeOf, type Variable } from './scopes.ts'
import type { Survey } from './survey.ts'
import type { Block } from './trace.ts'

/** What a name may refer to where it stands. */
export interface Reaching {
  readonly definitions: readonly Definition[]
  /** True if on some way nothing in the module has bound it: it may be a builtin. In a function that is an error. */
  readonly unbound: boolean
  /** False if there are more definitions than are worth telling apart. */
  readonly complete: boolean
}

export interface Names {
  /** The variable that a name refers to, by Python's scope rules; undefined for what the file does not bind. */
  variable(name: ast.Name): Variable | undefined
  /** The same for a name that stands in no tree, as in a string annotation. */
  lookup(id: string, scope: Scope): Variable | undefined
  /** The definitions that may reach the use. */
  reaching(name: ast.Name): Reaching
  /** Every read of a variable. */
  uses(variable: Variable): readonly ast.Name[]
  /** The control flow of a scope. */
  flow(scope: ast.Module | ast.FunctionDef | ast.ClassDef): Flow
}

const nothing: Reaching = { definitions: [], unbound: true, complete: true }

/** With more definitions than this a name may be anything. */
const maximumDefinitions = 24

export function createNames(module: ast.Module, survey: Survey): Names {
  const variables = new Map<ast.Name, Variable | undefined>()
  const flows = new Map<Scope, Flow>()
  const uses = new Map<Variable, readonly ast.Name[]>()
  const answers = new Map<ast.Name, Reaching>()

  function flow(scope: ast.Module | ast.FunctionDef | ast.ClassDef): Flow {
    let built = flows.get(scope)
    if (!built) {
      built = buildFlow(scope, survey)
      flows.set(scope, built)
    }
    return built
  }

  function lookup(id: string, from: Scope): Variable | undefined {
    let scope = from
    for (;;) {
      const names = survey.scopes.get(scope)
      if (names?.globals.has(id)) return survey.scopes.get(module)?.variables.get(id)
      // The names of a class are visible in its body alone, not in what is nested there.
      if (scope.kind !== 'ClassDef' || scope === from) {
        const variable = names?.variables.get(id)
        if (variable) return variable
      }
      if (scope.kind === 'Module') return undefined
      scope = scopeOf(scope, module)
    }
  }

  function variable(name: ast.Name): Variable | undefined {
    if (variables.has(name)) return variables.get(name)
    const definition = survey.definitionAt.get(name)
    const found = lookup(name.id, definition?.site ?? scopeOf(name, module))
    variables.set(name, found)
    return found
  }

  function reaching(name: ast.Name): Reaching {
    let answer = answers.get(name)
    if (!answer) {
      const found = variable(name)
      answer = found ? reachingOf(name, found) : nothing
      answers.set(name, answer)
    }
    return answer
  }

  function reachingOf(name: ast.Name, found: Variable): Reaching {
    const { scope } = found
    if (scope.kind !== 'ClassDef' && !isBuiltin(found.name)) {
      const only = onlyDefinition(found)
      if (only) return bound([only])
    }
    if (scope.kind === 'Lambda' || isComprehension(scope)) return anyOrder(found)
    const use = runsIn(name, scope)
    if (!use) return anyOrder(found)
    const position = flow(scope).positions.get(use)
    if (!position) return bound([])
    const answer = backwards(position.block, position.count, found.name)
    const foreign = found.definitions.filter(definition => definition.site !== scope)
    const definitions = [...answer.definitions, ...foreign]
    if (!answer.complete || definitions.length > maximumDefinitions) return { ...answer, complete: false }
    if (scope.kind === 'ClassDef' && answer.unbound) {
      const outer = lookup(name.id, scopeOf(scope, module))
      if (outer) return bound([...definitions, ...anyOrder(outer).definitions])
    }
    const unbound = answer.unbound && foreign.length === 0 && scope.kind !== 'FunctionDef'
    return { definitions, unbound, complete: true }
  }

  /** The node of `scope`'s own flow that the name is evaluated with; undefined if it runs at another time, in a closure. */
  function runsIn(name: ast.Name, scope: Scope): ast.Node | undefined {
    let node: ast.Node = name
    for (;;) {
      const around = scopeOf(node, module)
      if (around === scope) return node
      if (around.kind === 'Module' || isFunction(around)) return undefined
      // A name inside a comprehension is recorded itself; a class body runs where the class statement stands.
      if (around.kind === 'ClassDef') node = around
      else if (scopeOf(around, module) === scope) return name
      else node = around
    }
  }

  function usesOf(wanted: Variable): readonly ast.Name[] {
    let found = uses.get(wanted)
    if (!found) {
      const names = survey.namesById.get(wanted.name) ?? []
      found = names.filter(name => !survey.definitionAt.has(name) && variable(name) === wanted)
      uses.set(wanted, found)
    }
    return found
  }

  return { variable, lookup, reaching, uses: usesOf, flow }
}

/** The definition that a variable gets all its values from, if there is one only. */
export function onlyDefinition(variable: Variable): Definition | undefined {
  let only: Definition | undefined
  for (const definition of variable.definitions) {
    if (definition.source.kind === 'deleted') return undefined
    if (!isValue(definition)) continue
    if (only) return undefined
    only = definition
  }
  return only
}

/** For a closure, which runs at an unknown time: everything that the variable is ever bound to. */
export function anyOrder(variable: Variable): Reaching {
  if (variable.definitions.length > maximumDefinitions) return { definitions: [], unbound: false, complete: false }
  const values = variable.definitions.filter(isValue)
  return bound(values.length > 0 ? values : variable.definitions.filter(({ source }) => source.kind !== 'deleted'))
}

function bound(definitions: readonly Definition[]): Reaching {
  return { definitions, unbound: false, complete: true }
}

/** A bare annotation declares a variable, but gives it no value. */
function isValue(definition: Definition): boolean {
  return definition.source.kind !== 'annotation' && definition.source.kind !== 'deleted'
}

/** Searches every way backwards until it meets a definition of the name. */
function backwards(block: Block, count: number, name: string): Reaching {
  const found = new Set<Definition>()
  let unbound = false
  const seen = new Set<Block>()
  const pending: Block[] = []
  const search = (from: Block, before: number): void => {
    for (let i = before - 1; i >= 0; i--) {
      const definition = from.definitions[i]
      if (definition?.name === name) {
        if (definition.source.kind !== 'deleted') found.add(definition)
        return
      }
    }
    if (from.predecessors.length === 0) unbound = true
    for (const predecessor of from.predecessors) {
      if (!seen.has(predecessor)) {
        seen.add(predecessor)
        pending.push(predecessor)
      }
    }
  }
  search(block, count)
  // Breadth first: the nearest definitions are found before the search goes far.
  for (let next = 0; next < pending.length; next++) {
    if (found.size > maximumDefinitions) return { definitions: [], unbound: false, complete: false }
    const from = pending[next]
    if (from) search(from, from.definitions.length)
  }
  return { definitions: [...found], unbound, complete: true }
}
