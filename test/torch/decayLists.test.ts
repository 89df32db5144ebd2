/** The parameters that an optimizer decays, and those that it leaves alone, are those that PyTorch says. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { condensed } from '../../server/src/parameterNames.ts'
import { namedParameters } from '../../server/src/torch/architecture.ts'
import { decayLists } from '../../server/src/torch/decayLists.ts'
import { optimizerCreations } from '../../server/src/torch/optimizers.ts'
import { modelOf } from '../support/model.ts'

/** Modules, built by PyTorch, and what four usual recipes spare of their parameters. */
interface Case {
  readonly id: string
  readonly source: string
  readonly construct: string
  readonly parameters: readonly ({ readonly name: string; readonly dimensions: number } & Readonly<
    Record<Recipe, boolean>
  >)[]
}

type Recipe = 'sparedByDimensions' | 'sparedByName' | 'sparedByType' | 'sparedByTypeAndEmbedding'

const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../cases/weightDecay.json', import.meta.url), 'utf8'))

const groups = `
optimizer = torch.optim.AdamW([
    {"params": decay, "weight_decay": 0.05},
    {"params": no_decay, "weight_decay": 0.0},
], lr=1e-3)
`

const byType = (types: string) => `
decay, no_decay = set(), set()
for module_name, module in model.named_modules():
    for name, _ in module.named_parameters(recurse=False):
        full_name = "%s.%s" % (module_name, name) if module_name else name
        if "bias" in name or isinstance(module, (${types})):
            no_decay.add(full_name)
        else:
            decay.add(full_name)
by_name = {name: p for name, p in model.named_parameters()}
decay = [by_name[name] for name in decay & by_name.keys()]
no_decay = [by_name[name] for name in no_decay & by_name.keys()]
${groups}`

/** The recipes as scripts write them. */
const recipes: Readonly<Record<Recipe, string>> = {
  sparedByDimensions: `
decay, no_decay = [], []
for p in model.parameters():
    (decay if p.ndim >= 2 else no_decay).append(p)
${groups}`,
  sparedByName: `
spared = ["bias", "LayerNorm.weight"]
decay = [p for n, p in model.named_parameters() if not any(nd in n for nd in spared)]
no_decay = [p for n, p in model.named_parameters() if any(nd in n for nd in spared)]
${groups}`,
  sparedByType: byType('nn.BatchNorm2d, nn.LayerNorm'),
  sparedByTypeAndEmbedding: byType('nn.BatchNorm2d, nn.LayerNorm, nn.Embedding, nn.EmbeddingBag'),
}

for (const { id, source, construct, parameters } of cases)
  suite(id, () => {
    const script = `${source}\n\nmodel = ${construct}\n`
    const names = (isIn: (parameter: Case['parameters'][number]) => boolean) =>
      parameters.filter(isIn).map(({ name }) => name)

    test('the parameters have the names and dimensions of PyTorch', () => {
      const model = modelOf(`${script}model.train()\n`)
      const [module] = model.nodes('Attribute').flatMap(({ attr, value }) => (attr === 'train' ? [value] : []))
      assert(module)
      assert.deepEqual(
        namedParameters(model, module),
        parameters.map(({ name, dimensions }) => ({ name, dimensions })),
      )
    })

    for (const [recipe, groups] of Object.entries(recipes) as [Recipe, string][])
      test(recipe, () => {
        const decay = decayOf(script + groups)
        assert.deepEqual(
          { decayed: decay?.decayed.toSorted(), notDecayed: decay?.notDecayed.toSorted() },
          {
            decayed: names(each => !each[recipe]).toSorted(),
            notDecayed: names(each => each[recipe]).toSorted(),
          },
        )
      })

    test('without groups all decay, and the split is that of optimizer/bias-decay', () => {
      const decay = decayOf(`${script}optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.05)\n`)
      assert.deepEqual(decay, {
        decayed: names(() => true),
        notDecayed: [],
        groups: [{ names: names(() => true), decays: true }],
        split: {
          decayed: names(({ sparedByDimensions }) => !sparedByDimensions),
          notDecayed: names(({ sparedByDimensions }) => sparedByDimensions),
        },
      })
    })
  })

function decayOf(text: string) {
  const model = modelOf(text)
  const [creation] = optimizerCreations(model)
  assert(creation)
  return decayLists(model, creation)
}

suite('what is shown', () => {
  const net = `
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.fc = nn.Linear(width, width)


class Net(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.blocks = nn.ModuleList([Block(width) for _ in range(depth)])
        self.head = nn.Linear(width, 10)
`

  test('a helper builds the groups, of a model whose depth is not known', () => {
    const decay = decayOf(`${net}

def groups(model, weight_decay, skip=()):
    decay, no_decay = [], []
    for name, param in model.named_parameters():
        if not param.requires_grad:
            continue
        if len(param.shape) == 1 or name.endswith(".bias") or name in skip:
            no_decay.append(param)
        else:
            decay.append(param)
    return [{"params": no_decay, "weight_decay": 0.0}, {"params": decay, "weight_decay": weight_decay}]


def main(args):
    model = Net(args.width, args.depth).to(args.device)
    optimizer = torch.optim.SGD(groups(model, args.weight_decay), lr=0.1)
`)
    assert.deepEqual(decay, {
      decayed: ['blocks.*.fc.weight', 'head.weight'],
      notDecayed: ['blocks.*.norm.weight', 'blocks.*.norm.bias', 'blocks.*.fc.bias', 'head.bias'],
      groups: [
        { names: ['blocks.*.norm.weight', 'blocks.*.norm.bias', 'blocks.*.fc.bias', 'head.bias'], decays: false },
        { names: ['blocks.*.fc.weight', 'head.weight'], decays: true },
      ],
      split: undefined,
    })
  })

  test('the variable tells several models apart', () => {
    const two = 'first, second = nn.Linear(2, 2), nn.Linear(2, 2, bias=False)\n'
    const made = 'torch.optim.AdamW([*first.parameters(), *second.parameters()])\n'
    assert.deepEqual(decayOf(`import torch\nfrom torch import nn\n${two}${made}`)?.decayed, [
      'first.weight',
      'first.bias',
      'second.weight',
    ])
  })

  const silent: Readonly<Record<string, string>> = {
    'a frozen part': 'model.head.weight.requires_grad = False\n',
    'a part that is not known': 'import parts\nmodel.head = parts.head()\n',
    'a model that somebody else has had': 'from library import prepare\nmodel = prepare(model)\n',
  }
  for (const [what, line] of Object.entries(silent))
    test(`nothing for ${what}`, () => {
      assert.equal(decayOf(`${net}\nmodel = Net(8, 2)\n${line}torch.optim.AdamW(model.parameters())\n`), undefined)
    })

  test('long lists are condensed', () => {
    const layers = Array.from({ length: 12 }, (_, index) => [`layers.${index}.0.weight`, `layers.${index}.1.bias`])
    assert.deepEqual(condensed(['stem.weight', ...layers.flat(), 'layers.13.0.weight']), [
      'stem.weight',
      'layers.0–11.0.weight',
      'layers.0–11.1.bias',
      'layers.13.0.weight',
    ])
  })
})
