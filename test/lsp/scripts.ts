/** Training scripts for the tests of the language server. */

import assert from 'node:assert/strict'
import { findings } from '../support/analyzer.ts'

/** An error with a safe fix. */
export const misspelled = `import torch

torch.backends.cudnn.benchmarks = True
`

/** What is said about it, and what its fix is called. How that is worded is the rule's affair. */
export const { message, title } = wording()

function wording() {
  const [finding] = findings(misspelled)
  assert.ok(finding?.fix)
  return { message: finding.message, title: finding.fix.title }
}

/** Where its mistake stands. */
export const flag = { start: { line: 2, character: 21 }, end: { line: 2, character: 31 } }

/** A deprecated name, and an error whose related places matter and whose fix only the user can decide on. */
export const trained = `import torch

model = torch.nn.Linear(2, 2).cuda()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.cuda.amp.GradScaler()
for epoch in range(10):
    for batch, target in loader:
        optimizer.zero_grad()
        with torch.autocast("cuda"):
            loss = torch.nn.functional.mse_loss(model(batch), target)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
`

/** Whether its gradients are clipped while they are scaled is up to a module that it imports, which `unscales` or `forgets`. */
export const clippedAfter = (module: string, ...options: readonly string[]): string => `import torch

from ${module} import unscale

optimizer = torch.optim.SGD(model.parameters(), lr=0.1${options.map(option => `, ${option}`).join('')})
scaler = torch.amp.GradScaler('cuda')
for images, targets in loader:
    optimizer.zero_grad()
    scaler.scale(criterion(model(images), targets)).backward()
    unscale(scaler, optimizer)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
`

export const unscales = 'def unscale(scaler, optimizer):\n    scaler.unscale_(optimizer)\n'
export const forgets = 'def unscale(scaler, optimizer):\n    pass\n'
