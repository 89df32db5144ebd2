/** What models are made of: as PyTorch builds them, and as far as the text shows. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { contains, type LayerKind, namedParameters, outputOf } from '../../server/src/torch/architecture.ts'
import { modelOf } from '../support/model.ts'

const read = (name: string) => readFileSync(new URL(`../cases/${name}`, import.meta.url), 'utf8')
const modules = read('architectures.py')

/** `"blocks.0.norm1.weight:1"`: name and number of dimensions. */
const built: readonly { readonly construct: string; readonly parameters: readonly string[] }[] = JSON.parse(
  read('architectures.json'),
)

/** The model of a script, and the expression `model` at its end. */
function scriptOf(text: string) {
  const model = modelOf(`${text}\nmodel.train()\n`)
  const module = model.nodes('Attribute').findLast(({ attr }) => attr === 'train')?.value
  assert(module)
  return { model, module }
}

for (const { construct, parameters } of built)
  test(`the parameters of ${construct}`, () => {
    const { model, module } = scriptOf(`${modules}\n\nmodel = ${construct}`)
    assert.deepEqual(
      namedParameters(model, module)?.map(({ name, dimensions }) => `${name}:${dimensions}`),
      parameters,
    )
  })

suite('what a model holds', () => {
  const answers = (text: string) => {
    const { model, module } = scriptOf(`import torch\nimport torchvision\nfrom torch import nn\n${text}`)
    const kinds: readonly LayerKind[] = ['batchNorm', 'convolution', 'dropout']
    return kinds.map(kind => contains(model, module, kind)).join(' ')
  }
  const net = (layer: string, parameters = '', given = '') =>
    `class Net(nn.Module):\n    def __init__(self${parameters}):\n        super().__init__()\n        self.layer = ${layer}\nmodel = Net(${given})`

  const cases: readonly (readonly [text: string, holds: string])[] = [
    ['model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Dropout())', 'no yes yes'],
    ['model = nn.DataParallel(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)).cuda())', 'yes no no'],
    ['model = torch.compile(torchvision.models.resnet18())', 'yes yes unknown'],
    ['model = torchvision.models.vit_b_16()', 'unknown unknown unknown'],
    ['model = nn.Sequential(*[nn.Conv1d(2, 2, 1) for _ in range(depth)])', 'no yes no'],
    [net('nn.Dropout(rate)', ', rate=0.0'), 'no no no'],
    [net('nn.Dropout(rate)', ', rate=0.0', '0.5'), 'no no yes'],
    [net('nn.BatchNorm1d(2) if norm else nn.Identity()', ', norm=True', 'args.norm'), 'unknown no no'],
    [net('nn.BatchNorm1d(2) if norm else nn.Identity()', ', norm=True'), 'yes no no'],
    [net('part', ', part', 'nn.Conv2d(3, 3, 1)'), 'no yes no'],
    ['from parts import Head\nmodel = nn.Sequential(nn.Conv2d(3, 8, 3), Head())', 'unknown yes unknown'],
    ['from parts import Net\nmodel = Net()', 'unknown unknown unknown'],
    ['model = nn.Sequential(nn.Linear(2, 2))\nmodel[0] = nn.Dropout()', 'no no yes'],
    [
      'import torch.nn.functional as F\nclass Net(nn.Module):\n    def forward(self, x):\n        return F.dropout(x, training=self.training)\nmodel = Net()',
      'no no yes',
    ],
  ]
  for (const [text, holds] of cases)
    test(text, () => {
      assert.equal(answers(text), holds)
    })
})

suite('what a tensor is', () => {
  const head = 'import torch\nimport torch.nn.functional as F\nfrom torch import nn\nx = torch.randn(4, 8)\n'
  const activation = (text: string) => {
    const { model, module } = scriptOf(`${head}${text}`)
    return outputOf(model, module)?.activation
  }
  const cases: readonly (readonly [text: string, activation: string | undefined])[] = [
    ['model = nn.Linear(8, 2)(x)', 'logits'],
    ['model = nn.Linear(8, 2)(x).relu()', undefined],
    ['model = F.log_softmax(nn.Linear(8, 2)(x), dim=1).exp()', 'softmax'],
    ['model = torch.log(F.softmax(x, dim=1) + 1e-8)', 'logSoftmax'],
    ['model = 1 - torch.sigmoid(x)', undefined],
    ['model = nn.Linear(8, 2)(x) / 0.07', 'logits'],
    ['model = nn.Linear(8, 2)(x).view(-1).float()', 'logits'],
    ['model, _ = nn.LSTM(8, 8)(x)', undefined],
    ['model = nn.Linear(8, 2)(x)\nmodel = model.sigmoid()', 'sigmoid'],
    ['model = nn.Linear(8, 2)(x)\nif flag:\n    model = model.sigmoid()', undefined],
    ['model = nn.Sequential(nn.Linear(8, 2), nn.Sigmoid(), nn.Flatten())(x)', 'sigmoid'],
    ['net = nn.Sequential(nn.Linear(8, 2))\nnet.add_module("last", nn.Sigmoid())\nmodel = net(x)', undefined],
  ]
  for (const [text, expected] of cases)
    test(text, () => {
      assert.equal(activation(text), expected)
    })
})
