/** Cells as one script, findings and edits of the script as those of cells. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { changeOf, mapCells } from '../../server/src/notebook/cells.ts'
import { cellEdits } from '../../server/src/notebook/edits.ts'
import { cellFindings, editCells, placeIn } from '../../server/src/notebook/findings.ts'
import { analyzer, findings } from '../support/analyzer.ts'

const place = (cells: readonly string[], text: string) => {
  const map = mapCells(cells)
  const start = map.script.indexOf(text)
  return placeIn(map, { start, end: start + text.length })
}

suite('a cell map', () => {
  test('joins the cells in order', () => {
    assert.equal(mapCells(['a = 1', 'b = 2\n']).script, 'a = 1\n\nb = 2\n\n\n')
  })

  test('finds an offset of the script in its cell', () => {
    assert.deepEqual(place(['a = 1', '%%bash\nls', 'x = 2\nb = 2'], 'b = 2'), { cell: 2, start: 6, end: 11 })
  })

  test('finds an offset of a cell in the script', () => {
    const map = mapCells(['a = 1', '%%bash', 'b'])
    assert.deepEqual([0, 1, 2].map(map.startOf), [0, undefined, 'a = 1\n\n'.length])
  })

  test('keeps a range within the cell in which it begins', () => {
    const map = mapCells(['abc', 'def'])
    assert.deepEqual(placeIn(map, { start: 1, end: 7 }), { cell: 0, start: 1, end: 3 })
  })

  test('knows no place before the first cell', () => {
    assert.equal(placeIn(mapCells(['  indented()']), { start: 0, end: 2 }), undefined)
    assert.equal(placeIn(mapCells([]), { start: 0, end: 0 }), undefined)
  })

  test('gives an indented cell no part in the block before it', () => {
    const cells = ['for x in y:\n    a', '\n# why\n    b', '    # only a comment\nc']
    assert.deepEqual(
      mapCells(cells)
        .script.split('\n')
        .filter(line => line.startsWith('if ')).length,
      1,
    )
    assert.deepEqual(place(cells, 'b'), { cell: 1, start: 11, end: 12 })
  })
})

/** The cells after edits of their script, which `at` finds in it. */
function edited(cells: readonly string[], at: string, text: string): readonly string[] | undefined {
  const map = mapCells(cells)
  const start = map.script.indexOf(at.replace('|', ''))
  const range = at.includes('|')
    ? { start: start + at.indexOf('|'), end: start + at.indexOf('|') }
    : { start, end: start + at.length }
  const edits = [{ ...range, text }]
  return cellEdits(map, edits) && editCells(map, edits)
}

suite('an edit', () => {
  const cells = ['a = 1\nb = 2', 'c = 3']

  test('is made in its cell', () => {
    assert.deepEqual(edited(cells, 'b', 'x'), ['a = 1\nx = 2', 'c = 3'])
    assert.deepEqual(edited(cells, '|c = 3', 'x\n'), ['a = 1\nb = 2', 'x\nc = 3'])
  })

  test('behind the last line of a cell stays in that cell', () => {
    assert.deepEqual(edited(cells, 'b = 2\n|', 'x\n'), ['a = 1\nb = 2\nx', 'c = 3'])
    assert.deepEqual(edited(['a\n', 'c'], 'a\n|', 'x\n'), ['a\nx\n', 'c'])
  })

  test('removes the last line of a cell without a trace', () => {
    assert.deepEqual(edited(cells, 'b = 2\n', ''), ['a = 1', 'c = 3'])
    assert.deepEqual(edited(cells, 'c = 3\n', ''), ['a = 1\nb = 2', ''])
    assert.deepEqual(edited(cells, 'b = 2\n', 'x = 1\n'), ['a = 1\nx = 1', 'c = 3'])
  })

  test('reaches over no cell', () => {
    assert.equal(edited(cells, 'b = 2\n\nc', ''), undefined)
  })

  test('touches no magic', () => {
    assert.equal(edited(['!ls\nc = 3'], 'ǃ', ''), undefined)
    assert.equal(edited(['  c = 3'], '|if', 'x'), undefined)
  })

  test('at the beginning of a cell comes behind the cell magic', () => {
    assert.deepEqual(edited(['%%time\nc = 3'], '|ǃ', 'x\n'), ['%%time\nx\nc = 3'])
    assert.deepEqual(edited(['%%time'], '|ǃ', 'x\n'), ['%%time\nx'])
    assert.equal(edited(['%%time\nc = 3'], '|ǃ', 'x'), undefined)
  })
})

suite('typing in a notebook', () => {
  const pieces = [
    'import torch',
    '%%time',
    '%%bash',
    '!ls "',
    'x = !ls',
    '"""',
    '(',
    ')',
    '    y()',
    'for x in y:',
    '\\',
    '#',
    '?',
    'é😀',
  ]
  const cell = fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map(lines => lines.join('\n'))
  const notebook = fc.array(cell, { maxLength: 5 })

  test('leads to the script that the cells make anew, each in its place', () => {
    fc.assert(
      fc.property(notebook, notebook, (before, after) => {
        const first = mapCells(before)
        const second = mapCells(after, first)
        const { start, end, text } = changeOf(first.script, second.script)
        assert.equal(first.script.slice(0, start) + text + first.script.slice(end), mapCells(after).script)
        for (const [cell, { length }] of after.entries()) {
          const start = second.startOf(cell)
          if (start !== undefined && length > 0)
            assert.deepEqual(placeIn(second, { start, end: start + length }), { cell, start: 0, end: length })
        }
      }),
    )
  })

  test('finds what a notebook opened anew would show', () => {
    const document = analyzer.open('')
    let map = mapCells([])
    fc.assert(
      fc.property(notebook, others => {
        const next = mapCells([...cells, ...others, 'torch.backends.cudnn.benchmarks = True'], map)
        document.change([changeOf(map.script, next.script)])
        map = next
        assert.deepEqual(document.analyze({}).findings, findings(map.script))
      }),
    )
    document.dispose()
  })
})

const cells = [
  'import torch\nmodel = torch.nn.Linear(2, 2)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)',
  '!nvidia-smi\nscaler = torch.amp.GradScaler("cuda")',
  'with torch.autocast("cuda"):\n    loss = model(x).sum()\nscaler.scale(loss).backward()',
  'torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\nscaler.step(optimizer)\nscaler.update()',
  'torch.backends.cudnn.benchmarks = True',
]

suite('findings', () => {
  const map = mapCells(cells)
  const lists = cellFindings(map, findings(map.script), cell => ({ path: `#${cell}`, text: cells[cell] ?? '' }))

  test('stand in their cells', () => {
    const found = lists.map((list, cell) =>
      list.map(({ rule, start, end }) => `${rule}: ${cells[cell]?.slice(start, end)}`),
    )
    assert.deepEqual(found, [
      [],
      [],
      [],
      ['amp/clip-before-unscale: torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)'],
      ['backends/unknown-flag: benchmarks'],
    ])
  })

  test('name the places of other cells as those of other texts', () => {
    const related = lists[3]?.[0]?.related ?? []
    assert.deepEqual(
      related.map(({ file, start, end }) => `${file?.path} ${file?.text.slice(start, end)}`),
      ['#2 scaler.scale(loss)', '#2 scaler.scale(loss).backward()'],
    )
  })

  test('have fixes in the offsets of their cell', () => {
    const [edit] = lists[4]?.[0]?.fix?.edits ?? []
    assert.equal(cells[4]?.slice(edit?.start, edit?.end), 'benchmarks')
  })
})
