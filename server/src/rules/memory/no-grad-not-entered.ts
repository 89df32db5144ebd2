import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { eventOf } from '../../torch/events.ts'
import { textOf } from '../../torch/names.ts'
import { type UnenteredGradMode, unenteredGradModes } from '../../torch/unenteredGradModes.ts'
import { insertion } from '../edits.ts'
import { encloseRest } from '../enclosing.ts'
import { statementOf, suiteOf } from '../layout.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'memory',
  severity: 'error',
  since: '0.1.0',
  messages: {
    discarded: {
      en: '`{code}` on a line of its own has no effect: it works only as `with {mode}():`',
      zh: '单独写一行 `{code}` 不起作用：只有写成 `with {mode}():` 才会生效',
    },
    uncalled: {
      en: '`{mode}` is the class itself, which cannot be entered: call it, as in `with {mode}():`',
      zh: '`{mode}` 是类本身，不能作为上下文管理器：应当调用它，写成 `with {mode}():`',
    },
    enclose: { en: 'Put the statements that follow under `with {mode}():`', zh: '把后面的语句放进 `with {mode}():`' },
    call: { en: 'Write `{mode}()`', zh: '改为 `{mode}()`' },
  },
  *check(model) {
    for (const found of unenteredGradModes(model)) {
      const { at, kind } = found
      const mode = textOf(model, found.mode)
      if (kind === 'uncalled') {
        const edits = [insertion(at.end, '()')]
        yield { at, message: 'uncalled', mode, fix: { message: 'call', mode, safe: true, edits } }
      } else {
        const edits = enclosed(model, found)
        const fix = edits && ({ message: 'enclose', mode, safe: false, edits } as const)
        yield { at, message: 'discarded', code: textOf(model, at), mode, fix }
      }
    }
  },
})

/** Nothing that trains may come to stand under `no_grad`. */
function enclosed(model: Model, { at, mode }: UnenteredGradMode) {
  const statement = statementOf(at)
  const { statements } = suiteOf(model, statement)
  const rest = statements.slice(statements.indexOf(statement) + 1)
  if (rest.some(each => trains(model, each))) return undefined
  const call = at.kind === 'Call' ? textOf(model, at) : `${textOf(model, mode)}()`
  return encloseRest(model, statement, `with ${call}:`)
}

const trains = (model: Model, statement: ast.Statement): boolean =>
  model.nodes('Call', statement).some(call => {
    const kind = eventOf(model, call)?.kind
    return kind === 'backward' || kind === 'step'
  })
