/**
 * The layers of the server: a folder or file imports only what stands below it. The hosts stand above everything; the
 * generated files belong to the layer of the analysis, which is the boundary that hosts see.
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { test } from 'node:test'

const source = join(import.meta.dirname, '../server/src')

/** What each part may import, besides its own files. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'parameterNames.ts': [],
  'spelling.ts': [],
  drawing: [],
  target: ['spelling.ts'],
  syntax: [],
  semantic: ['syntax'],
  torch: ['semantic', 'syntax', 'spelling.ts'],
  rules: ['torch', 'semantic', 'syntax'],
  generated: ['rules'],
  'page.ts': ['rules'],
  'config.ts': ['rules'],
  'suppression.ts': ['config.ts', 'rules', 'semantic', 'syntax'],
  'fix.ts': ['rules', 'torch', 'semantic', 'syntax'],
  'fixingEdits.ts': ['fix.ts', 'rules'],
  'repair.ts': ['fix.ts', 'rules', 'syntax'],
  'statement.ts': ['rules', 'semantic', 'syntax'],
  'lint.ts': ['config.ts', 'statement.ts', 'suppression.ts', 'rules', 'torch', 'semantic', 'syntax'],
  'workspace.ts': ['semantic', 'syntax'],
  'documentation.ts': ['generated', 'rules', 'torch', 'semantic'],
  'symbols.ts': ['rules', 'torch', 'semantic', 'syntax'],
  portraits: ['parameterNames.ts', 'drawing', 'lint.ts', 'rules', 'torch', 'semantic', 'syntax'],
  hints: ['parameterNames.ts', 'rules', 'torch', 'semantic', 'syntax'],
  'hover.ts': [
    'documentation.ts',
    'symbols.ts',
    'portraits',
    'repair.ts',
    'lint.ts',
    'generated',
    'rules',
    'torch',
    'semantic',
    'syntax',
  ],
  doctor: ['fix.ts', 'lint.ts', 'rules', 'torch', 'semantic', 'syntax'],
  'analysis.ts': [
    'doctor',
    'hints',
    'documentation.ts',
    'lint.ts',
    'hover.ts',
    'workspace.ts',
    'config.ts',
    'statement.ts',
    'suppression.ts',
    'generated',
    'rules',
    'torch',
    'semantic',
    'syntax',
  ],
  settings: ['analysis.ts', 'config.ts', 'fix.ts', 'language.ts', 'spelling.ts', 'target'],
  notebook: ['fix.ts', 'lint.ts', 'rules', 'syntax'],
  'language.ts': ['rules'],
  checking: ['notebook', 'analysis.ts', 'fix.ts', 'syntax'],
  lsp: ['checking', 'analysis.ts', 'notebook', 'fix.ts', 'fixingEdits.ts', 'language.ts', 'settings', 'target'],
  cli: [
    'checking',
    'settings',
    'notebook',
    'analysis.ts',
    'fix.ts',
    'config.ts',
    'language.ts',
    'syntax',
    'parameterNames.ts',
    'spelling.ts',
    'target',
  ],
  hosts: ['lsp', 'cli', 'checking', 'analysis.ts', 'language.ts', 'target'],
}

/** Who may use what the project did not write; parts that are not named here use nothing. */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  syntax: ['web-tree-sitter'],
  drawing: ['d3-scale'],
  target: ['@renovatebot', 'smol-toml', 'yaml'],
  settings: ['toml-eslint-parser', 'ignore'],
  'page.ts': ['mdast-util-from-markdown'],
  notebook: ['jsonc-parser'],
  lsp: ['vscode-languageserver', 'vscode-languageserver-textdocument'],
  checking: ['ignore', 'node:'],
  cli: ['commander', 'diff', 'sarif', 'string-width', 'node:', 'target'],
  hosts: ['vscode-languageserver', 'node:'],
}

interface Import {
  readonly from: string
  readonly to: string
}

function imports(): readonly Import[] {
  return globSync('**/*.ts', { cwd: source }).flatMap(file => {
    const text = readFileSync(join(source, file), 'utf8')
    const targets = [
      ...text.matchAll(
        /(?:^|\n)(?:import|export)\s[^'"]*?from '([^']+)'|import\('([^']+)'\)|(?:^|\n)import '([^']+)'/g,
      ),
    ]
    return targets.map(([, from, dynamic, bare]) => ({
      from: file.replaceAll('\\', '/'),
      to: from ?? dynamic ?? bare ?? '',
    }))
  })
}

function part(path: string): string {
  return path.split('/')[0] ?? path
}

const all = imports()

test('every part of the server has its place among the layers', () => {
  const parts = new Set(globSync('**/*.ts', { cwd: source }).map(file => part(file.replaceAll('\\', '/'))))
  assert.deepEqual(
    [...parts].filter(name => !(name in mayImport)),
    [],
  )
})

test('a part imports only what stands below it', () => {
  const wrong = all
    .filter(({ to }) => to.startsWith('.') && to.endsWith('.ts'))
    .map(({ from, to }) => ({ from, to: posix.join(dirname(from), to) }))
    .filter(({ from, to }) => part(from) !== part(to) && !mayImport[part(from)]?.includes(part(to)))
  assert.deepEqual(wrong, [])
})

test('only the part that stands for a library imports it', () => {
  const wrong = all
    .filter(({ to }) => !to.startsWith('.'))
    .filter(
      ({ from, to }) =>
        !mayUse[part(from)]?.some(name => (name.endsWith(':') ? to.startsWith(name) : to.split('/')[0] === name)),
    )
  assert.deepEqual(wrong, [])
})
