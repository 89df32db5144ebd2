import { conflicts } from '../../torch/determinism.ts'
import { textOf } from '../../torch/names.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    autotunes: {
      en: '`{flag}` may choose another algorithm in each run, but the script asks for reproducible results',
      zh: '`{flag}` 每次运行都可能选用不同的算法，而脚本又要求结果可复现',
    },
    wish: { en: 'Reproducible results are asked for here', zh: '这里要求结果可复现' },
    switchOff: { en: 'Set `{target} = False`', zh: '设为 `{target} = False`' },
  },
  *check(model) {
    for (const { benchmark, wish } of conflicts(model)) {
      const [target = benchmark] = benchmark.targets
      yield {
        message: 'autotunes',
        at: benchmark,
        flag: textOf(model, benchmark),
        related: [{ message: 'wish', at: wish }],
        fix: {
          message: 'switchOff',
          target: textOf(model, target),
          safe: false,
          edits: [replace(benchmark.value, 'False')],
        },
      }
    }
  },
})
