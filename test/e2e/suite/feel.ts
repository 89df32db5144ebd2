/** The first steps, the output, and what stands in the palette. */
import assert from 'node:assert/strict'
import { commands, env, extensions, type TextDocument, window, workspace } from 'vscode'
import { show, untilFindings, untilTab } from './editor.ts'

const chinese = env.language === 'zh-cn'
const han = /\p{Script=Han}/u

interface Walkthrough {
  readonly title: string
  readonly steps: readonly {
    readonly title: string
    readonly description: string
    readonly completionEvents: string[]
  }[]
}

export const feelTests: Readonly<Record<string, () => Promise<void>>> = {
  async 'opens a script with mistakes, commented in the display language'() {
    await commands.executeCommand('torchlint.openSample')
    const document = window.activeTextEditor?.document
    assert.ok(document?.isUntitled)
    assert.equal(han.test(document.getText()), chinese)
    await untilFindings(document.uri, all => all.length === 4)
    await show('notes.md')
    const page = untilTab(label => label.includes('clip-before-unscale'))
    await commands.executeCommand('torchlint.sample.page')
    await page
    await commands.executeCommand('workbench.action.closeActiveEditor')
    await commands.executeCommand('torchlint.openSample')
    assert.equal(window.activeTextEditor?.document, document)
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
  },

  async 'opens the walkthrough'() {
    const opened = untilTab(label => /Welcome|Walkthrough/.test(label))
    await commands.executeCommand('torchlint.openWalkthrough')
    await opened
    await commands.executeCommand('workbench.action.closeActiveEditor')
  },

  async 'has only buttons that work in the walkthrough, in the display language'() {
    const [{ title, steps } = nothing] = walkthroughs()
    assert.equal(han.test(title), chinese, title)
    assert.ok(steps.length > 0)
    const existing = new Set(await commands.getCommands())
    for (const { title, description, completionEvents } of steps) {
      assert.equal(han.test(title) && han.test(description), chinese, description)
      const buttons = [...description.matchAll(/\(command:(?:toSide:)?([\w.]+)/g)].map(([, name = '']) => name)
      assert.equal(buttons.length, 1, description)
      const events = completionEvents.flatMap(event => (event.startsWith('onCommand:') ? [event.slice(10)] : []))
      assert.deepEqual(
        [...buttons, ...events].filter(name => !existing.has(name)),
        [],
      )
    }
  },

  async 'fixes when it saves, if that is wanted, and keeps what is done besides'() {
    const settings = () => workspace.getConfiguration('editor')
    await settings().update('codeActionsOnSave', { 'source.organizeImports': 'explicit' }, true)
    await commands.executeCommand('torchlint.fixOnSave')
    assert.deepEqual(settings().inspect('codeActionsOnSave')?.globalValue, {
      'source.organizeImports': 'explicit',
      'source.fixAll.torchlint': 'explicit',
    })
    await settings().update('codeActionsOnSave', undefined, true)
  },

  async 'tells more in the output, the finer its level'() {
    const { document, edit } = await show('train.py')
    const setLevel = (level: string) => commands.executeCommand('_extensionTests.setLogLevel', level)
    await commands.executeCommand('torchlint.showOutput')
    await setLevel('trace')
    const logged = Promise.all([untilOutput(/textDocument\/diagnostic/), untilOutput(/\[debug\] .*train\.py.*\d.*\d/)])
    await edit(builder => builder.insert(document.positionAt(document.getText().length), '\n'))
    await logged
    await setLevel('info')
    await commands.executeCommand('workbench.action.closePanel')
  },
}

const nothing: Walkthrough = { title: '', steps: [] }

/** As VS Code reads them, in its language. */
function walkthroughs(): readonly Walkthrough[] {
  return extensions.getExtension('torchlint.torchlint')?.packageJSON.contributes.walkthroughs ?? []
}

function untilOutput(line: RegExp): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const isShown = (document: TextDocument) => document.uri.scheme === 'output' && line.test(document.getText())
  const listeners = [
    workspace.onDidOpenTextDocument(document => isShown(document) && resolve()),
    workspace.onDidChangeTextDocument(({ document }) => isShown(document) && resolve()),
  ]
  const outputs = () => workspace.textDocuments.filter(({ uri }) => uri.scheme === 'output')
  const giveUp = () => reject(new Error(`No line ${line} in: ${outputs().map(document => document.getText())}`))
  const limit = setTimeout(giveUp, 30_000)
  if (workspace.textDocuments.some(isShown)) resolve()
  return promise.finally(() => {
    for (const listener of listeners) listener.dispose()
    clearTimeout(limit)
  })
}
