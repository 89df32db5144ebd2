import type { Message } from '../../rules/rule.ts'
import type { Model } from '../../semantic/model.ts'
import { movesToCuda } from '../../torch/devices.ts'
import { calledModule } from '../../torch/events.ts'
import { loopAround } from '../../torch/loaders.ts'
import { nameOf, textOf } from '../../torch/names.ts'
import { type TrainingStep, trainingStep } from '../../torch/trainingStep.ts'
import { importsTrainer } from '../../torch/usage.ts'
import type { Case, Suggestion } from '../suggestion.ts'

/** Half of the batch on each of two GPUs. */
export function secondGpu({ model, file }: Case): Suggestion | undefined {
  const step = trainingStep(model)
  if (!step || importsTrainer(model) || distributed.test(model.text)) return undefined
  if (!model.nodes('Call').some(call => movesToCuda(model, call))) return undefined
  const size = step.batchSize?.value
  const isHalved = size !== undefined && size % 2 === 0
  return {
    id: 'second-gpu',
    needsCuda: true,
    title: { en: 'The second GPU, with DistributedDataParallel', zh: '用 DistributedDataParallel 启用第二块 GPU' },
    saves: isHalved
      ? {
          en: `half of the activations: ${size / 2} + ${size / 2} samples instead of ${size} on one GPU, and the same effective batch size`,
          zh: `激活值减半：两块 GPU 各 ${size / 2} 个样本，而不是一块上 ${size} 个，有效批次大小不变`,
        }
      : {
          en: 'half of the activations, if each GPU gets half of the batch',
          zh: '每块 GPU 只拿一半批次时，激活值减半',
        },
    costs: {
      en: 'each GPU holds all weights, gradients and optimizer state, and DDP keeps another copy of the gradients to exchange them (`gradient_as_bucket_view=True` avoids it)',
      zh: '每块 GPU 都有全部权重、梯度和优化器状态；DDP 还会为交换梯度多存一份（`gradient_as_bucket_view=True` 可以避免）',
    },
    notes: [...(/\bDataParallel\(/.test(model.text) ? [dataParallel] : []), whatFits, launch(file)],
    code: recipe(model, step),
  }
}

const distributed = /DistributedDataParallel|\bDDP\b|FullyShardedDataParallel|\bFSDP\b|fully_shard|init_process_group/

const dataParallel: Message = {
  en: '`DataParallel` gathers all outputs on GPU 0, which therefore fills first; DDP fills both alike',
  zh: '`DataParallel` 把所有输出汇总到 GPU 0，因此它最先占满；DDP 让两块卡占用相同',
}

const whatFits: Message = {
  en: 'A model that does not fit on one GPU with a batch of 1 does not fit with DDP either: that takes `torch.distributed.fsdp`, which shares weights, gradients and state',
  zh: '批次为 1 时一块 GPU 都放不下的模型，用 DDP 也放不下：那需要 `torch.distributed.fsdp`，它把权重、梯度和状态分摊到各块卡上',
}

function launch(name: string): Message {
  const file = name.includes(' ') ? `"${name}"` : name
  if (name.endsWith('.ipynb'))
    return {
      en: `A notebook is one process, and this takes two: make a script of it, \`jupyter nbconvert --to script ${file}\`, and start that with \`torchrun --nproc_per_node=2\``,
      zh: `notebook 只有一个进程，而这里需要两个：先用 \`jupyter nbconvert --to script ${file}\` 转成脚本，再用 \`torchrun --nproc_per_node=2\` 启动`,
    }
  return {
    en: `Start it with \`torchrun --nproc_per_node=2 ${file}\`; save checkpoints and print on rank 0 only`,
    zh: `用 \`torchrun --nproc_per_node=2 ${file}\` 启动；检查点和打印只在 rank 0 上做`,
  }
}

function recipe(model: Model, { calls, loader, loop, batchSize }: TrainingStep): string {
  const [forward] = calls('forward')
  const net = forward ? textOf(model, calledModule(forward)) : 'model'
  const batches = (loader && nameOf(model, loader.creation)) ?? 'train_loader'
  const dataset = loader && model.argument(loader.creation, 'dataset', 0)
  const data = dataset?.kind === 'given' ? oneLine(textOf(model, dataset.value)) : 'dataset'
  const size = batchSize?.value
  const half =
    size !== undefined && size % 2 === 0 && batchSize?.expression.kind === 'Constant'
      ? String(size / 2)
      : `${batchSize ? textOf(model, batchSize.expression) : 'batch_size'} // 2`
  const around = loopAround(model, loop.node)
  const epoch = around?.kind === 'For' && around.target.kind === 'Name' ? textOf(model, around.target) : 'epoch'
  const epochs = around?.kind === 'For' ? oneLine(textOf(model, around.iter)) : 'range(epochs)'
  return [
    'import os',
    'import torch.distributed as dist',
    'from torch.nn.parallel import DistributedDataParallel',
    'from torch.utils.data.distributed import DistributedSampler',
    '',
    'dist.init_process_group("nccl")',
    'local_rank = int(os.environ["LOCAL_RANK"])',
    'torch.cuda.set_device(local_rank)  # before anything is moved to the GPU',
    '',
    `${net} = DistributedDataParallel(${net}.cuda(), device_ids=[local_rank], gradient_as_bucket_view=True)`,
    `sampler = DistributedSampler(${data})`,
    `${batches} = DataLoader(${data}, batch_size=${half}, sampler=sampler, num_workers=4)  # instead of shuffle=True`,
    '',
    `for ${epoch} in ${epochs}:`,
    `    sampler.set_epoch(${epoch})`,
    '    ...',
  ].join('\n')
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ')
