/**
 * What a caller knows about libraries. The layer itself knows Python and its builtins only; every answer may be
 * `undefined`, and then nothing is concluded.
 */
export interface Knowledge {
  /** The one name of an object that has several: `torch.optim.adamw.AdamW` → `torch.optim.AdamW`. */
  readonly canonical?: (qualifiedName: string) => string
  /** Does calling this name make an instance of it? */
  readonly isClass?: (qualifiedName: string) => boolean | undefined
  /** The direct base classes of a known class. */
  readonly bases?: (className: string) => readonly string[] | undefined
  /** The class of what a function or method (`<class>.<method>`) returns; `self`: the receiver itself. */
  readonly returns?: (qualifiedName: string) => string | undefined
  /** The method that calling an instance of the class, or of a class of the file derived from it, runs. */
  readonly invokes?: (className: string) => string | undefined
  /** Does this decorator leave the parameters and the return value of what it decorates as they are? */
  readonly transparent?: (qualifiedName: string) => boolean | undefined
}

/** Python's own names, and what the caller adds to them. */
export interface Library {
  canonical(qualifiedName: string): string
  /** True for names that look like a class where nothing else is known. */
  isClass(qualifiedName: string): boolean
  /** Undefined for a class of which nothing is known. */
  bases(className: string): readonly string[] | undefined
  /** Also through the bases of the method's class. */
  returns(qualifiedName: string): string | undefined
  invokes(className: string): string | undefined
  transparent(decorator: string): boolean
}

/** The answers are remembered: the same few names are asked for again and again. */
export function createLibrary(knowledge: Knowledge): Library {
  const bases = remembered(name => knowledge.bases?.(name) ?? (builtinClasses.has(name) ? [] : undefined))
  return {
    canonical: remembered(name => knowledge.canonical?.(name) ?? name),
    isClass: remembered(name => knowledge.isClass?.(name) ?? (builtinClasses.has(name) || looksLikeClass(name))),
    bases,
    returns: remembered(name => firstInherited(name, bases, inherited => knowledge.returns?.(inherited))),
    invokes: remembered(name =>
      firstInherited(`${name}.`, bases, inherited => knowledge.invokes?.(inherited.slice(0, -1))),
    ),
    transparent: name => transparentDecorators.has(name) || (knowledge.transparent?.(name) ?? false),
  }
}

function remembered<T>(ask: (name: string) => T): (name: string) => T {
  const answers = new Map<string, { readonly answer: T }>()
  return name => {
    const known = answers.get(name) ?? { answer: ask(name) }
    answers.set(name, known)
    return known.answer
  }
}

/** Asks about `<class>.<member>`, then about the same member of each base class, until there is an answer. */
export function firstInherited<T>(
  name: string,
  bases: (className: string) => readonly string[] | undefined,
  ask: (name: string) => T | undefined,
  depth = 0,
): T | undefined {
  const answer = ask(name)
  if (answer !== undefined || depth > maximumDepth) return answer
  const dot = name.lastIndexOf('.')
  if (dot < 0) return undefined
  const member = name.slice(dot)
  return firstOf(bases(name.slice(0, dot)) ?? [], base => firstInherited(base + member, bases, ask, depth + 1))
}

const maximumDepth = 16

function firstOf<T, R>(items: readonly T[], ask: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const answer = ask(item)
    if (answer !== undefined) return answer
  }
  return undefined
}

function looksLikeClass(name: string): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1).replace(/^_+/, '')
  // An all-capitals name may be a constant that is called, but also an acronym: torch.optim.SGD.
  return /^[A-Z]/.test(last)
}

/** The builtin names that a file uses without importing them. */
export function isBuiltin(name: string): boolean {
  return (
    builtinClasses.has(`builtins.${name}`) ||
    builtinFunctions.has(name) ||
    /^[A-Z]\w*(Error|Exception|Warning)$/.test(name)
  )
}

const builtinClasses: ReadonlySet<string> = new Set(
  (
    'bool bytearray bytes classmethod complex dict enumerate filter float frozenset int list map memoryview object ' +
    'property range reversed set slice staticmethod str super tuple type zip BaseException Exception ' +
    'KeyboardInterrupt StopIteration StopAsyncIteration SystemExit GeneratorExit NoneType'
  )
    .split(' ')
    .map(name => `builtins.${name}`),
)

const builtinFunctions: ReadonlySet<string> = new Set(
  (
    'abs aiter all anext any ascii bin breakpoint callable chr compile delattr dir divmod eval exec exit format ' +
    'getattr globals hasattr hash help hex id input isinstance issubclass iter len locals max min next oct open ord ' +
    'pow print quit repr round setattr sorted sum vars __import__ __name__ __file__ __doc__ __builtins__ ' +
    'NotImplemented Ellipsis __debug__ __spec__ __package__ __loader__'
  ).split(' '),
)

const transparentDecorators: ReadonlySet<string> = new Set([
  'builtins.staticmethod',
  'builtins.classmethod',
  'builtins.property',
  'functools.cache',
  'functools.cached_property',
  'functools.lru_cache',
  'functools.wraps',
  'abc.abstractmethod',
  'typing.final',
  'typing.no_type_check',
  'typing.override',
  'typing_extensions.override',
])
