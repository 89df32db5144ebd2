import type { Knowledge } from '../../server/src/semantic/knowledge.ts'

/** Just enough of a library for the cases; what is not here is not known. */
export const library: Knowledge = {
  canonical: name => names.get(name) ?? name,
  isClass: name => (lowerCaseClasses.has(name) ? true : undefined),
  bases: name => bases.get(name),
  returns: name => returns.get(name),
  invokes: name => (name === 'torch.nn.Module' ? 'forward' : undefined),
  transparent: name => name === 'torch.no_grad',
}

const lowerCaseClasses = new Set(['torch.no_grad', 'torch.autocast', 'torch.profiler.profile'])

const names = new Map([['torch.optim.adamw.AdamW', 'torch.optim.AdamW']])

const bases = new Map<string, readonly string[]>([
  ['torch.optim.SGD', ['torch.optim.Optimizer']],
  ['torch.optim.AdamW', ['torch.optim.Optimizer']],
  ['torch.optim.Optimizer', []],
  ['torch.nn.Linear', ['torch.nn.Module']],
  ['torch.nn.Module', []],
  ['torch.amp.GradScaler', []],
  ['torch.cuda.amp.GradScaler', ['torch.amp.GradScaler']],
])

const returns = new Map([
  ['torch.nn.Module.to', 'self'],
  ['torch.nn.Module.cuda', 'self'],
  ['timm.create_model', 'torch.nn.Module'],
  ['torch.profiler.profile.__enter__', 'self'],
])
