/** What the page says of itself, whatever the script. */
import type { Message } from '../rules/rule.ts'

export const words = {
  title: { en: 'Why does the GPU run out of memory?', zh: '为什么显存不足？' },
  error: { en: 'What the error says', zh: '报错说了什么' },
  unknownError: {
    en: 'The text that was pasted is no out-of-memory error that TorchLint knows; the rest of this page is about the script alone.',
    zh: '粘贴的文字不是 TorchLint 认识的显存不足报错；下面只根据脚本来说。',
  },
  number: { en: 'Number', zh: '数字' },
  size: { en: 'Size', zh: '大小' },
  meaning: { en: 'Meaning', zh: '含义' },
  raisedAt: { en: 'Raised at ', zh: '报错位置：' },
  colon: { en: ': ', zh: '：' },
  comma: { en: ', ', zh: '，' },
  findings: { en: 'What wastes memory in this script', zh: '这个脚本里浪费显存的写法' },
  findingsIntroduction: {
    en: 'Repair these first: they cost memory and give nothing for it.',
    zh: '先修复这些：它们占用显存，却没有任何好处。',
  },
  noFindings: {
    en: 'Nothing that is certain: no graph that is kept, and no evaluation that records one, was found in this file. What other files do is seen only as far as imports lead there.',
    zh: '没有发现可以确定的问题：这个文件里没有被保留的计算图，也没有记录计算图的评估。其他文件只看得到 import 能找到的部分。',
  },
  noTraining: {
    en: 'No training loop was recognised in this file, so there is little to suggest: open the file that has the loop with `backward()` and ask again.',
    zh: '没有在这个文件里识别出训练循环，因此能给的建议不多：请打开包含 `backward()` 循环的文件再试。',
  },
  unclearTraining: {
    en: 'This file backpropagates, but its training step could not be followed, so there is little to suggest for it.',
    zh: '这个文件里有反向传播，但没能看懂它的训练步骤，因此能给的建议不多。',
  },
  trainingElsewhere: (code: string, file: string): Message => ({
    en: `The training loop is in \`${code}\` of \`${file}\`: open that file and ask there, too.`,
    zh: `训练循环在 \`${file}\` 的 \`${code}\` 里：请打开那个文件再问一次。`,
  }),
  library: (library: string): Message => ({
    en: `${library} runs the training step, and has settings for it. They cost little and save about half of the activations or more:`,
    zh: `训练步骤由 ${library} 执行，它自带省显存的设置，代价不大，能省下一半甚至更多的激活值：`,
  }),
  options: { en: 'What this script lets you set', zh: '这个脚本可以直接调的设置' },
  optionsIntroduction: {
    en: 'Try these first: nothing has to be programmed.',
    zh: '先试这些：不用写代码。',
  },
  option: { en: 'Setting', zh: '设置' },
  value: { en: 'Value', zh: '当前值' },
  saving: { en: 'Saves', zh: '怎样省' },
  place: { en: 'Where', zh: '位置' },
  suggestions: { en: 'What this script could use', zh: '这个脚本还可以用的办法' },
  suggestionsIntroduction: {
    en: 'In this order, one at a time: what saves most for least comes first. The savings are typical ones, not measured here.',
    zh: '建议按顺序逐项尝试：省得多、代价小的在前。节省的数量是一般情况，并非在此实测。',
  },
  saves: { en: 'Saves', zh: '节省：' },
  costs: { en: 'Costs', zh: '代价：' },
  apply: { en: 'Apply: ', zh: '应用修复：' },
  applyThis: { en: 'Apply this change', zh: '应用这一改动' },
  used: { en: 'What it does already', zh: '已经用上的' },
  perParameter: { en: 'What each parameter costs', zh: '每个参数占用多少' },
  perParameterIntroduction: {
    en: 'Weights, gradients and optimizer state in `float32`, whatever the batch size: 4 + 4 bytes and the state. How many parameters the model has, `sum(p.numel() for p in model.parameters())` tells.',
    zh: '`float32` 的权重、梯度和优化器状态，与批次大小无关：4 + 4 字节再加上状态。模型有多少参数，可用 `sum(p.numel() for p in model.parameters())` 查看。',
  },
  optimizer: { en: 'Optimizer', zh: '优化器' },
  bytes: { en: 'Bytes per parameter', zh: '每个参数的字节数' },
  million: { en: 'For 100 million', zh: '一亿个参数合计' },
  moments: { en: 'What the moment of the error tells', zh: '报错的时刻说明什么' },
  momentsList: {
    en: [
      '- **In the first batch**: the batch, its inputs or the model are too large. Nothing leaks: make the first two smaller, or use what is listed above.',
      '- **In the first `optimizer.step()`**: the optimizer makes its state then. A lighter optimizer helps.',
      '- **After some batches, at a line that worked before**: something grows (a kept graph, a list), or batches differ in shape: sort or crop the longest.',
      '- **In the first evaluation, after one round of training**: the evaluation records a graph, uses a larger batch, or collects its results on the GPU, while `loss` and `outputs` of the last training batch are still alive: `del loss, outputs` frees them.',
      '- **In the second epoch**: something of the first is still referred to: totals, lists, an optimizer made again, a checkpoint that was loaded onto the GPU.',
      '- **When resuming**: `torch.load` without `map_location="cpu"` puts a second copy of everything on the GPU.',
    ].join('\n'),
    zh: [
      '- **第一个批次**：批次、输入或模型太大，没有泄漏：减小批次或输入，或用上面列出的办法。',
      '- **第一次 `optimizer.step()`**：优化器这时创建状态，换更省的优化器有用。',
      '- **若干批次之后，在之前能跑通的那一行**：有东西在增长（被保留的计算图、列表），或各批次形状不同：把最长的裁剪或排序。',
      '- **训练一轮之后的第一次评估**：评估记录了计算图、批次更大，或把结果攒在 GPU 上；而最后一个训练批次的 `loss` 和 `outputs` 还在：`del loss, outputs` 可以释放。',
      '- **第二个 epoch**：第一个 epoch 的东西仍被引用：累加的总和、列表、重新创建的优化器、加载到 GPU 上的检查点。',
      '- **恢复训练时**：`torch.load` 没写 `map_location="cpu"`，会在 GPU 上再放一整份。',
    ].join('\n'),
  },
  rerun: {
    en: '- **In a notebook, after an error or a cell that was run again**: the error and the variables of earlier runs still hold what they held. Restart the kernel before you judge a change.',
    zh: '- **在 notebook 里，报错或重新运行单元格之后**：报错信息和之前运行留下的变量仍占着显存。评判改动是否有效之前，请先重启内核。',
  },
  unknowable: { en: 'What cannot be known from the script', zh: '从脚本里看不出来的' },
  unknowableText: {
    en: 'How large the inputs are, how much each layer keeps, which algorithms cuDNN picks, and what else runs on the GPU. Measure before and after a change:',
    zh: '输入有多大、每一层保留多少、cuDNN 选择什么算法，以及 GPU 上还有哪些程序。请在改动前后各测一次：',
  },
  more: { en: 'More: ', zh: '更多：' },
  concept: { en: 'Why GPU memory runs out', zh: '显存为什么不够用' },
} as const satisfies Readonly<Record<string, Message | ((...names: string[]) => Message)>>
