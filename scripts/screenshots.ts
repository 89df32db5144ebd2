/**
 * `npm run screenshots`: the README's pictures, taken of the packaged extension in the embedded VS Code, in both
 * languages. Chinese text needs a Chinese font on this machine (Debian: fonts-noto-cjk).
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../test/e2e/vscode/browser.ts'
import { installVSCode } from '../test/e2e/vscode/install.ts'
import { installExtension, startServer } from '../test/e2e/vscode/server.ts'
import { type Translations, writeUserData } from '../test/e2e/vscode/userData.ts'
import { build } from './build.ts'
import { packageExtension, vsix } from './package.ts'

const root = join(import.meta.dirname, '..')
const images = join(root, 'docs/images')
const example = join(root, 'examples/classify_images.py')
const call = 'clip_grad_norm_'
const lineOfCall = readFileSync(example, 'utf8').split(call)[0]?.split('\n').length

/** The texts of VS Code itself that the pictures show. */
const chinese: Translations = {
  'vs/editor/contrib/hover/browser/markerHoverParticipant': {
    'view problem': '查看问题',
    'quick fixes': '快速修复...',
  },
  'vs/editor/contrib/codeAction/browser/codeActionMenu': { 'codeAction.widget.id.quickfix': '快速修复' },
}

/** The code above a finding says what leads to it: a hover must not cover it. */
const settings = {
  'editor.hover.above': false,
  'editor.scrollbar.horizontal': 'hidden',
  'editor.scrollbar.vertical': 'hidden',
}

await build()
await packageExtension()
mkdirSync(images, { recursive: true })
const installation = installVSCode()
const directory = mkdtempSync(join(tmpdir(), 'torchlint-'))
const browser = await launchBrowser(installation)
try {
  await takePictures('en', {})
  await takePictures('zh-cn', chinese)
} finally {
  await browser.close()
  rmSync(directory, { recursive: true })
}

async function takePictures(language: string, translations: Translations) {
  const options = {
    vscode: installation.vscode,
    userData: join(directory, language),
    extensions: join(directory, 'extensions'),
  }
  writeUserData(options.userData, { displayLanguage: language, translations, settings })
  installExtension(vsix, options)
  const server = await startServer(options)
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 600 }, deviceScaleFactor: 2 })
    const address = server.address(join(root, 'examples'))
    address.searchParams.set('payload', JSON.stringify([['openFile', `vscode-remote://${address.host}${example}`]]))
    await page.goto(address.href)
    await findCall(page)
    await pictureHover(page, language)
    await pictureQuickFix(page, language)
    await page.close()
  } finally {
    await server.stop()
  }
}

/** Opens the file at the line of the call, with what was found in it. */
async function findCall(page: Page) {
  await page.locator('.squiggly-error').first().waitFor()
  await page.keyboard.press('Control+B')
  await page.keyboard.press('Control+G')
  await page.keyboard.type(String(lineOfCall))
  await page.keyboard.press('Enter')
  await callIn(page).waitFor()
}

function callIn(page: Page) {
  return page.locator('.view-line span span', { hasText: call }).first()
}

async function pictureHover(page: Page, language: string) {
  await callIn(page).hover()
  await page.locator('.monaco-hover .hover-row-contents').first().waitFor()
  await picture(page, `editor.${language}`)
}

async function pictureQuickFix(page: Page, language: string) {
  await page.mouse.move(0, 0)
  await page.locator('.monaco-hover .hover-row-contents').first().waitFor({ state: 'hidden' })
  await page.keyboard.press('Home')
  await page.keyboard.press('Control+.')
  await page.locator('.action-widget .monaco-list-row.action').first().waitFor()
  await picture(page, `quick-fix.${language}`)
}

async function picture(page: Page, name: string) {
  await page.locator('.part.editor').screenshot({ path: join(images, `${name}.png`) })
}
