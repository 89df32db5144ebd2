/** What stands beside and above the code for who asks for it. Both are off until then. */
import assert from 'node:assert/strict'
import { type CodeLens, commands, env, type InlayHint, Range, type TextDocument, window, workspace } from 'vscode'
import { untilTab } from './editor.ts'

const chinese = env.language === 'zh-cn'
const script = `import torch
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.zeros(1000, 8), torch.zeros(1000, 2))
loader = DataLoader(data, batch_size=8, shuffle=True)
model = torch.nn.Linear(8, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=30)
for epoch in range(90):
    for i, (x, y) in enumerate(loader):
        loss = torch.nn.functional.mse_loss(model(x), y) / 4
        loss.backward()
        if (i + 1) % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()
    scheduler.step()
`
const [said, protocol] = chinese
  ? [
      ['× 累积 4 次 = 32', '2 个张量不做权重衰减', '批次大小 8 × 累积 4 次 = 32', '每个轮次一步：共 90 步'],
      'forward → backward → (每 4 批：step → zero_grad) · 有效批次大小 32 · 调度器每个轮次一步',
    ]
  : [
      ['× 4 accumulated = 32', '2 tensors not decayed', 'batch 8 × 4 accumulated = 32', 'once per epoch: 90 in all'],
      'forward → backward → (every 4: step → zero_grad) · effective batch 32 · scheduler steps once per epoch',
    ]

export const hintTests: Readonly<Record<string, () => Promise<void>>> = {
  async 'shows inlay hints when they are switched on'() {
    const document = await training()
    assert.deepEqual(await hints(document), [])
    for (const kind of ['effectiveBatchSize', 'decay', 'schedulerSteps']) await set(`inlayHints.${kind}`, true)
    assert.deepEqual(await hints(document), said)
    for (const kind of ['effectiveBatchSize', 'decay', 'schedulerSteps']) await set(`inlayHints.${kind}`, undefined)
    assert.deepEqual(await hints(document), [])
  },

  async 'shows the protocol above a training loop, which opens the page about it'() {
    const document = await training()
    assert.deepEqual(await lenses(document), [])
    await set('codeLens', true)
    const [lens, ...others] = await lenses(document)
    await set('codeLens', undefined)
    assert.deepEqual([lens?.command?.title, lens?.range.start.line, others.length], [protocol, 9, 0])
    assert.ok(lens?.command)
    const opened = untilTab(label => label.includes('gradient-accumulation'))
    await commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []))
    await opened
  },
}

/** A text that is not saved anywhere. */
async function training(): Promise<TextDocument> {
  const { document } = await window.showTextDocument(
    await workspace.openTextDocument({ language: 'python', content: script }),
  )
  return document
}

async function hints(document: TextDocument): Promise<readonly string[]> {
  const range = new Range(0, 0, document.lineCount, 0)
  const found = await commands.executeCommand<InlayHint[]>('vscode.executeInlayHintProvider', document.uri, range)
  return found.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')))
}

function lenses(document: TextDocument): Thenable<readonly CodeLens[]> {
  return commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10)
}

function set(name: string, value: unknown): Thenable<void> {
  return workspace.getConfiguration('torchlint').update(name, value, true)
}
