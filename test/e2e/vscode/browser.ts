/** VS Code's page in headless Chromium. */
import { type Browser, chromium } from 'playwright-core'
import type { Installation } from './install.ts'

export function launchBrowser({ chromium: executablePath, chromiumEnvironment }: Installation): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    env: { ...definedEnvironment(), ...chromiumEnvironment },
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
