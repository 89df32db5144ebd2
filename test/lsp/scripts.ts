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
