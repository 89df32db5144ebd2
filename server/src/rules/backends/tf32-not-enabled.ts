import { float32Move } from '../../torch/float32Training.ts'
import { nameOf, textOf } from '../../torch/names.ts'
import { inOrder } from '../edits.ts'
import { reference } from '../imports.ts'
import { quoteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'
import { insertAtStart, startOf } from '../scriptStart.ts'

export default defineRule({
  category: 'performance',
  severity: 'off',
  since: '0.1.0',
  messages: {
    unused: {
      en: '`{model}` trains in full float32: with TF32, Tensor Cores speed up its matrix products',
      zh: '`{model}` 以完整的 float32 精度训练：启用 TF32 后，矩阵乘法可以由 Tensor Core 加速',
    },
    allow: { en: 'Set `{call}` at the start', zh: '在脚本开头设置 `{call}`' },
  },
  *check(model) {
    const found = float32Move(model)
    if (!found) return
    const { call: move, module: moved } = found
    const setter = reference(model, 'torch.set_float32_matmul_precision', startOf(model, move))
    const quote = quoteOf(model)
    const call = `${setter?.text}(${quote}high${quote})`
    yield {
      message: 'unused',
      at: move,
      model: nameOf(model, move) ?? textOf(model, moved),
      fix: setter && {
        message: 'allow',
        call,
        safe: false,
        edits: inOrder([...setter.edits, ...insertAtStart(model, move, call)]),
      },
    }
  },
})
