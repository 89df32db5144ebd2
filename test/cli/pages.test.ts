/** `explain` and `inspect`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folderWith, torchlint } from './torchlint.ts'

test('explain prints the page of a rule in one language or both', async t => {
  const folder = folderWith(t, {})
  const english = await torchlint(folder, ['explain', 'amp/missing-update'])
  assert.equal(english.exitCode, 0)
  assert.match(english.stdout, /^# `scaler\.update\(\)` is missing\n/)
  assert.doesNotMatch(english.stdout, /\p{Script=Han}/u)
  const chinese = await torchlint(folder, ['explain', 'amp/missing-update', '--language', 'zh-cn'])
  assert.match(chinese.stdout, /^# 缺少 `scaler\.update\(\)`\n/)
  const both = await torchlint(folder, ['explain', 'amp/missing-update', '--language', 'both'])
  assert.equal(both.stdout, `${english.stdout}\n${chinese.stdout}`)
})

test('explain knows the names of PyTorch, and short ones where only one page can be meant', async t => {
  const folder = folderWith(t, {})
  const { exitCode, stdout } = await torchlint(folder, ['explain', 'torch.autocast'])
  assert.equal(exitCode, 0)
  assert.match(stdout, /autocast/)
  assert.equal((await torchlint(folder, ['explain', 'autocast'])).stdout, stdout)
  for (const name of ['missing-update', 'optim.AdamW', 'SGD.step', 'StepLR.gamma', 'weight-decay'])
    assert.equal((await torchlint(folder, ['explain', name])).exitCode, 0, name)
})

test('explain prints what a class says about an argument', async t => {
  const { stdout } = await torchlint(folderWith(t, {}), ['explain', 'SGD.nesterov', '--language', 'zh-cn'])
  assert.match(stdout, /^\*\*`torch\.optim\.SGD`\*\*\n\n- `nesterov=False`：[^\n]+\n$/)
})

test('explain names what an ambiguous name may mean, and the nearest of a misspelled one', async t => {
  const folder = folderWith(t, {})
  const ambiguous = await torchlint(folder, ['explain', 'step'])
  assert.equal(ambiguous.exitCode, 2)
  assert.match(ambiguous.stderr, /step may be .*torch\.amp\.GradScaler\.step.* or /)
  const misspelled = await torchlint(folder, ['explain', 'torch.optim.AdmaW'])
  assert.match(misspelled.stderr, /did you mean torch\.optim\.AdamW\?/)
})

const script = `import torch

model = torch.nn.Linear(2, 2)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cuda")
for epoch in range(10):
    for batch in loader:
        optimizer.zero_grad()
        loss = model(batch).sum()
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
`

test('inspect shows the script as it is understood', async t => {
  const folder = folderWith(t, { 'train.py': script })
  const { exitCode, stdout } = await torchlint(folder, ['inspect', 'train.py'])
  assert.equal(exitCode, 0)
  for (const line of [
    /^Models\n {4}3 {2}model {2}torch\.nn\.Linear$/m,
    /^Optimizers\n {4}4 {2}optimizer .*AdamW\n {9}model\.parameters\(\) {2}learning rate 0\.1 {2}weight decay 0\.01$/m,
    /^Gradient scalers\n {4}5 {2}scaler$/m,
    /^ {4}6 {2}epoch loop, training$/m,
    /^ {4}7 {2}batch loop, training$/m,
    /^ {3}10 {4}backward .*\n {3}11 {4}step .*\n {3}12 {4}update /m,
  ])
    assert.match(stdout, line)
})

test('inspect gives other programs the same as JSON', async t => {
  const folder = folderWith(t, { 'train.py': script })
  const { stdout } = await torchlint(folder, ['inspect', 'train.py', '--format', 'json'])
  const { models, optimizers, scalers, schedulers, loops } = JSON.parse(stdout)
  assert.deepEqual(models, [{ name: 'model', line: 3, class: 'torch.nn.Linear' }])
  assert.deepEqual(optimizers[0].groups, [{ parameters: 'model.parameters()', lr: 0.1, weightDecay: 0.01 }])
  assert.deepEqual([scalers.length, schedulers.length, loops.length], [1, 0, 2])
})

test('a script that trains nothing has nothing to show', async t => {
  const folder = folderWith(t, { 'a.py': 'x = 1\n' })
  const { exitCode, stdout } = await torchlint(folder, ['inspect', 'a.py', '--language', 'zh-cn'])
  assert.deepEqual([exitCode, stdout], [0, '没有识别出训练脚本的内容\n'])
})

test('inspect names what it cannot read', async t => {
  const { exitCode, stderr } = await torchlint(folderWith(t, {}), ['inspect', 'a.py'])
  assert.deepEqual([exitCode, stderr], [2, 'a.py: there is no such file or folder\n'])
})
