import type * as ast from '../syntax/ast.ts'
import type { Place } from './model.ts'
import type { Variable } from './scopes.ts'

/** The places of a model, each one object: equal places are identical. */
export interface PlaceTable {
  creation(call: ast.Call): Place
  variable(variable: Variable): Place
  parameter(node: ast.FunctionLike, name: string): Place
  self(node: ast.ClassDef): Place
  symbol(name: string): Place
  attribute(base: Place, name: string): Place
  element(base: Place, index: string | number): Place
}

/** Keys are printable, and start with the key of the object that an attribute or element is part of. */
export function createPlaceTable(): PlaceTable {
  const places = new Map<string, Place>()
  const intern = (place: Place): Place => {
    const known = places.get(place.key)
    if (!known) places.set(place.key, place)
    return known ?? place
  }
  return {
    creation: call => intern({ kind: 'creation', key: `${calledName(call)}()@${call.start}-${call.end}`, call }),
    variable: ({ scope, name }) => intern({ kind: 'variable', key: name + suffix(scope), scope, name }),
    parameter: (node, name) => intern({ kind: 'parameter', key: `(${name})${suffix(node)}`, function: node, name }),
    self: node => intern({ kind: 'self', key: `self@${node.name}@${node.start}`, class: node }),
    symbol: name => intern({ kind: 'symbol', key: `:${name}`, name }),
    attribute: (base, name) => intern({ kind: 'attribute', key: `${base.key}.${name}`, base, name }),
    element: (base, index) => intern({ kind: 'element', key: `${base.key}[${JSON.stringify(index)}]`, base, index }),
  }
}

/** The scope of a variable, but for those of the analysed file's module. */
function suffix(scope: Variable['scope']): string {
  if (scope.kind === 'Module') return scope.start === 0 ? '' : `@@${scope.start}`
  const name = scope.kind === 'FunctionDef' || scope.kind === 'ClassDef' ? scope.name : scope.kind
  return `@${name}@${scope.start}`
}

function calledName({ func }: ast.Call): string {
  return func.kind === 'Name' ? func.id : func.kind === 'Attribute' ? func.attr : ''
}
