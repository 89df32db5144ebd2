/** Notebook files are read whoever wrote them, and written back as they were but for the sources that changed. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type NotebookFile, readNotebook } from '../../server/src/notebook/file.ts'

function read(file: string): NotebookFile {
  const notebook = readNotebook(file)
  assert.ok('cells' in notebook, 'the file is read')
  return notebook
}

function problemOf(file: string): string {
  const notebook = readNotebook(file)
  return 'problem' in notebook ? notebook.problem.en : 'no problem'
}

/** As nbformat writes it: one blank for each level, `source` behind `outputs`, a line break at the end. */
const file = `{
 "cells": [
  {
   "cell_type": "markdown",
   "metadata": {},
   "source": [
    "# Title"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 1,
   "metadata": {"vscode": {"languageId": "python"}},
   "outputs": [{"data": NaN, "text": ["a\\n"]}],
   "source": [
    "import torch\\n",
    "\\n",
    "a = '\\u4e2d/\\/'"
   ]
  },
  {
   "cell_type": "code",
   "metadata": {},
   "source": "b = \\"1\\"\\nc = 2"
  }
 ],
 "metadata": {
  "language_info": {"name": "python"}
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`

suite('a notebook file', () => {
  test('has the cells of Python, with their numbers among all cells', () => {
    assert.deepEqual(
      read(file).cells.map(({ number, text }) => ({ number, text })),
      [
        { number: 2, text: "import torch\n\na = '中//'" },
        { number: 3, text: 'b = "1"\nc = 2' },
      ],
    )
  })

  test('is the same file where nothing has changed', () => {
    const notebook = read(file)
    assert.equal(notebook.withSources(notebook.cells.map(({ text }) => text)), file)
  })

  test('changes in the lines that changed', () => {
    const written = read(file).withSources(["import torch\nx = 1\n\na = '中//'", 'b = "1"\nd = 2'])
    const before = '    "import torch\\n",\n    "\\n",\n    "a = \'\\u4e2d/\\/\'"\n'
    const after = before.replace('"\\n"', '"x = 1\\n",\n    "\\n"')
    assert.equal(written, file.replace(before, after).replace('c = 2', 'd = 2'))
  })

  test('keeps the way in which a list is set', () => {
    const compact = '{"cells":[{"cell_type":"code","source":["a\\n","b"]}],"nbformat":4}'
    assert.equal(read(compact).withSources(['a\nc\nd']), compact.replace('"b"', '"c\\n","d"'))
    const single = '{"cells":[{"cell_type":"code","source":[\r\n\t"a"\r\n]}],"nbformat":4}'
    assert.equal(read(single).withSources(['a\nb']), single.replace('"a"', '"a\\n",\r\n\t"b"'))
    assert.equal(read(single).withSources(['']), single.replace('"a"', ''))
  })

  test('of nbformat 3 has its cells on a worksheet', () => {
    const old =
      '{"metadata":{"name":""},"nbformat":3,"worksheets":[{"cells":[' +
      '{"cell_type":"heading","source":["x"]},{"cell_type":"code","input":["a"],"language":"python"}]}]}'
    const notebook = read(old)
    assert.deepEqual(
      notebook.cells.map(({ number, text }) => [number, text]),
      [[2, 'a']],
    )
    assert.equal(notebook.withSources(['b']), old.replace('["a"]', '["b"]'))
  })

  test('has other cells than Python', () => {
    const cells =
      '[{"cell_type":"code","metadata":{"vscode":{"languageId":"shellscript"}},"source":"ls"},{"cell_type":"raw"}]'
    assert.deepEqual(read(`{"cells":${cells},"nbformat":4}`).cells, [])
  })

  test('may be new, and empty', () => {
    assert.equal(read('\n').withSources([]), '\n')
  })
})

const unreadable: Readonly<Record<string, readonly [file: string, problem: RegExp]>> = {
  'cut off': [file.slice(0, 300), /broken in line 1\d$/],
  'with a comma too many': ['{"cells":[],\n"nbformat":4,}', /broken in line 2$/],
  'no JSON': ['import torch', /broken in line 1$/],
  'nested too deeply': [`{"cells":${'['.repeat(200_000)}`, /broken/],
  'a list': ['[]', /no cells$/],
  'without cells': ['{"nbformat":4}', /no cells$/],
  'with cells that are none': ['{"cells":{},"nbformat":4}', /no cells$/],
  'of a version to come': ['{"cells":[],"nbformat":5}', /nbformat 5 cannot be read/],
  'of another language': [file.replace('"name": "python"', '"name": "julia"'), /a notebook of julia, not of Python$/],
  'of another kernel': ['{"cells":[],"metadata":{"kernelspec":{"language":"R"}},"nbformat":4}', /a notebook of R,/],
}

suite('a file is no notebook of Python', () => {
  for (const [title, [content, problem]] of Object.entries(unreadable))
    test(title, () => assert.match(problemOf(content), problem))

  test('and odd members do no harm', () => {
    const cells = '[null,1,{"cell_type":"code"},{"cell_type":"code","source":[1]},{"cell_type":"code","source":"a"}]'
    assert.deepEqual(
      read(`{"cells":${cells},"metadata":null,"nbformat":4}`).cells.map(({ text }) => text),
      ['a'],
    )
  })
})
