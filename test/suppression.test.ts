/** Suppression comments that are of no use, and the comments that are written for the user. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Settings } from '../server/src/config.ts'
import { applyEdits, fixAll } from '../server/src/fix.ts'
import { analyze } from './support/analyzer.ts'

const rule = 'backends/unknown-flag'
const call = 'torch.backends.cudnn.benchmarks = True'
const head = 'import torch\n'

suite('unused comments', () => {
  const unusedIn = (text: string, settings: Settings = {}) => {
    const { findings } = analyze(text, { unusedSuppressions: 'warning', ...settings })
    return findings.flatMap(finding =>
      finding.rule === 'unused-suppression' ? [text.slice(finding.start, finding.end)] : [],
    )
  }
  const removed = (text: string) =>
    fixAll(text, later =>
      analyze(later, { unusedSuppressions: 'info' }).findings.filter(({ rule }) => rule === 'unused-suppression'),
    ).text

  test('are not reported unless that is asked for', () => {
    assert.deepEqual(analyze(`${head}x = 1  # torchlint: ignore\n`, {}).findings, [])
  })

  test('are those that suppress nothing, with or without a list', () => {
    assert.deepEqual(unusedIn(`${head}${call}  # torchlint: ignore\nx = 1  # torchlint: ignore\n`), [
      '# torchlint: ignore',
    ])
    assert.deepEqual(unusedIn(`${head}${call}  # torchlint: ignore[backends]\n`), [])
    assert.deepEqual(unusedIn(`# torchlint: ignore-file[amp/*]\n${head}${call}\n`), ['# torchlint: ignore-file[amp/*]'])
    assert.deepEqual(unusedIn(`${head}x = 1  # torchlint: ignore[]\n`), ['# torchlint: ignore[]'])
  })

  test('of a name that is no rule are unused too', () => {
    assert.deepEqual(unusedIn(`${head}x = 1  # torchlint: ignore[amp/mising-update]\n`).length, 1)
  })

  test('of a rule that has not run are left alone', () => {
    const text = `${head}x = 1  # torchlint: ignore[amp/missing-update]\ny = 1  # torchlint: ignore[data/pageable-memory]\n`
    assert.deepEqual(unusedIn(text, { select: ['loop/*'] }), [])
    assert.deepEqual(unusedIn(text, { ignore: ['amp/missing-update'] }), [])
    assert.equal(unusedIn(text).length, 1)
    assert.equal(unusedIn(text, { preset: 'all' }).length, 2)
  })

  test('in a file that is broken somewhere are left alone', () => {
    assert.deepEqual(unusedIn(`${head}x = 1  # torchlint: ignore\nf(1 +\n`), [])
  })

  const cases: readonly (readonly [string, string, string])[] = [
    ['a line of its own goes', `# torchlint: ignore-file[amp]\n${head}`, head],
    ['one behind code goes with the space before it', `${head}x = 1  # torchlint: ignore\n`, `${head}x = 1\n`],
    ['what explains it goes along', `${head}x = 1  # torchlint: ignore because\n`, `${head}x = 1\n`],
    ['another comment stays', `${head}x = 1  # torchlint: ignore  # noqa\n`, `${head}x = 1  # noqa\n`],
    ['another comment before it stays', `${head}x = 1  # noqa  # torchlint: ignore\n`, `${head}x = 1  # noqa\n`],
    [
      'of a list only what is unused goes',
      `${head}${call}  # torchlint: ignore[amp/*, ${rule}, loop]\n`,
      `${head}${call}  # torchlint: ignore[${rule}]\n`,
    ],
  ]
  for (const [title, before, after] of cases) test(title, () => assert.equal(removed(before), after))
})

suite('comments for the user', () => {
  const suppressed = (text: string, scope: 'here' | 'file') => {
    const analysis = analyze(text)
    const [finding] = analysis.findings
    const edit = finding && analysis.suppress(finding, scope)
    if (!edit) return undefined
    const result = applyEdits(text, [edit])
    assert.deepEqual(analyze(result).findings, [])
    return result
  }
  const mark = `# torchlint: ignore[${rule}]`
  const cases: readonly (readonly [string, 'here' | 'file', string, string | undefined])[] = [
    ['behind the line', 'here', `${head}${call}\r\nx = 1\n`, `${head}${call}  ${mark}\r\nx = 1\n`],
    ['behind another comment', 'here', `${head}${call}  # noqa\n`, `${head}${call}  # noqa  ${mark}\n`],
    [
      'in the list that is there',
      'here',
      `${head}${call}  # torchlint: ignore[amp/*] why\n`,
      `${head}${call}  # torchlint: ignore[amp/*, ${rule}] why\n`,
    ],
    [
      'not behind a backslash: at the beginning of the statement neither',
      'here',
      `${head}torch.backends.cudnn.benchmarks \\\n    = True\n`,
      undefined,
    ],
    ['not in a string', 'here', `${head}torch.backends.cudnn.benchmarks = """a\nb"""\n`, undefined],
    [
      'at the top',
      'file',
      `"""What it does."""\n${head}${call}\n`,
      `# torchlint: ignore-file[${rule}]\n"""What it does."""\n${head}${call}\n`,
    ],
    [
      'behind what must be first',
      'file',
      `#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n${head}${call}\n`,
      `#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n# torchlint: ignore-file[${rule}]\n${head}${call}\n`,
    ],
    [
      'in the list of the file that is there',
      'file',
      `${head}${call}\n# torchlint: ignore-file[amp]\n`,
      `${head}${call}\n# torchlint: ignore-file[amp, ${rule}]\n`,
    ],
  ]
  for (const [title, scope, before, after] of cases)
    test(`${scope}: ${title}`, () => assert.equal(suppressed(before, scope), after))
})
