import { inOrder, insertAfter, replace } from '../../rules/edits.ts'
import { insertImport, reference } from '../../rules/imports.ts'
import type { Edit, Message } from '../../rules/rule.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { contains } from '../../torch/architecture.ts'
import { creationOf, isWithinModule, originOf } from '../../torch/modules.ts'
import { nameOf, textOf } from '../../torch/names.ts'
import { script } from '../../torch/script.ts'
import { trains } from '../../torch/trainedModels.ts'
import type { Case, Suggestion } from '../suggestion.ts'

/** Activations that are computed again during the backward pass rather than kept. */
export function checkpointing({ model }: Case): Suggestion | undefined {
  if (
    !trains(model) ||
    /checkpoint_sequential|utils\.checkpoint|gradient_checkpointing|grad_checkpointing/.test(model.text)
  )
    return undefined
  const change = switched(model) ?? blocks(model) ?? stages(model)
  return {
    id: 'checkpointing',
    title: { en: 'Activation checkpointing', zh: '激活检查点（activation checkpointing）' },
    saves: {
      en: 'the activations inside the checkpointed blocks: often half of the memory and more in deep networks',
      zh: '检查点块内部的激活值：深层网络常能省下一半以上的显存',
    },
    costs: {
      en: 'a second forward pass of these blocks: about a third more time',
      zh: '这些块要多做一次前向计算：时间大约多三分之一',
    },
    notes: [...(change?.notes ?? [byHand]), ...repeatedStatistics(model)],
    ...(change ? { edits: change.edits } : { code: recipe }),
  }
}

interface Change {
  readonly edits: readonly Edit[]
  readonly notes: readonly Message[]
}

const byHand: Message = {
  en: 'The deepest, most repeated blocks of the model are the ones to wrap; where they stand is not visible in this file',
  zh: '应包住模型里最深、重复最多的块；它们的位置在这个文件里看不到',
}

const recipe = [
  'from torch.utils.checkpoint import checkpoint',
  '',
  '# in forward(), around the deepest blocks',
  'x = checkpoint(self.block, x, use_reentrant=False)',
].join('\n')

function repeatedStatistics(model: Model): readonly Message[] {
  const hasNorm = script(model).models.some(({ expression }) => contains(model, expression, 'batchNorm') === 'yes')
  if (!hasNorm) return []
  return [
    {
      en: 'Batch norm inside a checkpointed block updates its running statistics twice for each batch: lower its `momentum`, or leave those blocks out, if evaluation suffers',
      zh: '检查点块里的批归一化每个批次会更新两次滑动统计量：如果影响评估，可以调小 `momentum`，或不把这些块放进检查点',
    },
  ]
}

/** Libraries whose models have a switch for it. */
const switches: readonly (readonly [RegExp, string])[] = [
  [/^transformers\./, 'gradient_checkpointing_enable()'],
  [/^timm\./, 'set_grad_checkpointing()'],
]

function switched(model: Model): Change | undefined {
  for (const { expression } of script(model).models)
    for (const value of model.values(expression)) {
      const made = creationOf(value)
      const creation = made && originOf(made)
      const [, method] =
        switches.find(([library]) => creation && library.test(model.qualifiedName(creation.func) ?? '')) ?? []
      const name = made && nameOf(model, made)
      if (made && name !== undefined && method !== undefined)
        return { edits: insertAfter(model, made, [`${name}.${method}`]), notes: [] }
    }
  return undefined
}

/** `for block in self.blocks: x = block(x)` in the code of a module. */
function blocks(model: Model): Change | undefined {
  const calls = model.nodes('For').flatMap(loop => {
    const [statement, ...others] = loop.body
    if (loop.target.kind !== 'Name' || others.length > 0 || statement?.kind !== 'Assign') return []
    const { value } = statement
    const isBlock = value.kind === 'Call' && value.func.kind === 'Name' && value.func.id === loop.target.id
    return isBlock && isPlain(value) && isWithinModule(model, loop) ? [value] : []
  })
  return checkpointed(model, calls)
}

/** `x = self.stage1(x)`, where the stage is a chain of several layers, and one of several: a single one saves nothing. */
function stages(model: Model): Change | undefined {
  const calls = model.nodes('Call').filter(call => {
    if (call.parent?.kind !== 'Assign' || call.func.kind !== 'Attribute' || !isPlain(call)) return false
    return isWithinModule(model, call) && model.values(call.func).every(isChain)
  })
  return calls.length > 1 ? checkpointed(model, calls) : undefined
}

function isChain(value: ReturnType<Model['values']>[number]): boolean {
  return value.kind === 'instance' && value.of === 'torch.nn.Sequential' && (value.creation?.args.length ?? 0) > 1
}

function isPlain({ args, keywords }: ast.Call): boolean {
  return args.length === 1 && args[0]?.kind === 'Name' && keywords.length === 0
}

function checkpointed(model: Model, calls: readonly ast.Call[]): Change | undefined {
  const [first] = calls
  if (!first) return undefined
  const known = reference(model, 'torch.utils.checkpoint.checkpoint', first)
  const isFree = model.nodes('Name').every(({ id }) => id !== 'checkpoint')
  const name = known && !known.text.startsWith('torch.') ? known.text : isFree ? 'checkpoint' : undefined
  if (name === undefined) return undefined
  const added = name === known?.text ? [] : insertImport(model, 'from torch.utils.checkpoint import checkpoint')
  const wrapped = calls.map(call => {
    const given = call.args.map(argument => textOf(model, argument)).join(', ')
    return replace(call, `${name}(${textOf(model, call.func)}, ${given}, use_reentrant=False)`)
  })
  return { edits: inOrder([...added, ...wrapped]), notes: [] }
}
