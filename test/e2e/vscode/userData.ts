/** What VS Code finds in its data folder when it starts for the first time. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** VS Code's texts in another language: module → key → text. */
export type Translations = Readonly<Record<string, Readonly<Record<string, string>>>>

interface Preferences {
  /** Needs no language pack here: what is not in `translations` stays English, but extensions speak the language. */
  readonly displayLanguage?: string
  readonly translations?: Translations
  /** Besides those that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>
}

export function writeUserData(userData: string, preferences: Preferences = {}): void {
  const { displayLanguage = 'en', translations = {}, settings = {} } = preferences
  const write = (path: string, content: unknown) => writeFileSync(join(userData, path), JSON.stringify(content))
  mkdirSync(join(userData, 'User'), { recursive: true })
  write('User/settings.json', { ...quietSettings, ...settings })
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
