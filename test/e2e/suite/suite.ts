/** What a user sees in VS Code. Runs inside its extension host; tests run in order, in one window. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { commands, DiagnosticSeverity, env, extensions, languages, Uri, workspace } from 'vscode'
import { completionTests } from './completion.ts'
import { type Finding, findings, hoverText, quickFixes, show, untilFindings, untilTab } from './editor.ts'
import { feelTests } from './feel.ts'
import { hintTests } from './hints.ts'
import { languageTests } from './language.ts'
import { memoryTests } from './memory.ts'
import { noiseTests } from './noise.ts'
import { notebookTests } from './notebooks.ts'
import { recoveryTests } from './recovery.ts'
import type { Report } from './report.ts'
import { workspaceCheckTests } from './workspaceCheck.ts'

const chinese = env.language === 'zh-cn'
const clip = 'amp/clip-before-unscale'
const flag = 'backends/unknown-flag'
const extension = extensions.getExtension('torchlint.torchlint')

const tests: Readonly<Record<string, () => Promise<void>>> = {
  async 'sleeps until a Python file is opened'() {
    assert.ok(extension, 'the packaged extension is installed')
    await show('notes.md')
    assert.equal(extension.isActive, false)
  },

  async 'finds the mistakes of a file when it is opened'() {
    const { document } = await show('train.py')
    const found = await untilFindings(document.uri, all => all.some(finding => finding.rule === clip))
    const finding = found.find(finding => finding.rule === clip)
    assert.equal(document.getText(finding?.range), 'torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)')
  },

  async 'speaks the display language'() {
    const { document } = await show('train.py')
    const messages = findings(document.uri).map(finding => finding.message)
    assert.ok(messages.length > 0)
    for (const message of messages) assert.equal(/\p{Script=Han}/u.test(message), chinese, message)
  },

  async 'explains a finding where it stands'() {
    const { document } = await show('train.py')
    const position = document.positionAt(document.getText().indexOf('clip_grad_norm_'))
    const text = await hoverText(document.uri, position)
    assert.match(text, chinese ? /反缩放/ : /unscale/)
    assert.equal(/\p{Script=Han}/u.test(text), chinese, text)
  },

  async 'opens the page of a rule, in the display language'() {
    const { document } = await show('train.py')
    const [diagnostic] = languages.getDiagnostics(document.uri).filter(({ source }) => source === 'torchlint')
    const target = typeof diagnostic?.code === 'object' ? diagnostic.code.target : undefined
    assert.equal(target?.scheme, 'command')
    const [name] = JSON.parse(target?.query ?? '[]')
    const opened = untilTab(label => label.includes(name.split('/')[1]))
    await commands.executeCommand(target?.path ?? '', name)
    await opened
    const page = await workspace.openTextDocument(Uri.parse(`torchlint:/rules/${name}.md`))
    assert.equal(/\p{Script=Han}/u.test(page.getText()), chinese, page.getText())
  },

  async 'draws the learning rates of a scheduler'() {
    const { document } = await show('schedule.py')
    const text = await hoverText(document.uri, document.positionAt(document.getText().indexOf('scheduler =')))
    const [, encoded = ''] = text.match(/data:image\/svg\+xml;base64,([^)]*)/) ?? []
    const picture = Buffer.from(encoded, 'base64').toString('utf8')
    assert.ok(picture.includes(chinese ? '>学习率<' : '>learning rate<'), text)
  },

  async 'follows the text while it is typed'() {
    const { document, edit } = await show('train.py')
    const line = document.positionAt(document.getText().indexOf('clip_grad_norm_')).line
    const statement = document.lineAt(line).range
    const written = document.getText(statement)
    await edit(builder => builder.replace(statement, written.replace(/\S.*/, 'pass')))
    await untilFindings(document.uri, all => all.every(finding => finding.rule !== clip))
    await edit(builder => builder.replace(document.lineAt(line).range, written))
    await untilFindings(document.uri, all => all.some(finding => finding.rule === clip))
  },

  async 'repairs the file with a quick fix'() {
    const { document } = await show('train.py')
    const before = document.getText()
    const [finding] = findings(document.uri).filter(finding => finding.rule === clip)
    assert.ok(finding)
    const [fix] = await quickFixes(document.uri, finding.range)
    assert.ok(fix?.edit, 'a fix is offered')
    assert.equal(fix.isPreferred, true)
    assert.ok(await workspace.applyEdit(fix.edit))
    await untilFindings(document.uri, all => all.every(finding => finding.rule !== clip))
    const statement = '            torch.nn.utils.clip_grad_norm_'
    assert.equal(document.getText(), before.replace(statement, `            scaler.unscale_(optimizer)\n${statement}`))
  },

  async 'changes its language with the setting'() {
    const { document } = await show('train.py')
    const speaksBoth = (message: string) => /\p{Script=Han}/u.test(message) && /[a-z]{3} [a-z]{3}/.test(message)
    await workspace.getConfiguration('torchlint').update('language', 'both', true)
    await untilFindings(document.uri, all => all.length > 0 && all.every(finding => speaksBoth(finding.message)))
    await workspace.getConfiguration('torchlint').update('language', undefined, true)
    await untilFindings(document.uri, all => all.length > 0 && !all.some(finding => speaksBoth(finding.message)))
  },

  async 'shows a mistake in a configuration file in that file'() {
    const { document } = await show('configured/flags.py')
    const [mistake] = await untilFindings(Uri.joinPath(document.uri, '../pyproject.toml'), all => all.length > 0)
    assert.match(mistake?.message ?? '', /selct.*select/)
    assert.equal(mistake?.range.start.line, 1)
  },

  async 'explains the rules that a configuration file names'() {
    const { document } = await show('configured/pyproject.toml')
    const text = await hoverText(document.uri, document.positionAt(document.getText().indexOf('missing-update')))
    assert.match(text, chinese ? /缺少 `scaler.update\(\)`/ : /`scaler.update\(\)` is missing/)
  },

  async 'changes the level of rules with the setting'() {
    const { document } = await show('configured/flags.py')
    const areAll = (severity: DiagnosticSeverity) => (all: readonly Finding[]) =>
      all.length === 2 && all.every(finding => finding.rule === flag && finding.severity === severity)
    await untilFindings(document.uri, areAll(DiagnosticSeverity.Error))
    await workspace.getConfiguration('torchlint').update('severity', { 'backends/*': 'info' }, true)
    await untilFindings(document.uri, areAll(DiagnosticSeverity.Information))
    await workspace.getConfiguration('torchlint').update('severity', undefined, true)
    await untilFindings(document.uri, areAll(DiagnosticSeverity.Error))
  },

  async 'ignores a finding with a quick fix, which comes behind the real one'() {
    const { document } = await show('configured/flags.py')
    const [finding] = findings(document.uri)
    assert.ok(finding)
    const offered = await quickFixes(document.uri, finding.range)
    const [first, ...others] = offered
    assert.equal(first?.isPreferred, true)
    const ignoring = others.find(({ title }) => title === (chinese ? `在此处忽略 ${flag}` : `Ignore ${flag} here`))
    assert.ok(ignoring?.edit, `offered: ${offered.map(({ title }) => title)}`)
    assert.ok(await workspace.applyEdit(ignoring.edit))
    await untilFindings(document.uri, all => all.length === 1)
    assert.match(document.lineAt(2).text, /# torchlint: ignore\[backends\/unknown-flag\]$/)
    await commands.executeCommand('undo')
    await untilFindings(document.uri, all => all.length === 2)
  },

  async 'fixes everything when it saves'() {
    const { document, edit } = await show('configured/flags.py')
    await workspace
      .getConfiguration('editor')
      .update('codeActionsOnSave', { 'source.fixAll.torchlint': 'explicit' }, true)
    await edit(builder => builder.insert(document.positionAt(document.getText().length), '\n'))
    assert.ok(await document.save())
    assert.match(document.getText(), /cudnn\.benchmark = True\n.*matmul\.allow_tf32 = True/)
    assert.equal(document.isDirty, false)
    await workspace.getConfiguration('editor').update('codeActionsOnSave', undefined, true)
    await untilFindings(document.uri, all => all.length === 0)
  },

  async 'finds the same after a restart of the server'() {
    const { document } = await show('train.py')
    const rules = () => findings(document.uri).map(finding => finding.rule)
    const before = rules()
    assert.ok(before.length > 0)
    const cleared = untilFindings(document.uri, all => all.length === 0)
    await commands.executeCommand('torchlint.restart')
    await cleared
    await untilFindings(document.uri, all => all.length === before.length)
    assert.deepEqual(rules(), before)
  },
}

const suites = [
  tests,
  noiseTests,
  notebookTests,
  memoryTests,
  hintTests,
  completionTests,
  feelTests,
  workspaceCheckTests,
  languageTests,
  // Last: a server that has crashed often is left alone.
  recoveryTests,
]

/** VS Code calls this. It must not end later than the last test, or the window closes without a report. */
export async function run(): Promise<void> {
  const reports: Report[] = []
  for (const [name, test] of suites.flatMap(suite => Object.entries(suite))) {
    const error = await test().then(
      () => null,
      (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    )
    reports.push({ name, error })
  }
  writeFileSync(process.env.TORCHLINT_REPORT ?? '', JSON.stringify(reports))
  if (reports.some(report => report.error)) throw new Error('a test failed')
}
