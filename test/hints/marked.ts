/** Scripts with what is expected beside their code: `batch_size=8⟨× 4 accumulated = 32⟩`. */
import assert from 'node:assert/strict'
import { type HintKind, hintsOf } from '../../server/src/hints/hint.ts'
import { lensesOf } from '../../server/src/hints/lens.ts'
import type { Message } from '../../server/src/rules/rule.ts'
import { createModel } from '../../server/src/semantic/create.ts'
import type { Model } from '../../server/src/semantic/model.ts'
import { knowledge } from '../../server/src/torch/knowledge.ts'
import { createWorkspaceFiles } from '../../server/src/workspace.ts'
import { parser } from '../support/parser.ts'

/** The hints of a kind are those in ⟨⟩, and no others. `files`: what the script may import, by name. */
export function assertHints(
  kind: HintKind,
  marked: string,
  language: keyof Message = 'en',
  files: Readonly<Record<string, string>> = {},
): void {
  const hints = hintsOf(modelOf(withoutMarks(marked), files), [kind])
  assert.equal(withMarks(withoutMarks(marked), hints, language), marked)
}

/** Each lens stands in ⟨⟩ in front of its loop. */
export function assertLenses(marked: string, language: keyof Message = 'en'): void {
  const lenses = lensesOf(modelOf(withoutMarks(marked))).map(({ start, text }) => ({ at: start, text }))
  assert.equal(withMarks(withoutMarks(marked), lenses, language), marked)
}

function modelOf(text: string, files: Readonly<Record<string, string>> = {}): Model {
  const read = (path: string) => files[path.slice('/project/'.length)]
  const workspace = createWorkspaceFiles(parser, { read, rootOf: () => '/project' })
  const source = parser.open(text)
  try {
    return createModel(source.module, knowledge, workspace.importedBy('/project/train.py', source.module))
  } finally {
    source.dispose()
  }
}

const withoutMarks = (marked: string): string => marked.replace(/⟨[^⟩]*⟩/g, '')

type Mark = { readonly at: number; readonly text: Message }

function withMarks(text: string, marks: readonly Mark[], language: keyof Message): string {
  const last = marks.toSorted((a, b) => b.at - a.at)
  return last.reduce((all, { at, text }) => `${all.slice(0, at)}⟨${text[language]}⟩${all.slice(at)}`, text)
}
