/** Which PyTorch name stands under the cursor, marked with `|`, however the script came by it. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { symbolsAt } from '../server/src/symbols.ts'
import { modelOf } from './support/model.ts'

const torch = 'import torch\nfrom torch import nn, optim\nimport torch.nn.functional as F\n'

suite('the name under the cursor', () => {
  const names = (title: string, text: string, ...expected: readonly string[]) =>
    test(title, () => {
      const script = torch + text
      const offset = script.indexOf('|')
      const found = symbolsAt(modelOf(script.replace('|', '')), offset).flatMap(symbol => symbol.names)
      assert.deepEqual(found, expected)
    })

  names('through an alias of a module', 'F.cross_|entropy(a, b)\n', 'torch.nn.functional.cross_entropy')
  names('through an import under another name', 'from torch.optim import Adam as A\n|A(p)\n', 'torch.optim.Adam')
  names('in the import itself', 'from torch.optim import Ada|mW\n', 'torch.optim.AdamW')
  names('through a variable', 'make = optim.SGD\nma|ke(p)\n', 'torch.optim.SGD')
  names(
    'a method of what a variable holds',
    'optimizer = optim.SGD(p)\noptimizer.st|ep()\n',
    'torch.optim.SGD.step',
    'torch.optim.Optimizer.step',
  )
  names(
    'a method of an attribute of self',
    'class T:\n    def __init__(self):\n        self.scaler = torch.amp.GradScaler()\n    def f(self):\n        self.scaler.upd|ate()\n',
    'torch.amp.GradScaler.update',
  )
  names(
    'a method of a network of the file',
    'class Net(nn.Module):\n    pass\nnet = Net()\nnet.ev|al()\n',
    'torch.nn.Module.eval',
  )
  names(
    'a method of self in a network',
    'class Net(nn.Module):\n    def freeze(self):\n        self.tr|ain(False)\n',
    'torch.nn.Module.train',
  )
  names(
    'an argument, else what takes it',
    'optim.SGD(p, moment|um=0.9)\n',
    'torch.optim.SGD.momentum',
    'torch.optim.SGD',
  )
  names(
    'an argument of a method',
    'def f(loss):\n    loss.backward(retain_gr|aph=True)\n',
    'torch.Tensor.backward.retain_graph',
    'torch.Tensor.backward',
  )
  names('a key of a group', 'optim.SGD([{"params": p, "weight_dec|ay": 0}])\n', 'torch.optim.SGD.weight_decay')

  names('what is called a model may be one', 'def f(model):\n    model.ev|al()\n', 'torch.nn.Module.eval')
  names(
    'what is called a scheduler may be one',
    'def f(lr_scheduler):\n    lr_scheduler.st|ep()\n',
    'torch.optim.lr_scheduler.LRScheduler.step',
  )
  names(
    'an object of a class of another file may be one',
    'from networks import Generator\nG = Generator()\nG.ev|al()\n',
    'networks.Generator.eval',
    'torch.nn.Module.eval',
  )
  names(
    'so may an attribute that such a class gives its heirs',
    'from base import Trainer\nclass T(Trainer):\n    def f(self):\n        self.model.tr|ain()\n',
    'base.Trainer.model.train',
    'torch.nn.Module.train',
  )
  names(
    'None is no reason against it',
    'def f(ema=None):\n    G_ema = make() if ema else None\n    G_ema.tr|ain()\n',
    'torch.nn.Module.train',
  )
  names('only tensors go backward', 'def f(x):\n    x.back|ward()\n', 'torch.Tensor.backward')
  names('many objects have a step', 'def f(timer):\n    timer.st|ep()\n')
  names(
    'a class of the file is none of PyTorch',
    'class Model:\n    def eval(self): pass\nmodel = Model()\nmodel.ev|al()\n',
  )
  names('nor is an object of another library', 'import numpy as np\nnp.ones(1).it|em()\n')
})

test('without PyTorch no name is taken for its', () => {
  const script = 'def f(model):\n    model.eval()\n'
  assert.deepEqual(
    symbolsAt(modelOf(script), script.indexOf('eval')).flatMap(({ names }) => names),
    [],
  )
})
