import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { repairedLines } from '../server/src/repair.ts'
import type { Edit } from '../server/src/rules/rule.ts'

/** An edit that replaces what stands in the text; nothing of it: the place in front. */
function edit(text: string, at: string, replacement: string, length = at.length): Edit {
  const start = text.indexOf(at)
  return { start, end: start + length, text: replacement }
}

const script = 'import torch\nfor x in loader:\n    clip(model)\n    scaler.step(opt)\nprint(1)\n'

suite('the lines that a fix changes', () => {
  test('are shown whole, without their indentation', () => {
    const inserted = edit(script, '    clip', '    scaler.unscale_(opt)\n', 0)
    assert.equal(repairedLines(script, [inserted]), 'scaler.unscale_(opt)\nclip(model)')
    assert.equal(repairedLines(script, [edit(script, 'loader', 'data')]), 'for x in data:')
  })

  test('are separated where they are apart, and together where they touch', () => {
    const edits = [edit(script, 'torch', 'torch.nn'), edit(script, 'scaler.step(opt)', 'opt.step()')]
    assert.equal(repairedLines(script, edits), 'import torch.nn\n…\nopt.step()')
    const near = [edit(script, 'clip(model)', 'a()'), edit(script, 'scaler.step(opt)', 'b()')]
    assert.equal(repairedLines(script, near), 'a()\nb()')
  })

  test('are not shown where they are gone, or too many', () => {
    assert.equal(repairedLines(script, [edit(script, 'print(1)\n', '')]), undefined)
    assert.equal(repairedLines(script, [edit(script, 'print(1)', 'x\n'.repeat(30))]), undefined)
  })
})
