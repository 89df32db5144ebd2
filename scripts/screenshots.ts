/**
 * `npm run screenshots`: the READMEs' pictures, taken of the packaged extension in the embedded VS Code: in English on a
 * light ground, in Chinese on a dark one. Chinese text needs a Chinese font on this machine (Debian: fonts-noto-cjk).
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { leaking } from '../test/doctor/scripts.ts'
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

const error =
  'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 7.93 GiB of which 12.19 MiB is free. Of the allocated memory 7.42 GiB is allocated by PyTorch, and 11.30 MiB is reserved by PyTorch but unallocated.'

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

/** What is off by default: a picture of its own shows it. */
const beside = {
  'torchlint.inlayHints.effectiveBatchSize': true,
  'torchlint.inlayHints.decay': true,
  'torchlint.inlayHints.schedulerSteps': true,
  'torchlint.codeLens': true,
}

await build()
await packageExtension()
mkdirSync(images, { recursive: true })
const installation = installVSCode()
const directory = mkdtempSync(join(tmpdir(), 'torchlint-'))
const leak = join(directory, 'cars/train.py')
mkdirSync(dirname(leak))
writeFileSync(leak, leaking)
const browser = await launchBrowser(installation)
try {
  for (const [language, translations, theme] of [
    ['en', {}, 'Default Light Modern'],
    ['zh-cn', chinese, 'Default Dark Modern'],
  ] as const) {
    await takePictures(language, translations, theme, {}, pictureFindings)
    await takePictures(language, translations, theme, beside, pictureHints)
  }
} finally {
  await browser.close()
  rmSync(directory, { recursive: true })
}

type TakePictures = (server: Server, language: string) => Promise<void>

async function takePictures(
  language: string,
  translations: Translations,
  theme: string,
  more: Readonly<Record<string, unknown>>,
  take: TakePictures,
) {
  const options = {
    vscode: installation.vscode,
    userData: join(directory, language, take.name),
    extensions: join(directory, 'extensions'),
  }
  writeUserData(options.userData, {
    displayLanguage: language,
    translations,
    settings: { ...settings, ...more, 'workbench.colorTheme': theme },
  })
  installExtension(vsix, options)
  const server = await startServer(options)
  try {
    await take(server, language)
  } finally {
    await server.stop()
  }
}

async function pictureFindings(server: Server, language: string) {
  const findings = await open(server, mistakes)
  await showText(findings, mistakes, 'clip_grad_norm_')
  await pictureHover(findings, 'clip_grad_norm_', `editor.${language}`)
  await pictureQuickFix(findings, `quick-fix.${language}`)
  await findings.close()
  const curve = await open(server, schedule)
  await showText(curve, schedule, 'MultiStepLR')
  await pictureHover(curve, 'MultiStepLR', `curve.${language}`)
  await curve.close()
  const memory = await open(server, leak, { width: 1400, height: 1000 })
  await showText(memory, leak, 'model.train')
  await pictureMemory(memory, `memory.${language}`)
  await memory.close()
}

/** The loop that accumulates gradients. */
async function pictureHints(server: Server, language: string) {
  const page = await open(server, schedule)
  await showText(page, schedule, 'enumerate')
  await page.locator('.codelens-decoration a').first().waitFor()
  await page.locator('.view-line', { hasText: '× ' }).first().waitFor()
  await picture(page, `hints.${language}`)
  await page.close()
}

async function open(server: Server, file: string, viewport = { width: 1100, height: 600 }): Promise<Page> {
  const page = await browser.newPage({ viewport, deviceScaleFactor: 2 })
  const address = server.address(dirname(file))
  address.searchParams.set('payload', JSON.stringify([['openFile', `vscode-remote://${address.host}${file}`]]))
  await page.goto(address.href)
  return page
}

/** Scrolls to the first line with the text. */
async function showText(page: Page, file: string, text: string) {
  await page.locator('.view-line').first().click()
  await page.keyboard.press('Control+B')
  await page.keyboard.press('Control+G')
  const line = String(readFileSync(file, 'utf8').split(text)[0]?.split('\n').length)
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
  await page.locator('.active-line-number', { hasText: line }).waitFor()
  // There is more room below it than above, so that a hover covers none of what leads to it.
  for (let line = 0; line < 7; line++) await page.keyboard.press('Control+ArrowDown')
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

/** Asks in the page itself, as a user does. */
async function pictureMemory(page: Page, name: string) {
  await page.locator('.squiggly-warning').first().waitFor()
  await page.keyboard.press('F1')
  await page.keyboard.type('torchlint memory')
  await page.keyboard.press('Enter')
  await page.locator('.quick-input-widget input[placeholder^="CUDA"]').fill(error)
  await page.keyboard.press('Enter')
  const content = page.frameLocator('iframe.webview').frameLocator('iframe')
  await content.locator('h2').nth(1).waitFor()
  await picture(page, name)
}

async function picture(page: Page, name: string) {
  await page.locator('.part.editor').screenshot({ path: join(images, `${name}.png`) })
}
