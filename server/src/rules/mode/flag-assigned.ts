import { modeFlags } from '../../torch/modeFlags.ts'
import { textOf } from '../../torch/names.ts'
import { replace } from '../edits.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    overwritten: {
      en: '`{assignment}` replaces the method `{name}` of `{model}` and leaves its mode as it was',
      zh: '`{assignment}` 覆盖了 `{model}` 的方法 `{name}`，它的模式并没有改变',
    },
    shallow: {
      en: '`{assignment}` sets the flag of `{model}` alone: the layers in it stay in the mode they were in',
      zh: '`{assignment}` 只改了 `{model}` 自己的标志，其中各层的模式没有改变',
    },
    call: { en: 'Call `{model}.{method}()`', zh: '改为调用 `{model}.{method}()`' },
  },
  *check(model) {
    for (const { statement, target, receiver, method } of modeFlags(model)) {
      const name = textOf(model, receiver)
      yield {
        at: statement,
        message: target.attr === 'training' ? 'shallow' : 'overwritten',
        assignment: textOf(model, statement),
        name: target.attr,
        model: name,
        fix: {
          message: 'call',
          model: name,
          method,
          safe: true,
          edits: [replace(statement, `${name}.${method}()`)],
        },
      }
    }
  },
})
