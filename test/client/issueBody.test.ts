import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueBody } from '../../client/src/issueBody.ts'

const headings = ['What happens', 'A script', 'What is used'] as const
const used = { version: '0.1.0', editor: 'Visual Studio Code 1.100.0 (desktop)', host: 'Node 22', language: 'zh-cn' }
const status = { parser: 'tree-sitter-python 0.25.0', isExcluded: false }

test('a new issue names what is used', () => {
  const body = issueBody(headings, {
    ...used,
    status: {
      ...status,
      configuration: 'file:///home/ada/secret%20project/pyproject.toml',
      torch: { version: '2.4', from: 'file', file: 'file:///home/ada/secret%20project/requirements.txt' },
    },
  })
  assert.equal(
    body,
    `### What happens



### A script

\`\`\`python

\`\`\`

### What is used

- TorchLint 0.1.0, tree-sitter-python 0.25.0
- Visual Studio Code 1.100.0 (desktop), zh-cn
- Node 22
- PyTorch 2.4 (requirements.txt)
- pyproject.toml
`,
  )
})

test('an installed PyTorch is named by its package, not by where it lies', () => {
  const file = 'file:///home/ada/.venv/lib/python3.12/site-packages/torch-2.4.1%2Bcu121.dist-info/METADATA'
  const torch = { version: '2.4', from: 'file', file } as const
  const body = issueBody(headings, { ...used, status: { ...status, configuration: null, torch } })
  assert.match(body, /- PyTorch 2\.4 \(torch-2\.4\.1\+cu121\.dist-info\/METADATA\)\n$/)
  assert.doesNotMatch(body, /ada/)
})

test('without a script, or without a server that answers, the rest is named', () => {
  assert.match(issueBody(headings, { ...used, status: null }), /- TorchLint 0\.1\.0\n.*\n- Node 22\n$/)
})
