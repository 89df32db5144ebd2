/**
 * Python's abstract syntax as an immutable, typed tree. Nodes and fields carry the names of CPython's `ast` module, so
 * whoever knows that module knows this one; where it differs (one `FunctionDef` for sync and async, `Error` nodes,
 * `Parameter` lists) the comment says so.
 *
 * Invariants of the layer: parsing never fails and never throws on bad code; positions are UTF-16 offsets into the text
 * of the module (as in LSP); nothing here knows what a name means.
 */

/** What every node has. A parenthesised expression has the range of the expression, without its parentheses. */
interface Base<Kind extends string> {
  readonly kind: Kind
  /** Offset of the first character, in UTF-16 units. Valid until the document is parsed again. */
  readonly start: number
  /** Offset behind the last character. */
  readonly end: number
  /** The node that holds this one; `undefined` for the statements of the module itself. */
  readonly parent: Node | undefined
}

/** A whole file. Its statements outlive an edit elsewhere: an unchanged statement is the same object in the next module. */
export interface Module {
  readonly kind: 'Module'
  /** The position of its first character: 0, but for files that are read together with another one (relocate.ts). */
  readonly start: number
  readonly text: string
  readonly body: readonly Statement[]
  /** Every comment, in source order. */
  readonly comments: readonly Comment[]
}

export interface Comment {
  readonly start: number
  readonly end: number
}

export type Node = Statement | Expression | Helper
/** Parts of statements and expressions that are neither. */
export type Helper =
  | Parameter
  | Keyword
  | Alias
  | WithItem
  | ExceptHandler
  | MatchCase
  | Pattern
  | Comprehension
  | Decorator
  | TypeParameter
export type Kind = Node['kind']
export type NodeOf<K extends Kind> = Extract<Node, { kind: K }>

// Statements

export type Statement =
  | FunctionDef
  | ClassDef
  | Return
  | Delete
  | Assign
  | AugAssign
  | AnnAssign
  | TypeAlias
  | For
  | While
  | If
  | With
  | Match
  | Raise
  | Try
  | Assert
  | Import
  | ImportFrom
  | Global
  | Nonlocal
  | Expr
  | Pass
  | Break
  | Continue
  | ErrorStatement

interface StatementBase<K extends string> extends Base<K> {
  /** True if the statement, or anything inside it, could not be parsed. Rules stay silent on such a statement. */
  readonly broken: boolean
}

/** `def` and `async def`. The range begins at the first decorator. */
export interface FunctionDef extends StatementBase<'FunctionDef'> {
  readonly isAsync: boolean
  readonly name: string
  readonly nameStart: number
  readonly decorators: readonly Decorator[]
  readonly typeParameters: readonly TypeParameter[]
  readonly parameters: readonly Parameter[]
  readonly returns: Expression | undefined
  readonly body: readonly Statement[]
}
export interface ClassDef extends StatementBase<'ClassDef'> {
  readonly name: string
  readonly nameStart: number
  readonly decorators: readonly Decorator[]
  readonly typeParameters: readonly TypeParameter[]
  readonly bases: readonly Expression[]
  readonly keywords: readonly Keyword[]
  readonly body: readonly Statement[]
}
/** `@expression`; the range begins at the `@`. */
export interface Decorator extends Base<'Decorator'> {
  readonly expression: Expression
}
/** A PEP 695 type parameter: `T`, `T: bound`, `*Ts`, `**P`, each perhaps with a default. */
export interface TypeParameter extends Base<'TypeParameter'> {
  readonly name: string
}
export interface Return extends StatementBase<'Return'> {
  readonly value: Expression | undefined
}
export interface Delete extends StatementBase<'Delete'> {
  readonly targets: readonly Expression[]
}
/** `a = b = value`: two targets. */
export interface Assign extends StatementBase<'Assign'> {
  readonly targets: readonly Expression[]
  readonly value: Expression
}
export interface AugAssign extends StatementBase<'AugAssign'> {
  readonly target: Expression
  /** The operator without its `=`. */
  readonly op: BinaryOperator
  readonly value: Expression
}
export interface AnnAssign extends StatementBase<'AnnAssign'> {
  readonly target: Expression
  readonly annotation: Expression
  readonly value: Expression | undefined
}
export interface TypeAlias extends StatementBase<'TypeAlias'> {
  readonly name: Expression
  readonly typeParameters: readonly TypeParameter[]
  readonly value: Expression
}
export interface For extends StatementBase<'For'> {
  readonly isAsync: boolean
  readonly target: Expression
  readonly iter: Expression
  readonly body: readonly Statement[]
  readonly orelse: readonly Statement[]
}
export interface While extends StatementBase<'While'> {
  readonly test: Expression
  readonly body: readonly Statement[]
  readonly orelse: readonly Statement[]
}
/** An `elif` is an `If` that is the only statement of `orelse`, with `isElif` set. */
export interface If extends StatementBase<'If'> {
  readonly isElif: boolean
  readonly test: Expression
  readonly body: readonly Statement[]
  readonly orelse: readonly Statement[]
}
export interface With extends StatementBase<'With'> {
  readonly isAsync: boolean
  readonly items: readonly WithItem[]
  readonly body: readonly Statement[]
}
export interface WithItem extends Base<'WithItem'> {
  readonly contextExpression: Expression
  readonly optionalVars: Expression | undefined
}
export interface Match extends StatementBase<'Match'> {
  readonly subject: Expression
  readonly cases: readonly MatchCase[]
}
export interface MatchCase extends Base<'MatchCase'> {
  readonly pattern: Pattern
  readonly guard: Expression | undefined
  readonly body: readonly Statement[]
}
/** A pattern, reduced to what an analysis of names needs. */
export interface Pattern extends Base<'Pattern'> {
  /** The names that it binds, in source order. */
  readonly captures: readonly Name[]
  /** True if it matches every subject (`case _:`, `case x:`). */
  readonly irrefutable: boolean
}
export interface Raise extends StatementBase<'Raise'> {
  readonly exception: Expression | undefined
  readonly cause: Expression | undefined
}
export interface Try extends StatementBase<'Try'> {
  readonly body: readonly Statement[]
  readonly handlers: readonly ExceptHandler[]
  readonly orelse: readonly Statement[]
  readonly finalbody: readonly Statement[]
}
/** `except type as name:`; `isGroup` for `except*`. */
export interface ExceptHandler extends Base<'ExceptHandler'> {
  readonly isGroup: boolean
  readonly type: Expression | undefined
  readonly name: Name | undefined
  readonly body: readonly Statement[]
}
export interface Assert extends StatementBase<'Assert'> {
  readonly test: Expression
  readonly message: Expression | undefined
}
export interface Import extends StatementBase<'Import'> {
  readonly names: readonly Alias[]
}
/** `from ..module import a as b`: module `module`, level 2. `from . import a` has the empty module name. */
export interface ImportFrom extends StatementBase<'ImportFrom'> {
  readonly module: string
  readonly level: number
  /** A single alias of the name `*` for a star import. */
  readonly names: readonly Alias[]
}
/** `name as asname`; a dotted name stays one string. */
export interface Alias extends Base<'Alias'> {
  readonly name: string
  readonly asname: string | undefined
}
export interface Global extends StatementBase<'Global'> {
  readonly names: readonly string[]
}
export interface Nonlocal extends StatementBase<'Nonlocal'> {
  readonly names: readonly string[]
}
/** An expression used as a statement. */
export interface Expr extends StatementBase<'Expr'> {
  readonly value: Expression
}
export interface Pass extends StatementBase<'Pass'> {}
export interface Break extends StatementBase<'Break'> {}
export interface Continue extends StatementBase<'Continue'> {}
/** Text that is no statement. */
export interface ErrorStatement extends StatementBase<'ErrorStatement'> {}

// Expressions

export type Expression =
  | BoolOp
  | NamedExpr
  | BinOp
  | UnaryOp
  | Lambda
  | IfExp
  | Dict
  | SetDisplay
  | ListComp
  | SetComp
  | DictComp
  | GeneratorExp
  | Await
  | Yield
  | YieldFrom
  | Compare
  | Call
  | JoinedStr
  | Constant
  | Attribute
  | Subscript
  | Starred
  | Name
  | List
  | Tuple
  | Slice
  | ErrorExpression

export type BinaryOperator = '+' | '-' | '*' | '@' | '/' | '%' | '**' | '<<' | '>>' | '|' | '^' | '&' | '//'
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'is' | 'is not' | 'in' | 'not in'

/** `a and b and c` is one node of three values. */
export interface BoolOp extends Base<'BoolOp'> {
  readonly op: 'and' | 'or'
  readonly values: readonly Expression[]
}
export interface NamedExpr extends Base<'NamedExpr'> {
  readonly target: Name
  readonly value: Expression
}
export interface BinOp extends Base<'BinOp'> {
  readonly left: Expression
  readonly op: BinaryOperator
  readonly right: Expression
}
export interface UnaryOp extends Base<'UnaryOp'> {
  readonly op: 'not' | '-' | '+' | '~'
  readonly operand: Expression
}
export interface Lambda extends Base<'Lambda'> {
  readonly parameters: readonly Parameter[]
  readonly body: Expression
}
/** A parameter of a function or lambda. Bare `*` and `/` are not parameters; they show in `mode`. */
export interface Parameter extends Base<'Parameter'> {
  readonly name: string
  readonly mode: 'positional-only' | 'positional-or-keyword' | 'variadic' | 'keyword-only' | 'keyword-variadic'
  readonly annotation: Expression | undefined
  readonly default: Expression | undefined
}
export interface IfExp extends Base<'IfExp'> {
  readonly test: Expression
  readonly body: Expression
  readonly orelse: Expression
}
/** A key of `undefined` stands for `**value`. */
export interface Dict extends Base<'Dict'> {
  readonly keys: readonly (Expression | undefined)[]
  readonly values: readonly Expression[]
}
export interface SetDisplay extends Base<'Set'> {
  readonly elements: readonly Expression[]
}
export interface ListComp extends Base<'ListComp'> {
  readonly element: Expression
  readonly generators: readonly Comprehension[]
}
export interface SetComp extends Base<'SetComp'> {
  readonly element: Expression
  readonly generators: readonly Comprehension[]
}
export interface DictComp extends Base<'DictComp'> {
  readonly key: Expression
  readonly value: Expression
  readonly generators: readonly Comprehension[]
}
export interface GeneratorExp extends Base<'GeneratorExp'> {
  readonly element: Expression
  readonly generators: readonly Comprehension[]
}
export interface Comprehension extends Base<'Comprehension'> {
  readonly isAsync: boolean
  readonly target: Expression
  readonly iter: Expression
  readonly ifs: readonly Expression[]
}
export interface Await extends Base<'Await'> {
  readonly value: Expression
}
export interface Yield extends Base<'Yield'> {
  readonly value: Expression | undefined
}
export interface YieldFrom extends Base<'YieldFrom'> {
  readonly value: Expression
}
export interface Compare extends Base<'Compare'> {
  readonly left: Expression
  readonly ops: readonly CompareOperator[]
  readonly comparators: readonly Expression[]
}
export interface Call extends Base<'Call'> {
  readonly func: Expression
  /** Positional arguments, `Starred` ones included. A lone generator argument is a `GeneratorExp`. */
  readonly args: readonly Expression[]
  readonly keywords: readonly Keyword[]
  /** Offset of the opening parenthesis. The closing one is the character before `end`. */
  readonly argumentsStart: number
}
/** `arg=value`, or `**value` with `arg` undefined. */
export interface Keyword extends Base<'Keyword'> {
  readonly arg: string | undefined
  readonly value: Expression
}
/** An f-string (or t-string); adjacent literals that contain one are one node. Holds the interpolated expressions. */
export interface JoinedStr extends Base<'JoinedStr'> {
  readonly values: readonly Expression[]
}
/** A literal. `value`: the decoded text of a str, the number of an int or float (a big int may lose digits), a bool, null for the rest. */
export interface Constant extends Base<'Constant'> {
  readonly type: 'str' | 'bytes' | 'int' | 'float' | 'complex' | 'bool' | 'None' | 'Ellipsis'
  readonly value: string | number | boolean | null
}
export interface Attribute extends Base<'Attribute'> {
  readonly value: Expression
  readonly attr: string
  readonly attrStart: number
}
export interface Subscript extends Base<'Subscript'> {
  readonly value: Expression
  /** A `Tuple` if there are several, as in CPython. */
  readonly slice: Expression
}
export interface Starred extends Base<'Starred'> {
  readonly value: Expression
}
export interface Name extends Base<'Name'> {
  readonly id: string
}
export interface List extends Base<'List'> {
  readonly elements: readonly Expression[]
}
/** With or without parentheses; the range includes them where they are there. */
export interface Tuple extends Base<'Tuple'> {
  readonly elements: readonly Expression[]
}
export interface Slice extends Base<'Slice'> {
  readonly lower: Expression | undefined
  readonly upper: Expression | undefined
  readonly step: Expression | undefined
}
/** Text that is no expression. */
export interface ErrorExpression extends Base<'ErrorExpression'> {}

/** Anything that opens a scope of its own for parameters. */
export type FunctionLike = FunctionDef | Lambda
