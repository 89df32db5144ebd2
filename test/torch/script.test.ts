/** The training script as `inspect` describes it. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { LoopDescription, ScriptDescription } from '../../server/src/analysis.ts'
import { analyze } from '../support/analyzer.ts'

const inspect = (code: string): ScriptDescription => analyze(code).inspect()

/** `batch training: 4 forward, 5 backward`. */
const written = ({ level, mode, events }: LoopDescription): string =>
  `${level} ${mode}: ${events.map(({ line, event }) => `${line} ${event}`).join(', ')}`

suite('what there is', () => {
  test('models, optimizers, scalers and schedulers, each with its line', () => {
    const script = inspect(`import torch
from torch import nn
model = nn.Sequential(nn.Linear(2, 2), nn.ReLU()).cuda()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=1e-4)
scaler = torch.amp.GradScaler("cuda")
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[30, 60])
`)
    assert.deepEqual(script.models, [{ name: 'model', line: 3, class: 'torch.nn.Sequential' }])
    assert.deepEqual(script.optimizers, [
      {
        name: 'optimizer',
        line: 4,
        class: 'SGD',
        groups: [{ parameters: 'model.parameters()', lr: 0.1, weightDecay: 1e-4 }],
        decay: {
          decayed: ['0.weight', '0.bias'],
          notDecayed: [],
          split: { decayed: ['0.weight'], notDecayed: ['0.bias'] },
        },
      },
    ])
    assert.deepEqual(script.scalers, [{ name: 'scaler', line: 5 }])
    const [{ lrs, ...scheduler } = assert.fail()] = script.schedulers
    assert.deepEqual(scheduler, {
      name: 'scheduler',
      line: 6,
      expression: 'torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[30, 60])',
      optimizer: 'optimizer',
      stepped: null,
      momentums: null,
      assumptions: [],
      error: null,
    })
    assert.equal(lrs?.length, 200)
  })

  test('the groups of an optimizer inherit what they do not say', () => {
    const { optimizers } = inspect(`from torch.optim import AdamW
from models import Net
net = Net()
groups = [{"params": net.body.parameters()}, {"params": net.head.parameters(), "lr": 1e-2, "weight_decay": 0.0}]
opt = AdamW(groups, lr=base_lr)
`)
    assert.deepEqual(optimizers[0]?.groups, [
      { parameters: 'net.body.parameters()', lr: 'base_lr', weightDecay: 0.01 },
      { parameters: 'net.head.parameters()', lr: 0.01, weightDecay: 0 },
    ])
  })

  test('an optimizer without weight decay has none, one whose arguments are hidden may', () => {
    const { optimizers } = inspect(`from torch import optim
from models import Net
net = Net()
first = optim.LBFGS(net.parameters())
second = optim.AdamW(net.parameters(), **settings)
`)
    assert.deepEqual(
      optimizers.map(({ groups }) => groups[0]?.weightDecay),
      [null, null],
    )
    assert.deepEqual(
      optimizers.map(({ groups }) => groups[0]?.lr),
      [1, null],
    )
  })

  test('a model is one, whatever it is wrapped in', () => {
    const { models } = inspect(`import torch
from torch import nn
from models import Net
model = Net().to(device)
model = nn.parallel.DistributedDataParallel(model)
model.train()
model.module.eval()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
`)
    assert.deepEqual(models, [{ name: 'model', line: 4, class: 'models.Net' }])
  })

  test('layers, losses and the parts of a module are no models', () => {
    const { models } = inspect(`from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(2, 2)
        self.body.train()
criterion = nn.CrossEntropyLoss()
net = Net()
net.eval()
`)
    assert.deepEqual(models, [{ name: 'net', line: 8, class: 'Net' }])
  })
})

suite('loops', () => {
  test('what belongs to a loop', () => {
    const { loops } = inspect(`import torch
from torch import nn
from tqdm import tqdm
from data import train_loader
model = nn.Linear(2, 2)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cuda")
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30)
for epoch in range(3):
    for i, (x, y) in enumerate(tqdm(train_loader)):
        loss = criterion(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
    scheduler.step()
`)
    const [epochs, batches] = loops
    assert.deepEqual([epochs?.role, epochs?.iterations, epochs?.schedulers], ['training', 3, ['scheduler']])
    assert.deepEqual([batches?.over, batches?.iterations], ['train_loader', null])
    assert.deepEqual(
      [batches?.models, batches?.criteria, batches?.optimizers, batches?.schedulers],
      [['model'], ['criterion'], ['optimizer'], []],
    )
  })

  test('events come in the order in which they run', () => {
    const { loops } = inspect(`import torch
from torch import nn
def train(model: nn.Module, loader):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cuda")
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
`)
    assert.deepEqual(loops.map(written), [
      'batch training: 7 zero_grad, 8 forward, 8 loss, 9 scale, 9 backward, 10 unscale, 11 clip, 12 step, 13 update',
    ])
  })

  test('an epoch loop holds the batch loops of the functions that it calls', () => {
    const { loops } = inspect(`import torch
from models import Net
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 30)
def train():
    model.train()
    for x in loader:
        model(x).sum().backward()
        optimizer.step()
def evaluate():
    model.eval()
    with torch.no_grad():
        for x in loader:
            model(x)
for epoch in range(3):
    train()
    evaluate()
    scheduler.step()
`)
    assert.deepEqual(loops.map(written), [
      'batch training: 9 forward, 9 backward, 10 step',
      'batch evaluation: 15 forward',
      'epoch training: 7 train, 12 eval, 19 scheduler_step',
    ])
  })

  test('attributes of a trainer are what its constructor makes them', () => {
    const { loops } = inspect(`import torch
class Trainer:
    def __init__(self, model):
        self.model = model
        self.optimizer = torch.optim.AdamW(self.model.parameters())
    def fit(self, loader):
        for x in loader:
            loss = self.step(x)
    def step(self, x):
        loss = self.model(x).mean()
        loss.backward()
        self.optimizer.step()
`)
    assert.deepEqual(loops.map(written), ['batch training: 10 forward, 11 backward, 12 step'])
  })

  test('a loop over layers, and one over anything else, is no training loop', () => {
    const { loops } = inspect(`from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 2)])
    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
for name in names:
    print(name)
`)
    assert.deepEqual(loops, [])
  })
})

test('nothing is made up about other libraries', () => {
  const script = inspect(`from accelerate import Accelerator
from timm.utils import NativeScaler
accelerator = Accelerator()
model, optimizer = accelerator.prepare(model, optimizer)
scaler = NativeScaler()
for x in loader:
    scaler(model(x), optimizer)
    optimizer.step()
`)
  assert.deepEqual([script.optimizers, script.scalers, script.schedulers], [[], [], []])
  assert.deepEqual(
    script.loops.flatMap(({ events }) => events.map(({ event }) => event)),
    [],
  )
})
