import { insertion } from '../../rules/edits.ts'
import type { Edit, Message } from '../../rules/rule.ts'
import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { computationOf } from '../../torch/computation.ts'
import { eventOf } from '../../torch/events.ts'
import { type Keeping, keepings } from '../../torch/keepings.ts'
import { keptGraphs } from '../../torch/keptGraphs.ts'
import { trainingLoops } from '../../torch/loops.ts'
import { textOf } from '../../torch/names.ts'
import type { Case, Suggestion } from '../suggestion.ts'

/** Results that an evaluation collects on the GPU, batch by batch. */
export function streamedEvaluation({ model }: Case): Suggestion | undefined {
  const kept = collected(model)
  if (kept.length === 0) return undefined
  const names = [...new Set(kept.map(({ container }) => `\`${textOf(model, container)}\``))].join(', ')
  return {
    id: 'streamed-evaluation',
    title: { en: 'Results of the evaluation moved off the GPU', zh: '评估结果及时移出 GPU' },
    saves: {
      en: `all of ${names} but the current batch: it grows with the whole evaluation set`,
      zh: `${names} 中除当前批次以外的全部内容：它会随整个评估集增长`,
    },
    costs: { en: 'one copy per batch', zh: '每个批次一次拷贝' },
    notes: [metric],
    edits: kept.map(({ value }): Edit => insertion(value.end, '.cpu()')),
  }
}

const metric: Message = {
  en: 'A metric that is added up batch by batch (`correct += …`) needs no list at all. What uses the list later has to be on the CPU as well',
  zh: '逐批累加的指标（`correct += …`）根本不需要列表。之后用到这个列表的地方，其他张量也要在 CPU 上',
}

function collected(model: Model): readonly Keeping[] {
  const loops = trainingLoops(model).filter(({ level, mode }) => level === 'batch' && mode === 'evaluation')
  const graphs = new Set(keptGraphs(model).map(({ value }) => value))
  return keepings(model).filter(keeping => {
    const { kind, value } = keeping
    if (kind !== 'stored' || graphs.has(value) || !isAppendable(value) || leaves(model, value)) return false
    const loop = loops.find(({ node }) => model.loops(value)[0] === node)
    if (!loop || !keeping.outlives(loop.node)) return false
    const { calls } = computationOf(model, value)
    return calls.some(call => eventOf(model, call)?.kind === 'forward') && !calls.some(call => leaves(model, call))
  })
}

const isAppendable = ({ kind }: ast.Expression): boolean => /^(?:Name|Call|Attribute|Subscript)$/.test(kind)

/** Does it become a number, or move to the CPU? */
function leaves(model: Model, node: ast.Expression): boolean {
  return /\.(?:cpu|item|tolist|numpy)\(|\.to\(['"]cpu|float\(|int\(/.test(textOf(model, node))
}
