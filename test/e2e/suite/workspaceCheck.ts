/** The check of the whole workspace: 500 files, with a progress that can be cancelled. */
import assert from 'node:assert/strict'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commands, env, languages, Position, window } from 'vscode'
import { fileOf, findings, untilFindings } from './editor.ts'

const chinese = env.language === 'zh-cn'
const count = 500
const misspelled = 'import torch\n\ntorch.backends.cudnn.benchmarks = True\n'
/** Long enough for VS Code to be told to stop while many are still to be checked. */
const training = Array.from(
  { length: 10 },
  (_, index) => `

def train${index}(model, loader, device):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler(device)
    for inputs, targets in loader:
        optimizer.zero_grad()
        with torch.autocast(device):
            loss = torch.nn.functional.cross_entropy(model(inputs), targets)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
`,
).join('')
const name = (index: number) => `many/part${index % 10}/train${String(index).padStart(3, '0')}.py`
const many = Array.from({ length: count }, (_, index) => name(index)).sort()

interface Result {
  readonly files: number
  readonly checked: number
  readonly isCancelled: boolean
}

const check = () => commands.executeCommand<Result>('torchlint.checkWorkspace')
const found = () => many.filter(file => findings(fileOf(file)).length > 0)

export const workspaceCheckTests: Readonly<Record<string, () => Promise<void>>> = {
  async 'checks 500 files until it is cancelled, and keeps what it has found'() {
    for (const file of many) {
      mkdirSync(join(fileOf(file).fsPath, '..'), { recursive: true })
      writeFileSync(fileOf(file).fsPath, misspelled + training)
    }
    const result = check()
    const [first] = await untilFindings(fileOf(many[100] ?? ''), all => all.length > 0)
    assert.equal(/\p{Script=Han}/u.test(first?.message ?? ''), chinese, first?.message)
    await commands.executeCommand('notification.acceptPrimaryAction')
    const { checked, files, isCancelled } = await result
    assert.ok(isCancelled && checked > 100 && checked < files, `${checked} of ${files}`)
    assert.ok(found().length > 100 && found().length < count, `found in ${found().length}`)
  },

  async 'checks all of them when nobody cancels it'() {
    const { checked, files, isCancelled } = await check()
    assert.ok(!isCancelled && checked === files && files >= count, `${checked} of ${files}`)
    await untilFindings(fileOf(many.at(-1) ?? ''), all => all.length > 0)
    assert.equal(found().length, count)
    const [diagnostic] = languages.getDiagnostics(fileOf(many[0] ?? ''))
    assert.ok(typeof diagnostic?.code === 'object', 'a finding links to its page')
    assert.equal(diagnostic.code.target.scheme, 'command')
  },

  async 'shows a file that is opened only once'() {
    const [file = ''] = many
    // As a user opens it: what a test shows stays with VS Code for minutes after it is closed.
    await commands.executeCommand('vscode.open', fileOf(file))
    const editor = window.activeTextEditor
    assert.ok(await editor?.edit(builder => builder.insert(new Position(0, 0), '\n')))
    await untilFindings(fileOf(file), all => all.length === 1 && all[0]?.range.start.line === 3)
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
    await untilFindings(fileOf(file), all => all.length === 1 && all[0]?.range.start.line === 2)
  },

  async 'notices what changes outside, and clears everything when it is asked to'() {
    const outside = fileOf('outside.py')
    writeFileSync(outside.fsPath, misspelled)
    await untilFindings(outside, all => all.length === 1)
    writeFileSync(outside.fsPath, misspelled.replace('benchmarks', 'benchmark'))
    await untilFindings(outside, all => all.length === 0)
    rmSync(outside.fsPath)
    await commands.executeCommand('torchlint.clearWorkspaceResults')
    for (const file of many) await untilFindings(fileOf(file), all => all.length === 0)
    rmSync(fileOf('many').fsPath, { recursive: true })
  },
}
