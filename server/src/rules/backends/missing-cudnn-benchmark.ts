import type { Model } from '../../semantic/model.ts'
import type * as ast from '../../syntax/ast.ts'
import { endOfLine, skipLineBreak } from '../../syntax/lines.ts'
import { untunedMove } from '../../torch/convolutions.ts'
import { inOrder, insertAfter, insertBefore } from '../edits.ts'
import { reference } from '../imports.ts'
import { defineRule, type Edit } from '../rule.ts'

export default defineRule({
  category: 'performance',
  severity: 'info',
  since: '0.1.0',
  messages: {
    untuned: {
      en: 'Convolutions on inputs of one size run faster with `torch.backends.cudnn.benchmark = True`',
      zh: '输入大小固定，设置 `torch.backends.cudnn.benchmark = True` 可以加快卷积运算',
    },
    switchOn: { en: 'Set `{flag} = True` at the start', zh: '在脚本开头设置 `{flag} = True`' },
  },
  *check(model) {
    const move = untunedMove(model)
    if (!move) return
    const { body } = model.module
    const first = body.findIndex(statement => contains(statement, move))
    const anchor = body.slice(0, first === -1 ? undefined : first).findLast(isImport)
    const found = reference(
      model,
      'torch.backends.cudnn.benchmark',
      body[anchor ? body.indexOf(anchor) + 1 : 0] ?? move,
    )
    yield {
      message: 'untuned',
      at: move,
      fix: found && {
        message: 'switchOn',
        flag: found.text,
        safe: true,
        edits: inOrder([...found.edits, ...switchOn(model, anchor, `${found.text} = True`)]),
      },
    }
  },
})

/** Behind the imports, with a blank line around it; in a script without any, at its head. */
function switchOn(model: Model, anchor: ast.Statement | undefined, statement: string): readonly Edit[] {
  const [first] = model.module.body
  if (!anchor) return first ? insertBefore(model, first, [statement, '']) : []
  return insertAfter(model, anchor, isFollowedByBlank(model.text, anchor) ? ['', statement] : ['', statement, ''])
}

function isImport(statement: ast.Statement): boolean {
  return statement.kind === 'Import' || statement.kind === 'ImportFrom'
}

function contains(statement: ast.Statement, node: ast.Node): boolean {
  return statement.start <= node.start && node.end <= statement.end
}

function isFollowedByBlank(text: string, { end }: ast.Statement): boolean {
  const next = skipLineBreak(text, endOfLine(text, end))
  return text.slice(next, endOfLine(text, next)).trim() === ''
}
