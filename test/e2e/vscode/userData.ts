/** What VS Code finds in its data folder when it starts for the first time. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** VS Code's texts in another language: module → key → text. */
export type Translations = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * Settings that keep VS Code quiet, and a display language, which here needs no language pack: what is not in
 * `translations` stays English, but extensions are told the language and speak it.
 */
export function writeUserData(userData: string, displayLanguage = 'en', translations: Translations = {}): void {
  const write = (path: string, content: unknown) => writeFileSync(join(userData, path), JSON.stringify(content))
  mkdirSync(join(userData, 'User'), { recursive: true })
  write('User/settings.json', quietSettings)
  // The desktop takes the language from the flag --locale, the server from this file.
  write('User/argv.json', { locale: displayLanguage })
  write('translations.json', { '': [], version: '1.0.0', contents: translations })
  write('languagepacks.json', {
    [displayLanguage]: {
      hash: displayLanguage,
      label: displayLanguage,
      extensions: [{ extensionIdentifier: { id: `torchlint.${displayLanguage}` }, version: '1.0.0' }],
      translations: { vscode: join(userData, 'translations.json') },
    },
  })
}

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'editor.minimap.enabled': false,
}
