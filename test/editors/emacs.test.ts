/** Emacs with both of its clients, where they are installed (Debian: `apt install emacs-nox elpa-eglot elpa-lsp-mode`). */
import { join } from 'node:path'
import { test } from 'node:test'
import { assertRepaired, missing, play, recipe } from './editor.ts'

const emacs = ['--batch', '--no-init-file', '-f', 'package-initialize']

for (const [name, client] of [
  ['Eglot', 'eglot'],
  ['lsp-mode', 'lsp-mode'],
] as const)
  test(`Emacs with ${name} shows the mistake, explains it and repairs it`, {
    skip: missing(`emacs with ${client}`, 'emacs', [...emacs, '--eval', `(require '${client})`]),
  }, t => {
    const setup = recipe('elisp', `with-eval-after-load '${client}`)
    assertRepaired(play(t, setup, 'emacs', [...emacs, '-l', join(import.meta.dirname, `${client}.el`)]))
  })
