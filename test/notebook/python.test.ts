/** What IPython alone understands becomes Python, and every character keeps its place. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { pythonOf } from '../../server/src/notebook/python.ts'

/** The cell, and what is read in its place; trailing blanks do not matter. */
const cells: readonly { readonly title: string; readonly cell: string; readonly python: string | undefined }[] = [
  { title: 'Python stays', cell: 'x = a % b\ny = x != 1\n', python: 'x = a % b\ny = x != 1\n' },
  { title: 'a line magic', cell: '%matplotlib inline\nx = 1', python: 'ǃ\nx = 1' },
  { title: 'a shell line', cell: "!pip install 'torch>=2\nx = 1", python: 'ǃ\nx = 1' },
  {
    title: 'a shell line in a block',
    cell: 'if x:\n    !ls "\nelse:\n    y()',
    python: 'if x:\n    ǃ\nelse:\n    y()',
  },
  { title: 'a continued shell line', cell: '!python train.py \\\n  --lr 1\nx = 1', python: 'ǃ\n\nx = 1' },
  { title: 'a shell line that is assigned', cell: 'files = !ls (\nx = 1', python: 'files = ǃ\nx = 1' },
  { title: 'a magic that is assigned', cell: 'a, b[0] =%env HOME\nx = 1', python: 'a, b[0] =ǃ\nx = 1' },
  { title: 'a question', cell: '?model\n??model\nmodel?\nmodel.fit??  ', python: 'ǃ\nǃ\nǃ\nǃ' },
  { title: 'a question with wildcards', cell: '*.Adam*?', python: 'ǃ' },
  {
    title: 'a timed statement runs',
    cell: '%time loss = train()\n%timeit -n 10 f(x)',
    python: 'ǃ;    loss = train()\nǃ;            f(x)',
  },
  {
    title: 'commands without a sign',
    cell: 'cd ..\npip install torch\nls -l text\nif x:\n  rm x.txt',
    python: 'ǃ\nǃ\nǃ\nif x:\n  ǃ',
  },
  {
    title: 'names like commands',
    cell: 'ls = [1]\nls [0]\ncp (x)\nrm -x\ncat += 1\ncat if x else y\ncat # !',
    python: 'ls = [1]\nls [0]\ncp (x)\nrm -x\ncat += 1\ncat if x else y\ncat # !',
  },
  { title: 'nothing timed', cell: '%time\nx = 1', python: 'ǃ\nx = 1' },
  { title: 'a cell magic around Python', cell: '%%time\nx = 1', python: 'ǃ\nx = 1' },
  { title: 'two of them', cell: '\n%%capture out\n%%time\nx = 1', python: '\nǃ\nǃ\nx = 1' },
  { title: 'a cell of a shell', cell: '%%bash\nls "', python: undefined },
  { title: 'a cell that writes a file', cell: '\n%%writefile train.py\nimport torch', python: undefined },
  { title: 'a shell within a Python cell magic', cell: '%%capture\n%%bash\nls', python: undefined },
  { title: 'a magic alone', cell: '%%time', python: 'ǃ' },
  { title: 'a remainder within brackets', cell: 'x = (a\n% b)\ny = 1', python: 'x = (a\n% b)\ny = 1' },
  { title: 'a text', cell: 'x = """\n!ls\n%cd ..\nwhat?\n"""', python: 'x = """\n!ls\n%cd ..\nwhat?\n"""' },
  { title: 'a formatted text', cell: 'print("a =%d" % a)', python: 'print("a =%d" % a)' },
  { title: 'a comment', cell: '# really?\nx = 1 # = !ls', python: '# really?\nx = 1 # = !ls' },
  { title: 'an open bracket', cell: 'f(a,\n!ls', python: 'f(a,\n!ls' },
  { title: 'carriage returns', cell: '%%time\r\n!ls\r\nx = 1\r\n', python: 'ǃ\r\nǃ\r\nx = 1\r\n' },
  { title: 'nothing', cell: '', python: '' },
]

suite('the Python of a cell', () => {
  for (const { title, cell, python } of cells)
    test(title, () => {
      const read = pythonOf(cell)?.text
      assert.equal(read?.replace(/[ \t]+(?=\r?\n|$)/g, ''), python)
      if (read !== undefined) assert.equal(read.length, cell.length)
    })

  test('begins behind cell magics', () => {
    assert.equal(pythonOf('x = 1')?.start, 0)
    assert.equal(pythonOf('%%time\nx = 1')?.start, '%%time\n'.length)
  })
})
