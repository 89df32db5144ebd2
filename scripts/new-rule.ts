/** Writes the skeletons of a rule's three files: `npm run new-rule loop/missing-step`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { generate } from './generate.ts'

const root = join(import.meta.dirname, '..')

const id = process.argv[2] ?? ''
if (!/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
  console.error('Usage: npm run new-rule <family>/<problem>, such as loop/missing-step: the problem, never the remedy.')
  process.exit(2)
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const files = {
  [`server/src/rules/${id}.ts`]: rule(version),
  [`server/src/rules/${id}.md`]: page(),
  [`test/rules/${id}.md`]: fixture(id),
}
const present = Object.keys(files).filter(file => existsSync(join(root, file)))
if (present.length > 0) {
  console.error(`There is ${present.join(' and ')} already.`)
  process.exit(2)
}
for (const [file, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
  console.log(relative(process.cwd(), join(root, file)))
}
await generate()

function rule(since: string): string {
  return `import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'warning',
  since: '${since}',
  messages: {
    problem: {
      en: '\`{call}\` …',
      zh: '\`{call}\` …',
    },
  },
  *check(model) {
    for (const call of model.calls(['torch.…']))
      yield { at: call, message: 'problem', call: model.text.slice(call.func.start, call.func.end) }
  },
})
`
}

function page(): string {
  return `# The problem in a few words / 用几个字说明问题

What is wrong, in one paragraph: a hover shows it.

> 用一段话说明哪里不对：悬停时显示。

## Why / 为什么

What PyTorch does, and what becomes of the training.

> PyTorch 会怎么做，训练会受什么影响。

## Example / 示例

\`\`\`python bad
import torch
\`\`\`

\`\`\`python good
import torch
\`\`\`

\`\`\`truth
bad raises RuntimeError: the beginning of the text
\`\`\`

## What to do / 怎么改

What to write, and what the quick fix does.

> 该怎么写，快速修复会做什么。

## When to ignore it / 何时可以忽略

When it is right.

> 什么情况下这样写是对的。

## Links / 链接

- [The official page](https://docs.pytorch.org/docs/stable/)

> - [官方文档](https://docs.pytorch.org/docs/stable/)
`
}

function fixture(rule: string): string {
  return `# ${rule}

## The plain mistake
Why it must be reported.

\`\`\`python
import torch  # expect
\`\`\`

\`\`\`diagnostics
\`\`\`

## What looks like it and is right
Why it must be silent.

\`\`\`python
import torch
\`\`\`
`
}
