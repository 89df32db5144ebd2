import { textOf } from '../../torch/names.ts'
import { unenteredAutocasts } from '../../torch/unenteredAutocasts.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    discarded: {
      en: '`{callee}(…)` on a line of its own has no effect: autocast works only inside `with {callee}(…):`',
      zh: '单独写一行 `{callee}(…)` 不起作用：只有在 `with {callee}(…):` 里 autocast 才会生效',
    },
    uncalled: {
      en: '`{callee}` is the class itself, which cannot be entered: call it, as in `with {callee}(…):`',
      zh: '`{callee}` 是类本身，不能作为上下文管理器：应当调用它，写成 `with {callee}(…):`',
    },
    undecorated: {
      en: '`@{callee}` passes the function to the class instead of running it under autocast: call it, as in `@{callee}(…)`',
      zh: '`@{callee}` 把函数当成参数传给了这个类，函数并不会在 autocast 下运行：应当写成 `@{callee}(…)`',
    },
  },
  *check(model) {
    for (const { at, callee, message } of unenteredAutocasts(model))
      yield { at, message, callee: textOf(model, callee) }
  },
})
