/**
 * What Python means: names, values, calls, control flow. The questions that rules ask, and the answers' types.
 *
 * Invariants of the layer: it knows no PyTorch; it never throws; what it cannot resolve is `unknown`, and nothing may be
 * reported on an unknown. Answers are computed on demand and remembered: a model is asked thousands of times.
 */
import type * as ast from '../syntax/ast.ts'
import type { Step } from './definitions.ts'
import type { PathAnswer, PathQuery } from './path.ts'

export type Certainty = 'yes' | 'no' | 'unknown'

/** What an expression may evaluate to. */
export type Value =
  /**
   * Something imported: a module, class, function or attribute of one, by its qualified name (`torch.nn.Linear`). `module`:
   * the file that it is, if it is one that is followed.
   */
  | { readonly kind: 'symbol'; readonly name: string; readonly module?: ast.Module }
  /** A class or function of this file, or of one that it imports. */
  | { readonly kind: 'class'; readonly node: ast.ClassDef }
  | { readonly kind: 'function'; readonly node: ast.FunctionLike; readonly receiver: Value | undefined }
  /**
   * An object made by calling a class (imported: its qualified name), or promised by an annotation (no creation; it may
   * then be of a derived class). The None of a function that ends without `return` is one of `builtins.NoneType`.
   */
  | { readonly kind: 'instance'; readonly of: string | ast.ClassDef; readonly creation: ast.Call | undefined }
  /** The value that a call of something imported returned, where the name is not known to be a class. */
  | { readonly kind: 'result'; readonly of: string; readonly call: ast.Call }
  /** A parameter that no call site in the file binds. */
  | { readonly kind: 'parameter'; readonly function: ast.FunctionLike; readonly parameter: ast.Parameter }
  /** Any other expression whose text is the value: a literal, a container display, arithmetic. */
  | { readonly kind: 'expression'; readonly node: ast.Expression }
  | { readonly kind: 'unknown' }

/**
 * The identity of an object or variable: two expressions of the same place are the same object at the same moment.
 * Places are interned: compare them with `===`; `key` is stable within a model and printable.
 */
export type Place = { readonly key: string } & (
  | { readonly kind: 'creation'; readonly call: ast.Call }
  | { readonly kind: 'variable'; readonly scope: Scope; readonly name: string }
  | { readonly kind: 'parameter'; readonly function: ast.FunctionLike; readonly name: string }
  /** `self` inside the methods of a class of the file. */
  | { readonly kind: 'self'; readonly class: ast.ClassDef }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'attribute'; readonly base: Place; readonly name: string }
  | { readonly kind: 'element'; readonly base: Place; readonly index: string | number }
)

/** The node that opens a scope; the module itself is one. */
export type Scope =
  | ast.Module
  | ast.FunctionLike
  | ast.ClassDef
  | ast.ListComp
  | ast.SetComp
  | ast.DictComp
  | ast.GeneratorExp

/** What a call calls. */
export type Callee =
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'class'; readonly node: ast.ClassDef }
  /** `receiver`: the expression whose method it is (`self` of `self.step()`), if it is a bound method. */
  | { readonly kind: 'function'; readonly node: ast.FunctionLike; readonly receiver: ast.Expression | undefined }
  | { readonly kind: 'unknown' }

/** What a call passes for a parameter. */
export type Argument =
  | { readonly kind: 'given'; readonly value: ast.Expression }
  | { readonly kind: 'absent' }
  /** Hidden behind `*args` or `**kwargs`. */
  | { readonly kind: 'unknown' }

/** What binds a name: what the path reaches from the value of an expression, or a parameter. */
export type Binding =
  | { readonly kind: 'value'; readonly expression: ast.Expression; readonly path: readonly Step[] }
  | { readonly kind: 'parameter'; readonly function: ast.FunctionLike; readonly parameter: ast.Parameter }

export type Literal = string | number | boolean | null | readonly Literal[]

export interface Model {
  readonly module: ast.Module
  readonly text: string
  /** The file that a node stands in: this one, or one that it imports. */
  moduleOf(node: { readonly start: number }): ast.Module
  /** The text of a node, in whichever file it stands. */
  textOf(node: ast.Node): string
  /** The functions of other files that this file's calls may run, themselves or through each other. */
  followed(): readonly ast.FunctionLike[]
  /** Every node of a kind in this file, in source order; `within` a node, itself included. */
  nodes<K extends ast.Kind>(kind: K, within?: ast.Node): readonly ast.NodeOf<K>[]
  /** Calls of this file whose callee certainly resolves to one of these names, also by inheritance: `SGD.step` is `Optimizer.step`. */
  calls(names: readonly string[], within?: ast.Node): readonly ast.Call[]
  /** `F.relu` → `torch.nn.functional.relu`, through imports, aliases and re-assignments; undefined where not certain. */
  qualifiedName(expression: ast.Expression): string | undefined
  /**
   * Is the value an instance of the class of this qualified name, or of a class derived from it? None is left out where it
   * would fail: where an attribute is read, and as an argument of something imported.
   */
  isInstance(expression: ast.Expression, className: string): Certainty
  /** All values that may reach this use; contains `unknown` where anything could not be followed. Never empty. */
  values(expression: ast.Expression): readonly Value[]
  /** The expressions assigned, whole or in part, by the definitions that reach a use of a name; none for a parameter. */
  sources(name: ast.Name): readonly ast.Expression[]
  /** Everything that may have bound a name where it is used; undefined if some of it is no value, or not visible. */
  bindings(name: ast.Name): readonly Binding[] | undefined
  /** The object that the expression denotes, through aliases and certain single assignments. Undefined: no identity to speak of. */
  place(expression: ast.Expression): Place | undefined
  callee(call: ast.Call): Callee
  /** By keyword or by position, given the callee's parameter names in order. */
  argument(call: ast.Call, name: string, position?: number): Argument
  /** The literal it evaluates to, folding arithmetic and certain assignments; undefined where not certain. */
  constant(expression: ast.Expression): Literal | undefined
  /** Can execution get from one call to another without passing certain others? Follows calls into the file's functions. */
  path(query: PathQuery): PathAnswer
  /**
   * Where the function is called in this file, if every use of its name is such a call; undefined if it escapes, and for
   * functions of other files.
   */
  callSites(node: ast.FunctionLike): readonly ast.Call[] | undefined
  /** The innermost scope that a node stands in. */
  scope(node: ast.Node): Scope
  /** The loops around a node within its function, innermost first. */
  loops(node: ast.Node): readonly (ast.For | ast.While)[]
  /** `with` items and decorators in force at a node, innermost first, up to its function's decorators. */
  contexts(node: ast.Node): readonly ast.Expression[]
}
