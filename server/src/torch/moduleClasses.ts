/** The classes of the file that are modules for certain, and what classes define. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { remember } from './remember.ts'

export interface ModuleClass {
  readonly node: ast.ClassDef
  /** It derives from `nn.Module` itself, and from nothing else. */
  readonly isDirect: boolean
}

export const moduleClasses = remember((model: Model): readonly ModuleClass[] =>
  model
    .nodes('ClassDef')
    .filter(node => isModuleClass(model, node, 0))
    .map(node => ({
      node,
      isDirect: node.bases.length === 1 && node.bases.every(base => isModuleItself(model, base)),
    })),
)

/** The method of this name that the class itself defines. */
export function methodOf(node: ast.ClassDef, name: string): ast.FunctionDef | undefined {
  return node.body.find(statement => statement.kind === 'FunctionDef' && statement.name === name) as
    | ast.FunctionDef
    | undefined
}

/** Does this file, or one with the object's class or a base of it, define a function of this name? */
export function mayDefine(model: Model, object: ast.Expression, name: string): boolean {
  return filesOf(model, object).some(({ body }) =>
    body.some(statement => model.nodes('FunctionDef', statement).some(code => code.name === name)),
  )
}

/** Does a class that the object may be of, or a base of it, define a method of this name? */
export const hasMethod = (model: Model, object: ast.Expression, name: string): boolean =>
  classesOf(model, object).some(node => methodOf(node, name) !== undefined)

/** This file, and those in which the classes stand that an object is of. */
export const filesOf = (model: Model, object: ast.Expression): readonly ast.Module[] => [
  ...new Set([model.module, ...classesOf(model, object).map(node => model.moduleOf(node))]),
]

function classesOf(model: Model, object: ast.Expression): readonly ast.ClassDef[] {
  return model
    .values(object)
    .flatMap(value => (value.kind === 'instance' && typeof value.of !== 'string' ? lineageOf(model, value.of) : []))
}

/** A class and those that it derives from, as far as they are followed. */
export function lineageOf(model: Model, node: ast.ClassDef, depth = 0): readonly ast.ClassDef[] {
  const bases = node.bases.flatMap(base => model.values(base))
  const inherited = bases.flatMap(base =>
    base.kind === 'class' && depth < depthLimit ? lineageOf(model, base.node, depth + 1) : [],
  )
  return [node, ...inherited]
}

function isModuleItself(model: Model, base: ast.Expression): boolean {
  return model.qualifiedName(base) === 'torch.nn.Module'
}

/** Parameters and initialisers live in `torch.nn` too, and no class of `torch.nn` that users derive from is anything else. */
const notModules = /\.(?:Parameter|Buffer|Uninitialized\w+)$/

const depthLimit = 8

function isModuleClass(model: Model, node: ast.ClassDef, depth: number): boolean {
  return node.bases.some(base => {
    const [value, ...others] = model.values(base)
    if (others.length > 0) return false
    if (value?.kind === 'symbol')
      return /^torch\.nn\.[A-Z]\w*$|\.LightningModule$/.test(value.name) && !notModules.test(value.name)
    return value?.kind === 'class' && depth < depthLimit && isModuleClass(model, value.node, depth + 1)
  })
}
