/** The engine around the rules: levels, selection, suppression comments, broken code, rules that fail. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Settings } from '../server/src/config.ts'
import { lint } from '../server/src/lint.ts'
import { defineRule, type Rule } from '../server/src/rules/rule.ts'
import { modelOf } from './support/model.ts'

/** Reports every call of `name`; the fix deletes it. */
function reports(name: string, severity: Rule['severity']): Rule {
  return defineRule({
    category: 'correctness',
    severity,
    since: '0.1.0',
    messages: { called: { en: '`{call}` is called', zh: '调用了 `{call}`' }, remove: { en: 'Remove', zh: '删除' } },
    *check(model) {
      for (const at of model.nodes('Call'))
        if (at.func.kind === 'Name' && at.func.id === name)
          yield {
            at,
            message: 'called',
            call: name,
            fix: { message: 'remove', safe: true, edits: [{ start: at.start, end: at.end, text: '' }] },
          }
    },
  })
}

const fails = defineRule({
  ...reports('a', 'error'),
  messages: {},
  *check() {
    yield* []
    throw new Error('no luck')
  },
})

const rules = new Map([
  ['x/a', reports('a', 'error')],
  ['x/b', reports('b', 'warning')],
  ['y/c', reports('c', 'off')],
])

function found(text: string, settings: Settings = {}): readonly string[] {
  const { findings } = lint(modelOf(text), rules, settings)
  return findings.map(({ start, rule }) => `${text.slice(0, start).split('\n').length} ${rule}`)
}

suite('findings', () => {
  test('hold both languages, the level and the fix, in source order', () => {
    const { findings } = lint(modelOf('b()\na()\n'), rules, {})
    assert.deepEqual(findings[0], {
      rule: 'x/b',
      start: 0,
      end: 3,
      severity: 'warning',
      message: { en: '`b` is called', zh: '调用了 `b`' },
      related: [],
      fix: { title: { en: 'Remove', zh: '删除' }, safe: true, edits: [{ start: 0, end: 3, text: '' }] },
      tags: [],
    })
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['x/b', 'x/a'],
    )
  })

  test('that a rule makes twice are reported once', () => {
    const twice = {
      ...reports('a', 'error'),
      check: (model: Parameters<Rule['check']>[0]) =>
        [1, 2].flatMap(() => [...reports('a', 'error').check(model, { torchVersion: undefined })]),
    }
    assert.equal(lint(modelOf('a()\n'), new Map([['x/a', twice]]), {}).findings.length, 1)
  })

  test('of a rule that fails are dropped, and the failure is named once', () => {
    const { findings, notices } = lint(modelOf('a()\nb()\n'), new Map([['x/fails', fails], ...rules]), {})
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['x/a', 'x/b'],
    )
    assert.deepEqual(
      notices.map(({ kind, message }) => [kind, message.en]),
      [['rule-failed', 'The rule x/fails failed on this file and was skipped: no luck']],
    )
  })
})

suite('selection', () => {
  const text = 'a()\nb()\nc()\n'
  const cases: readonly (readonly [Settings, readonly string[]])[] = [
    [{}, ['1 x/a', '2 x/b']],
    [{ select: ['x/b'] }, ['2 x/b']],
    [{ select: ['x/*'] }, ['1 x/a', '2 x/b']],
    [{ select: ['x'] }, ['1 x/a', '2 x/b']],
    [{ select: ['*'] }, ['1 x/a', '2 x/b', '3 y/c']],
    [{ select: ['y/c'] }, ['3 y/c']],
    [{ ignore: ['x/a'] }, ['2 x/b']],
    [{ select: ['*'], ignore: ['x/*'] }, ['3 y/c']],
    [{ select: [] }, []],
  ]
  for (const [settings, expected] of cases)
    test(JSON.stringify(settings), () => assert.deepEqual(found(text, settings), expected))

  test('gives a rule that is off by default the level of advice', () => {
    assert.equal(lint(modelOf('c()\n'), rules, { select: ['y/c'] }).findings[0]?.severity, 'info')
  })
})

suite('suppression comments', () => {
  const silent = (text: string) => test(JSON.stringify(text), () => assert.deepEqual(found(text), []))
  const loud = (text: string, expected: readonly string[]) =>
    test(`${JSON.stringify(text)} is reported`, () => assert.deepEqual(found(text), expected))
  silent('a()  # torchlint: ignore\n')
  silent('a()  # torchlint: ignore[x/a]\n')
  silent('a(); b()  # torchlint: ignore[x/a, x/b]\n')
  silent('a()  #TorchLint:Ignore[ X/* ]\n')
  silent('a()  # noqa: E501  # torchlint: ignore[x/a] the scale is read below\n')
  silent('print(  # torchlint: ignore[x/a]\n    1,\n    a(),\n)\n')
  silent('print(\n    1,\n    a(),  # torchlint: ignore[x/a]\n)\n')
  silent('# torchlint: ignore-file\na()\nb()\n')
  silent('a()\n# torchlint: ignore-file[x/a]\n')
  loud('a()  # torchlint: ignore[x/b]\n', ['1 x/a'])
  loud('a()  # torchlint: ignore[]\n', ['1 x/a'])
  loud('a()  # torchlint: ignored\n', ['1 x/a'])
  loud('# torchlint: ignore\na()\n', ['2 x/a'])
  loud('if x:  # torchlint: ignore\n    a()\n', ['2 x/a'])
  loud('s = "# torchlint: ignore-file"\na()  \n', ['2 x/a'])
  loud('a()  # torchlint: ignore-file\n', ['1 x/a'])
  loud('if x:\n    # torchlint: ignore-file\n    a()\n', ['3 x/a'])
  loud('# torchlint: ignore-file[x/a]\na()\nb()\n', ['3 x/b'])
})

suite('broken code', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['silences the statement', 'a(1 +, 2)\nb()\n', ['2 x/b']],
    ['leaves the statements beside it', 'def f():\n    x = a(1 +, 2)\n    b()\n    a()\n', ['3 x/b', '4 x/a']],
    ['leaves the header around it', 'for x in a():\n    y = f(1 +, 2)\n', ['1 x/a']],
    ['in a header leaves the body', 'with a() as 1 + :\n    b()\n', ['2 x/b']],
  ]
  for (const [title, text, expected] of cases) test(title, () => assert.deepEqual(found(text), expected))
})

test('a translation that loses a placeholder does not compile', () => {
  defineRule({
    category: 'correctness',
    severity: 'error',
    since: '0.1.0',
    messages: {
      complete: { en: '`{call}` is called', zh: '调用了 `{call}`' },
      // @ts-expect-error The Chinese text lacks a placeholder.
      lossy: { en: '`{call}` is called', zh: '调用了' },
      // @ts-expect-error The English text lacks one.
      inventive: { en: 'called', zh: '调用了 `{call}`' },
    },
    *check() {},
  })
})
