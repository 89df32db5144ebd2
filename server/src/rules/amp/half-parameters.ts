import type * as ast from '../../syntax/ast.ts'
import { halfParameters } from '../../torch/halfParameters.ts'
import { nameOf, textOf } from '../../torch/names.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    half: {
      en: '`{module}` is in float16 here and stepped through `{scaler}`, which raises a ValueError: keep float32 parameters and use autocast',
      zh: '`{module}` 在这里变成 float16，又由 `{scaler}` 更新，会抛出 ValueError：参数应保持 float32，改用 autocast',
    },
    fails: { en: 'its float16 gradients cannot be unscaled here', zh: '此处无法对 float16 的梯度做反缩放' },
  },
  *check(model) {
    for (const { call, module, failing, scaler } of halfParameters(model))
      yield {
        at: call,
        message: 'half',
        module: nameOf(model, wholeChain(call)) ?? textOf(model, module),
        scaler: textOf(model, scaler),
        related: [{ at: failing, message: 'fails' }],
      }
  },
})

/** `nn.Linear(8, 2).half().cuda()` of `nn.Linear(8, 2).half()`: what is assigned. */
function wholeChain(call: ast.Call): ast.Call {
  const { parent } = call
  const next = parent?.kind === 'Attribute' ? parent.parent : undefined
  return next?.kind === 'Call' && next.func === parent ? wholeChain(next) : call
}
