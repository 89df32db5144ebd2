import { currentRelease } from '../../torch/facts/deprecations.ts'
import { textOf } from '../../torch/names.ts'
import { unsafeLoads } from '../../torch/unsafeLoads.ts'
import { appendArgument } from '../arguments.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'warning',
  since: '0.1.0',
  messages: {
    explicit: {
      en: '`{load}` with `weights_only=False` runs whatever code the file contains',
      zh: '带 `weights_only=False` 的 `{load}` 会执行文件中夹带的任意代码',
    },
    implied: {
      en: '`{load}` runs whatever code the file contains: in PyTorch {version} `weights_only` is off by default',
      zh: '`{load}` 会执行文件中夹带的任意代码：在 PyTorch {version} 中 `weights_only` 默认是关闭的',
    },
    weightsOnly: { en: 'Load with `weights_only=True`', zh: '用 `weights_only=True` 加载' },
  },
  *check(model, { torchVersion }) {
    for (const { call, weightsOnly } of unsafeLoads(model, torchVersion)) {
      const load = textOf(model, call.func)
      const edit = weightsOnly ? replace(weightsOnly, 'True') : appendArgument(model, call, 'weights_only=True')
      const fix = { message: 'weightsOnly', safe: false, edits: [edit] } as const
      yield weightsOnly
        ? ({ message: 'explicit', at: call, load, fix } as const)
        : ({ message: 'implied', at: call, load, version: torchVersion ?? currentRelease, fix } as const)
    }
  },
})
