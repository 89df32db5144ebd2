/** Each case is a text in which `t` is the target statement and `m` the one that moves, the edit, and the text after it. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { applyEdits } from '../../server/src/fix.ts'
import { appendArgument, deleteArgument, groupedRange } from '../../server/src/rules/arguments.ts'
import { deleteStatement, insertAfter, insertBefore, moveAfter, moveBefore } from '../../server/src/rules/edits.ts'
import { insertImport, reference } from '../../server/src/rules/imports.ts'
import type { Edit } from '../../server/src/rules/rule.ts'
import type { Model } from '../../server/src/semantic/model.ts'
import type * as ast from '../../server/src/syntax/ast.ts'
import { modelOf } from '../support/model.ts'

type Operation = (model: Model) => Edit | readonly Edit[]

function check(title: string, operation: Operation, before: string, after: string): void {
  test(title, () => {
    for (const [from, to] of [
      [before, after],
      [before.replaceAll('\n', '\r\n'), after.replaceAll('\n', '\r\n')],
    ] as const) {
      const edits = [operation(modelOf(from))].flat()
      assert.equal(applyEdits(from, edits), to)
    }
  })
}

function named(model: Model, id: string): ast.Name {
  return model.nodes('Name').find(node => node.id === id) ?? assert.fail(`there is no ${id}`)
}

function firstCall(model: Model): ast.Call {
  return model.nodes('Call')[0] ?? assert.fail('there is no call')
}

suite('insertBefore', () => {
  const insert: Operation = model => insertBefore(model, named(model, 't'), ['new()'])
  check('a statement on its own line', insert, 'for x in y:\n    t()\n', 'for x in y:\n    new()\n    t()\n')
  check('a statement of several lines', insert, 'if x:\n  t(\n    1)', 'if x:\n  new()\n  t(\n    1)')
  check('the first statement of the file', insert, 't()\n', 'new()\nt()\n')
  check('a one-line suite', insert, 'if x: t()  # why\n', 'if x:\n    new()\n    t()  # why\n')
  check('a continued one-line suite', insert, 'if x: \\\n  t()\n', 'if x:\n    new()\n    t()\n')
  check('the second statement of a one-line suite', insert, 'if x: a(); t()\n', 'if x:\n    a()\n    new()\n    t()\n')
  check('behind a semicolon', insert, 'a() ; t(); b()\n', 'a()\nnew()\nt(); b()\n')
  check('in front of a semicolon', insert, 't(); b()\n', 'new()\nt(); b()\n')
  check(
    'a one-line suite in a block',
    insert,
    'def f():\n\twith a:\n\t\twhile x: t()\n',
    'def f():\n\twith a:\n\t\twhile x:\n\t\t\tnew()\n\t\t\tt()\n',
  )
  check('an elif', insert, 'if x:\n    a()\nelif t:\n    b()\n', 'new()\nif x:\n    a()\nelif t:\n    b()\n')
  check(
    'the suite of an elif',
    insert,
    'if x:\n    a()\nelif y: t()\n',
    'if x:\n    a()\nelif y:\n    new()\n    t()\n',
  )
  check('a decorated function', insert, 'a()\n\n@t\ndef f(): pass\n', 'a()\n\nnew()\n@t\ndef f(): pass\n')
  check(
    'the suite of a case, with the usual indentation where the file shows none',
    insert,
    'match x:\n  case 1: t()\n',
    'match x:\n  case 1:\n      new()\n      t()\n',
  )
  check('a parenthesised expression', insert, 'if x: (t).step()\n', 'if x:\n    new()\n    (t).step()\n')
  check(
    'lines of several levels',
    model => insertBefore(model, named(model, 't'), ['if new:', '    a()', '', 'b()']),
    'if x:\n\tt()\n',
    'if x:\n\tif new:\n\t    a()\n\n\tb()\n\tt()\n',
  )
})

suite('insertAfter', () => {
  const insert: Operation = model => insertAfter(model, named(model, 't'), ['new()'])
  check('a statement on its own line', insert, 'if x:\n    t()\n    a()\n', 'if x:\n    t()\n    new()\n    a()\n')
  check('the comment behind it', insert, 't()  # why\na()\n', 't()  # why\nnew()\na()\n')
  check('the last statement of a file without a last line break', insert, 'if x:\n    t()', 'if x:\n    t()\n    new()')
  check('a one-line suite', insert, 'if x: t()  # why\n', 'if x:\n    t()  # why\n    new()\n')
  check('the first of two in a one-line suite', insert, 'if x: t(); a()\n', 'if x:\n    t()\n    new()\n    a()\n')
  check('in front of a semicolon', insert, 'a(); t(); b()\n', 'a(); t()\nnew()\nb()\n')
  check('a last semicolon', insert, 'if x:\n    t();\n', 'if x:\n    t();\n    new()\n')
  check(
    'a compound statement',
    insert,
    'for t in y:\n    a()\n    # end\n\nb()\n',
    'for t in y:\n    a()\n    # end\nnew()\n\nb()\n',
  )
  check('an else', insert, 'if x: a()\nelse: t()\nb()\n', 'if x: a()\nelse:\n    t()\n    new()\nb()\n')
  check('an except', insert, 'try:\n  a()\nexcept E: t()\n', 'try:\n  a()\nexcept E:\n  t()\n  new()\n')
  check('a string of several lines', insert, 'def f():\n    t("""\n""")\n', 'def f():\n    t("""\n""")\n    new()\n')
})

suite('deleteStatement', () => {
  const remove: Operation = model => deleteStatement(model, named(model, 't'))
  check('its lines and its comment', remove, 'a()\nt(\n  1)  # why\nb()\n', 'a()\nb()\n')
  check('the only one of a suite', remove, 'if x:\n    t()  # why\nb()\n', 'if x:\n    pass  # why\nb()\n')
  check('the first of a line', remove, 't(); a()\n', 'a()\n')
  check('the second of a line', remove, 'a(); t(); b()\n', 'a(); b()\n')
  check('the last of a line', remove, 'a() ; t()  # why\n', 'a()  # why\n')
  check('the first of a one-line suite', remove, 'if x: t(); a()\n', 'if x: a()\n')
  check('the last line of a file', remove, 'a()\nt()', 'a()\n')
  check('the only statement of a file', remove, 't()', '')
})

suite('moving', () => {
  const before: Operation = model => moveBefore(model, named(model, 'm'), named(model, 't'))
  const after: Operation = model => moveAfter(model, named(model, 'm'), named(model, 't'))
  check('before the line above', before, 'if x:\n    t()\n    m()  # why\n', 'if x:\n    m()  # why\n    t()\n')
  check('after the line below', after, 'if x:\n    m()\n    t()\n    a()\n', 'if x:\n    t()\n    m()\n    a()\n')
  check('within a line', before, 'if x: t(); m()\n', 'if x:\n    m()\n    t()\n')
  check('into a deeper block', before, 'm(\n  1)\nif x:\n    t()\n', 'if x:\n    m(\n      1)\n    t()\n')
  check('out of a block, which keeps a statement', after, 't()\nif x:\n    m()\n', 't()\nm()\nif x:\n    pass\n')
  check(
    'the lines of a string stay',
    after,
    'if x:\n    a()\n    m("""\n    s""")\nt()\n',
    'if x:\n    a()\nt()\nm("""\n    s""")\n',
  )
})

suite('arguments', () => {
  const append: Operation = model => appendArgument(model, firstCall(model), 'new=1')
  const remove: Operation = model => {
    const call = firstCall(model)
    const argument = [...call.args, ...call.keywords].find(node =>
      model.nodes('Name', node).some(({ id }) => id === 't'),
    )
    return deleteArgument(model, call, argument ?? assert.fail('no argument holds t'))
  }
  check('append to none', append, 'f()', 'f(new=1)')
  check('append to one', append, 'f(a)', 'f(a, new=1)')
  check('append behind parentheses', append, 'f((a))', 'f((a), new=1)')
  check('append behind a last comma', append, 'f(a,)', 'f(a, new=1,)')
  check('append on a line of its own', append, 'f(\n    a,\n    b=2,\n)', 'f(\n    a,\n    b=2,\n    new=1,\n)')
  check('append without a last comma', append, 'f(\n    a,\n    b\n)', 'f(\n    a,\n    b,\n    new=1\n)')
  check('delete the first', remove, 'f(t, b)', 'f(b)')
  check('delete one in the middle', remove, 'f(a, b=(t), c=1)', 'f(a, c=1)')
  check('delete the last', remove, 'f(a, (t))', 'f(a)')
  check('delete the last before a comma', remove, 'f(\n    a,\n    t,\n)', 'f(\n    a,\n)')
  check('delete the only one', remove, 'f(t,)', 'f()')
  check('delete a line', remove, 'f(\n    a,\n    b=t,\n    c=1,\n)', 'f(\n    a,\n    c=1,\n)')
})

suite('groupedRange', () => {
  const grouped = (text: string) => {
    const model = modelOf(text)
    const { start, end } = groupedRange(model, named(model, 't'))
    return text.slice(start, end)
  }
  test('takes the parentheses that group', () => assert.equal(grouped('(( t )).step()'), '(( t ))'))
  test('leaves those of a call', () => assert.equal(grouped('f(t)'), 't'))
  test('takes those inside a call', () => assert.equal(grouped('f((t))'), '(t)'))
  test('leaves those of another operand', () => assert.equal(grouped('(t + a) * b'), 't'))
})

suite('imports', () => {
  const refer = (text: string, name: string) => {
    const model = modelOf(text)
    const { text: expression, edits } = reference(model, name, named(model, 't')) ?? assert.fail('not to be named')
    return [expression, applyEdits(text, edits)]
  }
  const kept = (text: string, name: string, expression: string) =>
    test(`${name} in ${JSON.stringify(text)}`, () => assert.deepEqual(refer(text, name), [expression, text]))
  kept('import torch\nt', 'torch.amp.GradScaler', 'torch.amp.GradScaler')
  kept('import torch\nimport torch.nn as nn\nt', 'torch.nn.utils.clip_grad_norm_', 'nn.utils.clip_grad_norm_')
  kept('import torch\nfrom torch.amp import GradScaler as GS\nt', 'torch.amp.GradScaler', 'GS')
  kept('def f():\n    import torch\n    t', 'torch.no_grad', 'torch.no_grad')
  test('an import of another function is not in force', () => {
    const text = 'def f():\n    from torch import no_grad\nt'
    assert.deepEqual(refer(text, 'torch.no_grad'), ['torch.no_grad', `import torch\n${text}`])
  })
  test('a name that is bound twice is not used', () => {
    const text = 'import torch\nfrom torch import amp\namp = 1\nt'
    assert.equal(refer(text, 'torch.amp.GradScaler')[0], 'torch.amp.GradScaler')
  })
  test('no name where the file means something else by it', () => {
    const model = modelOf('torch = 1\nt')
    assert.equal(reference(model, 'torch.no_grad', named(model, 't')), undefined)
  })
  const insert: Operation = model => insertImport(model, 'import torch')
  check(
    'behind the imports',
    insert,
    '"""Doc."""\nimport os\nfrom a import (\n    b\n)  # c\n\nx = 1\n',
    '"""Doc."""\nimport os\nfrom a import (\n    b\n)  # c\nimport torch\n\nx = 1\n',
  )
  check(
    'below the docstring',
    insert,
    '#!/usr/bin/env python\n"""Doc."""\nx = 1\n',
    '#!/usr/bin/env python\n"""Doc."""\nimport torch\nx = 1\n',
  )
  check('at the top', insert, '# coding: utf-8\nx = 1\n', '# coding: utf-8\nimport torch\nx = 1\n')
  test('an empty file', () => assert.equal(applyEdits('', insertImport(modelOf(''), 'import torch')), 'import torch\n'))
})
