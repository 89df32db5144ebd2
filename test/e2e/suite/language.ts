/** Everything that a user reads is in the display language. */
import assert from 'node:assert/strict'
import { type CodeAction, commands, env, extensions, languages, Range, type Uri } from 'vscode'
import { quickFixes, show, untilFindings } from './editor.ts'

const chinese = env.language === 'zh-cn'

export const languageTests: Readonly<Record<string, () => Promise<void>>> = {
  async 'offers actions, and names other places, in the display language'() {
    for (const name of ['train.py', 'configured/flags.py', 'leaking.py']) {
      const { document } = await show(name)
      const found = await untilFindings(document.uri, () => true)
      for (const { range } of found)
        for (const { title } of await quickFixes(document.uri, range)) isInDisplayLanguage(title)
      for (const { title } of await fixAll(document.uri)) isInDisplayLanguage(title)
      for (const { message, relatedInformation = [] } of languages.getDiagnostics(document.uri))
        for (const text of [message, ...relatedInformation.map(({ message }) => message)]) isInDisplayLanguage(text)
    }
  },

  async 'names its commands and explains its settings in the display language'() {
    const { contributes } = extensions.getExtension('torchlint.torchlint')?.packageJSON ?? {}
    const { commands: contributed, configuration } = contributes
    const settings = [configuration].flat().flatMap(({ properties }) => Object.values<Described>(properties))
    assert.ok(contributed.length > 0 && settings.length > 0)
    for (const { title } of contributed) isInDisplayLanguage(title.value ?? title)
    for (const { markdownDescription, description, enumDescriptions = [], patternErrorMessage } of settings)
      for (const text of [markdownDescription ?? description, ...enumDescriptions, patternErrorMessage])
        if (text !== undefined) isInDisplayLanguage(text)
  },
}

interface Described {
  readonly description?: string
  readonly markdownDescription?: string
  readonly enumDescriptions?: readonly string[]
  readonly patternErrorMessage?: string
}

function isInDisplayLanguage(text: string): void {
  assert.equal(/\p{Script=Han}/u.test(text), chinese, text)
}

function fixAll(uri: Uri): Thenable<readonly CodeAction[]> {
  const everything = new Range(0, 0, 9999, 0)
  return commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', uri, everything, 'source.fixAll')
}
