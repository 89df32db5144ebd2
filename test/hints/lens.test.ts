import { test } from 'node:test'
import { assertLenses } from './marked.ts'

const head = `import torch
from torch.utils.data import DataLoader
model = torch.nn.Linear(3, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cuda")
`

test('the steps of a loop in their order', () => {
  assertLenses(`${head}⟨zero_grad → forward → backward → clip → step⟩for x, y in loader:
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
`)
})

const amp = (mark: string, cast = 'torch.autocast("cuda")') => `${head}${mark}for x, y in loader:
    optimizer.zero_grad()
    with ${cast}:
        loss = torch.nn.functional.mse_loss(model(x), y)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
`

test('mixed precision', () => {
  const rest = 'scale → backward → unscale_ → clip → step → update'
  assertLenses(amp(`⟨zero_grad → autocast forward → ${rest}⟩`))
  assertLenses(amp(`⟨zero_grad → (autocast) forward → ${rest}⟩`, 'torch.autocast("cuda", enabled=args.amp)'))
  assertLenses(amp(`⟨zero_grad → forward → ${rest}⟩`, 'torch.autocast("cuda", enabled=False)'))
})

test('the batch that one step sees, and the scheduler', () => {
  const script = (mark: string) => `${head}loader = DataLoader(data, batch_size=8)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30)
for epoch in range(90):
    ${mark}for i, (x, y) in enumerate(loader):
        loss = torch.nn.functional.mse_loss(model(x), y) / 4
        loss.backward()
        if (i + 1) % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()
    scheduler.step()
`
  assertLenses(
    script('⟨forward → backward → (every 4: step → zero_grad) · effective batch 32 · scheduler steps once per epoch⟩'),
  )
  assertLenses(
    script('⟨forward → backward → (每 4 批：step → zero_grad) · 有效批次大小 32 · 调度器每个轮次一步⟩'),
    'zh',
  )
})

test('of two branches one runs, and a branch alone only sometimes', () => {
  assertLenses(`${head}⟨zero_grad → forward → (scale → backward → step → update | backward → (clip) → step)⟩for x, y in loader:
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    if amp:
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
    else:
        loss.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
`)
})

test('branches that do the same are no branches', () => {
  assertLenses(`${head}⟨zero_grad → forward → backward → step⟩for x, y in loader:
    optimizer.zero_grad()
    if mixed:
        loss = torch.nn.functional.mse_loss(model(mix(x)), y)
    elif cut:
        loss = torch.nn.functional.mse_loss(model(cut(x)), y)
    else:
        loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
`)
})

test('the functions that a loop calls', () => {
  assertLenses(`${head}def compute(x, y):
    with torch.autocast("cuda"):
        return torch.nn.functional.mse_loss(model(x), y)
def evaluate():
    with torch.no_grad():
        for x, y in validation:
            compute(x, y)
⟨zero_grad → autocast forward → backward → step⟩for x, y in loader:
    optimizer.zero_grad()
    loss = compute(x, y)
    loss.backward()
    optimizer.step()
evaluate()
`)
})

test('several optimizers are told apart', () => {
  assertLenses(`${head}critic = torch.nn.Linear(2, 1)
second = torch.optim.SGD(critic.parameters(), lr=0.1)
⟨zero_grad(second) → forward → backward → step(second) → zero_grad(optimizer) → forward → backward → step(optimizer)⟩for x in loader:
    second.zero_grad()
    critic(x).mean().backward()
    second.step()
    optimizer.zero_grad()
    model(x).mean().backward()
    optimizer.step()
`)
})

test('what only looks at the result is no step', () => {
  assertLenses(`${head}⟨forward → backward → step → zero_grad⟩for x, y in loader:
    with torch.no_grad():
        target = model(y)
    loss = torch.nn.functional.mse_loss(model(x), target)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    print(model(x).mean())
`)
})

test('an evaluation, and a loop of which something is not known, have none', () => {
  assertLenses(`${head}model.eval()
with torch.no_grad():
    for x, y in loader:
        loss = torch.nn.functional.mse_loss(model(x), y)
`)
  assertLenses(`${head}def train(loss_scaler):
    for x, y in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        loss_scaler.unscale_(optimizer)
        optimizer.step()
`)
})

test('a branch within a branch is one that runs sometimes', () => {
  assertLenses(`${head}⟨zero_grad → forward → backward → (clip) → step⟩for x, y in loader:
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    if clips:
        if limit > 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), limit)
    optimizer.step()
`)
})

test('the scheduler is that of the epochs that the loop runs in', () => {
  const loop = (indent: string, mark: string) => `${indent}${mark}for x, y in loader:
${indent}    optimizer.zero_grad()
${indent}    torch.nn.functional.mse_loss(model(x), y).backward()
${indent}    optimizer.step()
`
  const scheduler = 'scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30)\nfor epoch in range(90):\n'
  const mark = 'zero_grad → forward → backward → step'
  const epoch = (tail: string) => `${scheduler}${loop('    ', `⟨${mark}${tail}⟩`)}    scheduler.step()\n`
  assertLenses(`${head}${epoch(' · scheduler steps once per epoch')}`)
  assertLenses(`${head}${loop('', `⟨${mark}⟩`)}${epoch(' · scheduler steps once per epoch')}`)
})

test('a loop that measures speed is no training', () => {
  assertLenses(`import time
${head}start = time.perf_counter()
for repeat in range(repeats):
    model(x).mean().backward()
    optimizer.step()
print(time.perf_counter() - start)
`)
})

test('an iteration that ends before the step takes the step only sometimes', () => {
  assertLenses(`${head}⟨forward → backward → (clip → step → zero_grad)⟩for x, y in loader:
    if x is None:
        continue
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    count += 1
    if count < accumulation:
        continue
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
`)
})

test('a scheduler that is known by its name alone is one', () => {
  assertLenses(`${head}def train(lr_scheduler):
    ⟨zero_grad → forward → backward → step → scheduler.step⟩for x, y in loader:
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        lr_scheduler.step()
        profiler.step()
`)
})

test('a library that decides which iterations step has no lens', () => {
  assertLenses(`import accelerate
${head}accelerator = accelerate.Accelerator(gradient_accumulation_steps=4)
for x, y in loader:
    with accelerator.accumulate(model):
        loss = torch.nn.functional.mse_loss(model(x), y)
        accelerator.backward(loss)
        optimizer.step()
        optimizer.zero_grad()
`)
})
