/** What a user downloads: nothing that is not needed, nothing that fits one platform only. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { listFiles, PackageManager } from '@vscode/vsce'

test('the VSIX holds these files and no others', async () => {
  const files = await listFiles({ cwd: join(import.meta.dirname, '..'), packageManager: PackageManager.None })
  assert.deepEqual([...files].sort(), [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'README.zh-CN.md',
    'dist/client.browser.cjs',
    'dist/client.cjs',
    'dist/server.browser.js',
    'dist/server.js',
    'dist/settings.schema.json',
    'dist/tree-sitter-python.wasm',
    'dist/web-tree-sitter.wasm',
    'l10n/bundle.l10n.zh-cn.json',
    'package.json',
    'package.nls.json',
    'package.nls.zh-cn.json',
    'syntaxes/torchlint.tmLanguage.json',
    ...['configure', 'explain', 'fix', 'memory', 'open'].map(step => `walkthrough/${step}.svg`),
    'walkthrough/sample.py',
    'walkthrough/sample.zh-cn.py',
    'walkthrough/save.svg',
  ])
})
