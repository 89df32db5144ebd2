import { currentRelease } from '../../torch/facts/deprecations.ts'
import { textOf } from '../../torch/names.ts'
import { loadedModules, savedModules } from '../../torch/pickledModules.ts'
import { insertion } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'info',
  since: '0.1.0',
  messages: {
    saved: {
      en: '`{module}` is saved as a whole, by pickle: since PyTorch 2.6 `torch.load` refuses such a file, and its classes must not move',
      zh: '`{module}` 被整个用 pickle 保存：从 PyTorch 2.6 起 `torch.load` 默认拒绝这样的文件，而且模型的类不能再改动位置',
    },
    loaded: {
      en: '`{load}` raises in PyTorch {version} if `{module}` was saved as a whole: it accepts weights only',
      zh: '如果 `{module}` 是整个保存的，`{load}` 在 PyTorch {version} 中会报错：默认只接受权重',
    },
    state: { en: 'Save `{state}`', zh: '改为保存 `{state}`' },
  },
  *check(model, { torchVersion }) {
    for (const { call, module } of savedModules(model)) {
      const text = textOf(model, module)
      const state = `${text}.state_dict()`
      const edits = [insertion(module.end, '.state_dict()')]
      const fix = module.kind === 'Name' || module.kind === 'Attribute' || module.kind === 'Call'
      yield {
        message: 'saved',
        at: call,
        module: text,
        fix: fix ? { message: 'state', state, safe: false, edits } : undefined,
      }
    }
    for (const { call, module } of loadedModules(model, torchVersion))
      yield {
        message: 'loaded',
        at: call,
        load: textOf(model, call.func),
        module: textOf(model, module),
        version: torchVersion ?? currentRelease,
      }
  },
})
