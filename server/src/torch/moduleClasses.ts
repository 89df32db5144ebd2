/** The classes of the file that are modules for certain. */
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
