/**
 * Training scripts as abstract programs, and how they are written in Python. A program has one scaler and one or two
 * optimizers, each of a model of its own; what its flags, its windows and its tests of a value are is not known.
 */

export interface Program {
  readonly optimizers: 1 | 2
  /** `function`: all in one function; `class`: a trainer that the script makes; `unmade`: one that it does not make. */
  readonly style: 'function' | 'class' | 'unmade'
  /** `on`; enabled by a flag; or None without the flag. */
  readonly scaler: { readonly kind: 'on' } | { readonly kind: 'enabled' | 'optional'; readonly flag: Flag }
  /** What the flags are called. */
  readonly names: Readonly<Record<Flag, string>>
  /** The body of the loop over the batches. */
  readonly body: readonly Statement[]
}

export type Flag = 'a' | 'b'
export type Optimizer = 0 | 1

export type Statement =
  /** `optimizer`: whose loss; undefined: one that both models share. */
  | { readonly kind: 'backward'; readonly optimizer: Optimizer | undefined; readonly scaled: boolean }
  | { readonly kind: 'unscale' | 'step' | 'direct' | 'clip' | 'zero'; readonly optimizer: Optimizer }
  | { readonly kind: 'update' }
  | {
      readonly kind: 'if'
      readonly test: Test
      readonly body: readonly Statement[]
      readonly orelse: readonly Statement[]
    }
  /** A call of a function or method that has this body. */
  | { readonly kind: 'helper'; readonly nested: boolean; readonly body: readonly Statement[] }
  /** A loop of one or more iterations. */
  | { readonly kind: 'loop'; readonly body: readonly Statement[] }
  /** The next iteration, or the end of the helper. */
  | { readonly kind: 'continue' }

export type Test =
  | { readonly kind: 'flag'; readonly flag: Flag; readonly negated: boolean }
  /** `(i + 1) % n == 0`, `is_good(loss_0)`: the same for all of an iteration over the batches. */
  | { readonly kind: 'window' | 'good' }
  /** `scaler is not None`. */
  | { readonly kind: 'scaler' }

export interface Written {
  readonly text: string
  /** The line of each statement, from 1. */
  readonly lines: ReadonlyMap<Statement, number>
}

export function write(program: Program): Written {
  const text: string[] = ['import torch', 'from torch import nn', 'from tools import is_good', '']
  const lines = new Map<Statement, number>()
  const isClass = program.style !== 'function'
  const indices: readonly Optimizer[] = program.optimizers === 2 ? [0, 1] : [0]
  const objects = ['scaler', ...indices.flatMap(index => [`model_${index}`, `optimizer_${index}`])]
  const options = [program.names.a, program.names.b, 'n']
  const losses = program.optimizers === 2 ? ['loss_0', 'loss_1', 'shared'] : ['loss_0']
  const helpers: { readonly call: Statement & { kind: 'helper' }; readonly name: string }[] = []

  /** How a name is written where it is an attribute of the trainer, a parameter of a helper, or a variable. */
  type Spell = (name: string) => string
  const outer: Spell = name => (isClass && [...objects, ...options].includes(name) ? `self.${name}` : name)

  const put = (indent: number, line: string): number => text.push('    '.repeat(indent) + line)

  const block = (body: readonly Statement[], indent: number, spell: Spell, leave: string): void => {
    if (body.length === 0) put(indent, 'pass')
    for (const each of body) statement(each, indent, spell, leave)
  }

  const statement = (node: Statement, indent: number, spell: Spell, leave: string): void => {
    lines.set(node, text.length + 1)
    switch (node.kind) {
      case 'if':
        put(indent, `if ${testOf(node.test, spell)}:`)
        block(node.body, indent + 1, spell, leave)
        if (node.orelse.length === 0) return
        put(indent, 'else:')
        block(node.orelse, indent + 1, spell, leave)
        return
      case 'loop':
        put(indent, 'for part in parts:')
        block(node.body, indent + 1, spell, 'continue')
        return
      case 'helper': {
        const name = `helper_${lines.size}`
        if (node.nested && !isClass) {
          put(indent, `def ${name}():`)
          block(node.body, indent + 1, spell, 'return')
          put(indent, `${name}()`)
          return
        }
        helpers.push({ call: node, name })
        const passed = isClass ? [...losses, 'i', 'parts'] : [...objects, ...options, ...losses, 'i', 'parts']
        put(indent, `${isClass ? 'self.' : ''}${name}(${passed.map(spell).join(', ')})`)
        return
      }
      case 'continue':
        put(indent, leave)
        return
      default:
        put(indent, simple(node, spell))
    }
  }

  const testOf = (test: Test, spell: Spell): string => {
    switch (test.kind) {
      case 'flag':
        return `${test.negated ? 'not ' : ''}${spell(program.names[test.flag])}`
      case 'window':
        return `(${spell('i')} + 1) % ${spell('n')} == 0`
      case 'good':
        return `is_good(${spell('loss_0')})`
      case 'scaler':
        return `${spell('scaler')} is not None`
    }
  }

  put(0, isClass ? 'class Trainer:' : `def train(loader, parts, ${options.join(', ')}):`)
  if (isClass) put(1, `def __init__(self, ${options.join(', ')}):`)
  const setUp = isClass ? 2 : 1
  if (isClass) for (const option of options) put(setUp, `self.${option} = ${option}`)
  for (const index of indices) {
    put(setUp, `${outer(`model_${index}`)} = nn.Linear(8, 2).cuda()`)
    put(setUp, `${outer(`optimizer_${index}`)} = torch.optim.SGD(${outer(`model_${index}`)}.parameters(), lr=0.1)`)
  }
  put(setUp, `${outer('scaler')} = ${scalerOf(program, outer)}`)
  if (isClass) put(1, 'def train(self, loader, parts):')
  put(setUp, 'for i, (images, labels) in enumerate(loader):')
  for (const index of indices)
    put(setUp + 1, `loss_${index} = nn.functional.cross_entropy(${outer(`model_${index}`)}(images), labels)`)
  if (program.optimizers === 2) {
    const outputs = indices.map(index => `${outer(`model_${index}`)}(images)`).join(' + ')
    put(setUp + 1, `shared = nn.functional.cross_entropy(${outputs}, labels)`)
  }
  block(program.body, setUp + 1, outer, 'continue')

  for (const [index, { call, name }] of helpers.entries()) {
    const rename: Spell = each => `${each}_${index}`
    const inner: Spell = each => (outer(each) === each ? rename(each) : outer(each))
    const taken = isClass ? [...losses, 'i', 'parts'] : [...objects, ...options, ...losses, 'i', 'parts']
    put(isClass ? 1 : 0, `def ${name}(${[...(isClass ? ['self'] : []), ...taken.map(rename)].join(', ')}):`)
    block(call.body, isClass ? 2 : 1, inner, 'return')
  }
  if (program.style === 'class') {
    put(0, `def main(loader, parts, ${options.join(', ')}):`)
    put(1, `trainer = Trainer(${options.join(', ')})`)
    put(1, 'trainer.train(loader, parts)')
  }
  return { text: `${text.join('\n')}\n`, lines }
}

function scalerOf({ scaler, names }: Program, spell: (name: string) => string): string {
  switch (scaler.kind) {
    case 'on':
      return 'torch.amp.GradScaler("cuda")'
    case 'enabled':
      return `torch.amp.GradScaler("cuda", enabled=${spell(names[scaler.flag])})`
    case 'optional':
      return `torch.amp.GradScaler("cuda") if ${spell(names[scaler.flag])} else None`
  }
}

function simple(
  node: Exclude<Statement, { kind: 'if' | 'loop' | 'helper' | 'continue' }>,
  spell: (name: string) => string,
): string {
  const scaler = spell('scaler')
  if (node.kind === 'update') return `${scaler}.update()`
  if (node.kind === 'backward') {
    const loss = spell(node.optimizer === undefined ? 'shared' : `loss_${node.optimizer}`)
    return node.scaled ? `${scaler}.scale(${loss}).backward()` : `${loss}.backward()`
  }
  const optimizer = spell(`optimizer_${node.optimizer}`)
  switch (node.kind) {
    case 'unscale':
      return `${scaler}.unscale_(${optimizer})`
    case 'step':
      return `${scaler}.step(${optimizer})`
    case 'direct':
      return `${optimizer}.step()`
    case 'zero':
      return `${optimizer}.zero_grad()`
    case 'clip':
      return `nn.utils.clip_grad_norm_(${spell(`model_${node.optimizer}`)}.parameters(), 1.0)`
  }
}
