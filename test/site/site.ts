/** What a reader of the documentation site does, in a real browser. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { buildSite } from '../../scripts/docs.ts'
import type { Report } from '../e2e/suite/report.ts'
import { launchBrowser } from '../e2e/vscode/browser.ts'
import { installVSCode } from '../e2e/vscode/install.ts'

type Check = (page: Page, address: string) => Promise<void>

const checks: Readonly<Record<string, Check>> = {
  async 'opens a page from the list of rules'(page, address) {
    await page.goto(`${address}/rules/`)
    await page.locator('main').getByRole('link', { name: 'Gradients clipped while still scaled' }).first().click()
    await page.waitForURL('**/rules/amp/clip-before-unscale.html')
    await page.getByRole('heading', { level: 1 }).waitFor()
  },

  async 'opens a page whose name has dots'(page, address) {
    await page.goto(`${address}/api/torch.optim.AdamW.html`)
    await page.getByRole('link', { name: 'Weight decay' }).first().click()
    await page.waitForURL('**/concepts/weight-decay.html')
  },

  async 'switches to the same page in Chinese'(page, address) {
    await page.goto(`${address}/rules/amp/missing-update.html`)
    await page.locator('.VPNavBarTranslations').hover()
    await page.locator('.VPNavBarTranslations').getByRole('link', { name: '简体中文' }).click()
    await page.waitForURL('**/zh/rules/amp/missing-update.html')
    await page.locator('h1', { hasText: /\p{Script=Han}/u }).waitFor()
  },

  async 'finds pages by words of both languages'(page, address) {
    await page.goto(`${address}/`)
    await search(page, 'Search', 'unscale_', 'GradScaler.unscale_')
    await page.goto(`${address}/zh/`)
    await search(page, '搜索', '权重衰减', '权重衰减')
  },

  async 'has a dark mode that is kept'(page, address) {
    await page.goto(`${address}/rules/`)
    const isDark = async () => /\bdark\b/.test((await page.locator('html').getAttribute('class')) ?? '')
    const before = await isDark()
    await page.locator('.VPNavBarAppearance button').click()
    assert.equal(await isDark(), !before)
    await page.reload()
    assert.equal(await isDark(), !before)
  },
}

async function search(page: Page, button: string, words: string, result: string): Promise<void> {
  await page.getByRole('button', { name: button }).first().click()
  await page.locator('#localsearch-input').fill(words)
  await page.locator('.VPLocalSearchBox .result', { hasText: result }).first().waitFor()
  await page.keyboard.press('Escape')
}

/** A report of every check, on the site as it is built now. */
export async function checkSite(): Promise<readonly Report[]> {
  const site = await serve(await buildSite())
  const browser = await launchBrowser(installVSCode())
  try {
    const reports: Report[] = []
    for (const [name, check] of Object.entries(checks)) {
      const page = await browser.newPage()
      const error = await check(page, site.address).then(
        () => null,
        (reason: unknown) => String(reason),
      )
      reports.push({ name, error })
      await page.close()
    }
    return reports
  } finally {
    await browser.close()
    site.close()
  }
}

/** As any host of static files would. */
async function serve(folder: string): Promise<{ readonly address: string; close(): void }> {
  const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' }
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const file = pathname.endsWith('/') ? `${pathname}index.html` : pathname
    const type = types[file.split('.').at(-1) ?? '']
    try {
      const content = await readFile(join(folder, decodeURIComponent(file)))
      response.writeHead(200, type ? { 'content-type': `${type}; charset=utf-8` } : {}).end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() }
}
