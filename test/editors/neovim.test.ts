/** Neovim's own client, where it is installed (Debian: `apt install neovim`). */
import { join } from 'node:path'
import { test } from 'node:test'
import { assertRepaired, missing, play, recipe } from './editor.ts'

test('Neovim shows the mistake, explains it and repairs it', {
  skip: missing('nvim', 'nvim', ['--version']),
}, t => {
  const setup = recipe('lua', 'start_client')
  const script = join(import.meta.dirname, 'neovim.lua')
  const args = ['--headless', '-u', 'NONE', '-c', 'luafile recipe', '-c', 'edit train.py', '-c', 'set filetype=python']
  assertRepaired(play(t, setup, 'nvim', [...args, '-c', `luafile ${script}`, '-c', 'cquit']))
})
