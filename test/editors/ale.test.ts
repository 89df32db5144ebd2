/** Vim with ALE, where both are installed (Debian: `apt install vim vim-ale`). */
import { join } from 'node:path'
import { test } from 'node:test'
import { assertRepaired, missing, play, recipe } from './editor.ts'

const vim = ['-N', '-u', 'NONE', '-n', '--not-a-term', '-T', 'dumb', '-c', 'packadd ale']

test('Vim with ALE shows the mistake, explains it and repairs it', {
  skip: missing('vim with ALE', 'vim', [...vim, '-c', "execute exists(':ALELint') ? 'quit' : 'cquit'"]),
}, t => {
  const script = join(import.meta.dirname, 'ale.vim')
  const args = ['-c', 'filetype plugin on', '-c', 'source recipe', '-c', `source ${script}`, '-c', 'cquit']
  assertRepaired(play(t, recipe('vim', 'ale#linter#Define'), 'vim', [...vim, ...args]))
})
