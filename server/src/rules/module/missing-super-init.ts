import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { textOf } from '../../torch/names.ts'
import { type MissingSuperInit, missingSuperInits } from '../../torch/superInits.ts'
import { insertAfter, insertBefore, moveBefore } from '../edits.ts'
import { defineRule, type Range } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    missing: {
      en: '`{class}.__init__` does not call `super().__init__()`: assigning `{target}` raises an AttributeError',
      zh: '`{class}.__init__` 没有调用 `super().__init__()`：给 `{target}` 赋值会抛出 AttributeError',
    },
    unusable: {
      en: '`{class}.__init__` does not call `super().__init__()`: calling or moving the module raises an AttributeError',
      zh: '`{class}.__init__` 没有调用 `super().__init__()`：调用或移动这个模块会抛出 AttributeError',
    },
    late: {
      en: '`{target}` is assigned before `{call}`: PyTorch raises an AttributeError',
      zh: '`{target}` 的赋值出现在 `{call}` 之前：PyTorch 会抛出 AttributeError',
    },
    initialised: { en: 'The module is initialised only here', zh: '模块到这里才初始化' },
    insert: { en: 'Insert `super().__init__()`', zh: '插入 `super().__init__()`' },
    move: { en: 'Move `{call}` up', zh: '把 `{call}` 移到前面' },
  },
  *check(model) {
    for (const found of missingSuperInits(model)) {
      const { init, assignment, late } = found
      if (late && assignment) {
        const call = textOf(model, late)
        yield {
          message: 'late',
          at: assignment,
          target: targetText(model, assignment),
          call,
          related: [{ message: 'initialised', at: late }],
          fix: isMovable(late, init)
            ? { message: 'move', call, safe: true, edits: moveBefore(model, late, assignment) }
            : undefined,
        }
        continue
      }
      const place = { at: nameRange(init), class: found.class.name, fix: insertion(model, found) }
      // Without layers the object may still serve, as long as nobody calls it.
      if (assignment) yield { message: 'missing', target: targetText(model, assignment), ...place }
      else yield { message: 'unusable', severity: 'warning', ...place }
    }
  },
})

function nameRange({ nameStart, name }: ast.FunctionDef): Range {
  return { start: nameStart, end: nameStart + name.length }
}

/** A call without arguments, in a line of the method itself. */
function isMovable(call: ast.Call, init: ast.FunctionDef): boolean {
  const takesSelf = call.args.every(argument => argument.kind === 'Name' && argument.id === init.parameters[0]?.name)
  return takesSelf && call.keywords.length === 0 && call.parent?.kind === 'Expr' && call.parent.parent === init
}

function targetText(model: Model, assignment: ast.Assign): string {
  return textOf(model, assignment.targets[0] ?? assignment)
}

/** In front of the first statement, below the docstring; only where no base class wants arguments. */
function insertion(model: Model, { init, isDirect }: MissingSuperInit) {
  const [first, second] = init.body
  if (!first || !isDirect) return undefined
  const isDocstring = first.kind === 'Expr' && first.value.kind === 'Constant' && first.value.type === 'str'
  const lines = ['super().__init__()']
  const edits =
    isDocstring && !second
      ? insertAfter(model, first, lines)
      : insertBefore(model, (isDocstring && second) || first, lines)
  return { message: 'insert', safe: true, edits } as const
}
