/**
 * `npm run screenshots`: the README's pictures, taken of the packaged extension in the embedded VS Code, in both
 * languages. Chinese text needs a Chinese font on this machine (Debian: fonts-noto-cjk).
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../test/e2e/vscode/browser.ts'
import { installVSCode } from '../test/e2e/vscode/install.ts'
import { installExtension, type Server, startServer } from '../test/e2e/vscode/server.ts'
import { type Translations, writeUserData } from '../test/e2e/vscode/userData.ts'
import { build } from './build.ts'
import { packageExtension, vsix } from './package.ts'

const root = join(import.meta.dirname, '..')
const images = join(root, 'docs/images')
const mistakes = join(root, 'examples/classify_images.py')
const schedule = join(root, 'examples/segment_images.py')

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
  'editor.stickyScroll.enabled': false,
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
  for (const [language, translations] of [
    ['en', {}],
    ['zh-cn', chinese],
  ] as const) {
    await takePictures(language, translations, 'light')
    await takePictures(language, translations, 'dark')
  }
} finally {
  await browser.close()
  rmSync(directory, { recursive: true })
}

async function takePictures(language: string, translations: Translations, theme: 'light' | 'dark') {
  const options = {
    vscode: installation.vscode,
    userData: join(directory, `${language}-${theme}`),
    extensions: join(directory, 'extensions'),
  }
  const colors = { 'workbench.colorTheme': theme === 'dark' ? 'Default Dark Modern' : 'Default Light Modern' }
  writeUserData(options.userData, { displayLanguage: language, translations, settings: { ...settings, ...colors } })
  installExtension(vsix, options)
  const server = await startServer(options)
  try {
    if (theme === 'light') {
      const page = await open(server, mistakes)
      await showText(page, 'clip_grad_norm_')
      await pictureHover(page, 'clip_grad_norm_', `editor.${language}`)
      await pictureQuickFix(page, `quick-fix.${language}`)
      await page.close()
    }
    const page = await open(server, schedule)
    await showText(page, 'MultiStepLR')
    await pictureHover(page, 'MultiStepLR', `curve-${theme}.${language}`)
    await page.close()
  } finally {
    await server.stop()
  }
}

async function open(server: Server, file: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 600 }, deviceScaleFactor: 2 })
  const address = server.address(join(root, 'examples'))
  address.searchParams.set('payload', JSON.stringify([['openFile', `vscode-remote://${address.host}${file}`]]))
  await page.goto(address.href)
  return page
}

/** Scrolls to the first line with the text. */
async function showText(page: Page, text: string) {
  await page.locator('.view-line').first().click()
  await page.keyboard.press('Control+B')
  await page.keyboard.press('Control+F')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await word(page, text).waitFor()
}

function word(page: Page, text: string) {
  return page.locator('.view-line span span', { hasText: text }).first()
}

async function pictureHover(page: Page, text: string, name: string) {
  // The text ends its span, which may hold what stands before it. The extension starts when the file is opened.
  const answer = page.locator('.monaco-hover .hover-row-contents').first()
  for (let patience = 20; patience > 0 && !(await answer.isVisible()); patience--) {
    await page.mouse.move(0, 0)
    const { width = 0, height = 0 } = (await word(page, text).boundingBox()) ?? {}
    await word(page, text).hover({ position: { x: width - 10, y: height / 2 } })
    await answer.waitFor({ timeout: 3000 }).catch(() => {})
  }
  await picture(page, name)
}

async function pictureQuickFix(page: Page, name: string) {
  await page.mouse.move(0, 0)
  await page.locator('.monaco-hover .hover-row-contents').first().waitFor({ state: 'hidden' })
  await page.keyboard.press('Home')
  await page.keyboard.press('Control+.')
  await page.locator('.action-widget .monaco-list-row.action').first().waitFor()
  await picture(page, name)
}

async function picture(page: Page, name: string) {
  await page.locator('.part.editor').screenshot({ path: join(images, `${name}.png`) })
}
