/** What a user sees in a browser. Runs in VS Code's extension host there, which is a worker: nothing of Node is there. */
import {
  type CodeAction,
  commands,
  env,
  type Hover,
  languages,
  MarkdownString,
  type Range,
  type TextDocument,
  UIKind,
  window,
  workspace,
} from 'vscode'
import { clippedWhileScaled } from '../../support/scripts.ts'
import type { Report } from '../suite/report.ts'

const tests: Readonly<Record<string, () => Promise<void>>> = {
  async 'there is no Node here'() {
    expect(env.uiKind === UIKind.Web && typeof process === 'undefined', 'the host is a worker')
  },

  async 'finds a mistake in an unsaved file, and repairs it'() {
    const document = await workspace.openTextDocument({ language: 'python', content: clippedWhileScaled })
    await window.showTextDocument(document)
    const range = (await untilFound(document))?.range
    expect(range && document.getText(range).startsWith('torch.nn.utils.clip_grad_norm_'), 'the finding is at the call')
    await repair(document, range)
    expect(document.getText().includes('    scaler.unscale_(optimizer)\n    torch.nn.utils.clip'), document.getText())
  },

  async 'explains a name'() {
    const document = await workspace.openTextDocument({ language: 'python', content: clippedWhileScaled })
    const position = document.positionAt(clippedWhileScaled.indexOf('GradScaler'))
    const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, position)
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map(each => (each instanceof MarkdownString ? each.value : ''))
    expect(text.join('').includes('scaler'), text.join('\n'))
  },
}

export async function run(): Promise<void> {
  const reports: Report[] = []
  for (const [name, test] of Object.entries(tests)) {
    const error = await test().then(
      () => null,
      (problem: unknown) => String(problem),
    )
    reports.push({ name: `${name} [web]`, error })
  }
  console.log(`TORCHLINT ${JSON.stringify(reports)}`)
}

function expect(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/** An editor that is still opening a document refuses edits of it; a user then asks again. */
async function repair(document: TextDocument, range: Range): Promise<void> {
  const tries: string[] = []
  while (tries.length < 10) {
    const actions = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
      'quickfix',
    )
    const fix = actions.find(({ edit }) => edit)
    if (fix?.edit && (await workspace.applyEdit(fix.edit))) return
    tries.push(fix ? `refused for version ${document.version}` : `none among ${actions.length} actions`)
  }
  throw new Error(`No fix is applied: ${tries.join(', ')}`)
}

function untilFound(document: TextDocument) {
  const find = () => languages.getDiagnostics(document.uri).find(({ source }) => source === 'torchlint')
  return new Promise<ReturnType<typeof find>>(resolve => {
    const listener = languages.onDidChangeDiagnostics(check)
    check()

    function check() {
      const found = find()
      if (!found) return
      listener.dispose()
      resolve(found)
    }
  })
}
