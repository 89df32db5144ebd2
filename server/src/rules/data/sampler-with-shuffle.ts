import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { type LoaderConflict, loaderConflicts } from '../../torch/loaderConflicts.ts'
import { textOf } from '../../torch/names.ts'
import { deleteArguments } from '../arguments.ts'
import { inOrder } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    sampler: {
      en: '`{options}` beside `{owner}` raises a ValueError: the sampler alone decides on the order',
      zh: '`{options}` 不能与 `{owner}` 同时使用，会抛出 ValueError：顺序只由采样器决定',
    },
    batch_sampler: {
      en: '`{options}` beside `{owner}` raises a ValueError: the batch sampler alone decides on the batches',
      zh: '`{options}` 不能与 `{owner}` 同时使用，会抛出 ValueError：批次只由 `batch_sampler` 决定',
    },
    iterable: {
      en: '`{options}` with the IterableDataset `{owner}` raises a ValueError: it gives its samples in its own order',
      zh: '`{options}` 不能用于 IterableDataset `{owner}`，会抛出 ValueError：样本的顺序由它自己决定',
    },
    remove: { en: 'Remove `{options}`', zh: '删除 `{options}`' },
  },
  *check(model) {
    for (const conflict of loaderConflicts(model)) {
      const { call, kind, owner } = conflict
      const doomed = written(conflict)
      const [at] = doomed
      if (!at) continue
      const options = doomed.map(each => textOf(model, each)).join(', ')
      yield {
        message: kind,
        at,
        options,
        owner: ownerText(model, call, owner),
        fix: doomed.every(each => each.kind === 'Keyword')
          ? { message: 'remove', options, safe: true, edits: inOrder(deleteArguments(model, call, doomed)) }
          : undefined,
      }
    }
  },
})

/** The keywords, or the positional arguments, as they stand. */
function written({ call, options }: LoaderConflict): readonly (ast.Keyword | ast.Expression)[] {
  return options
    .map(({ value }) => call.keywords.find(keyword => keyword.value === value) ?? value)
    .sort((a, b) => a.start - b.start)
}

/** `sampler=RandomSampler(…)`, shortened where it is long. */
function ownerText(model: Model, call: ast.Call, owner: ast.Expression): string {
  const keyword = call.keywords.find(({ value }) => value === owner)
  const name = keyword && keyword.arg !== 'dataset' ? `${keyword.arg}=` : ''
  return name + (owner.kind === 'Call' ? `${textOf(model, owner.func)}(…)` : textOf(model, owner))
}
