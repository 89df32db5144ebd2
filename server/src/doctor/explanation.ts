/** What the numbers of an out-of-memory error mean, and what they point to. */
import type { Message } from '../rules/rule.ts'
import type { MemorySizes, OutOfMemory } from './outOfMemory.ts'

export interface ExplainedSize {
  readonly name: Message
  readonly bytes: number
  readonly meaning: Message
}

export function explainedSizes({ kind, sizes }: OutOfMemory): readonly ExplainedSize[] {
  if (kind === 'host')
    return sizes.tried === undefined ? [] : [{ name: triedName, bytes: sizes.tried, meaning: triedMeaning }]
  const context = sizes.inUse !== undefined && sizes.reserved !== undefined ? sizes.inUse - sizes.reserved : undefined
  const all: readonly (readonly [number | undefined, Message, Message])[] = [
    [sizes.tried, triedName, triedMeaning],
    [sizes.total, { en: 'Total capacity', zh: '总容量' }, totalMeaning(kind)],
    [sizes.allocated, { en: 'Allocated by PyTorch', zh: 'PyTorch 已分配' }, allocatedMeaning],
    [sizes.unallocated, { en: 'Reserved but unallocated', zh: '已保留但未分配' }, unallocatedMeaning],
    [context, { en: 'This process besides PyTorch', zh: '本进程中 PyTorch 之外' }, contextMeaning],
    kind === 'mps'
      ? [sizes.others, { en: 'Other allocations', zh: '其他分配' }, metalMeaning]
      : [sizes.others, { en: 'Other processes', zh: '其他进程' }, othersMeaning],
    [sizes.free, { en: 'Free', zh: '空闲' }, freeMeaning],
  ]
  return all.flatMap(([bytes, name, meaning]) => (bytes !== undefined && bytes >= 0 ? [{ name, bytes, meaning }] : []))
}

const triedName: Message = { en: 'Tried to allocate', zh: '尝试分配' }
const triedMeaning: Message = {
  en: 'the one tensor that found no room; all others were there before it',
  zh: '最后放不下的那一个张量；其余的在它之前就已占着显存',
}
const allocatedMeaning: Message = {
  en: 'living tensors: weights, gradients, optimizer state, activations, and what the script still holds',
  zh: '仍被使用的张量：权重、梯度、优化器状态、激活值，以及脚本还引用着的东西',
}
const unallocatedMeaning: Message = {
  en: 'freed, and kept by PyTorch for the next tensors that fit into the gaps',
  zh: '已释放、由 PyTorch 留着给之后放得进空隙的张量使用',
}
const contextMeaning: Message = {
  en: "CUDA's own context and kernels; no setting of the script changes it much",
  zh: 'CUDA 自身的上下文和内核，脚本的设置基本影响不了它',
}
const othersMeaning: Message = { en: 'what other programs hold on this GPU', zh: '这块 GPU 上其他程序占用的部分' }
const metalMeaning: Message = {
  en: 'what Metal itself keeps: kernels, and memory that is not handed back yet',
  zh: 'Metal 自身占用的部分：内核，以及还没有归还的内存',
}
const freeMeaning: Message = { en: 'what was left for everybody', zh: '所有程序还能使用的部分' }

function totalMeaning(kind: OutOfMemory['kind']): Message {
  return kind === 'mps'
    ? { en: 'what macOS lets PyTorch use', zh: 'macOS 允许 PyTorch 使用的上限' }
    : { en: 'all memory of the GPU', zh: 'GPU 的全部显存' }
}

const gibibyte = 1024 ** 3

/** What follows from the numbers, the most certain first. */
export function diagnosis(error: OutOfMemory): readonly Message[] {
  const { kind, sizes } = error
  if (kind === 'host') return [hostMemory]
  if (kind === 'shared') return [sharedMemory]
  if (kind === 'page-file') return [pageFile]
  if (kind === 'gpu-without-numbers') return [withoutNumbers]
  if (kind === 'gpu-perhaps') return [perhaps]
  const found: Message[] = []
  const { tried, total, allocated } = sizes
  if (isTooLarge(sizes)) found.push(tooLarge)
  if (othersIn(sizes) >= gibibyte / 2) found.push(otherProcesses(error))
  if (total !== undefined && tried !== undefined && allocated !== undefined && !isTooLarge(sizes)) {
    if (tried >= total / 4) found.push(oneTensor(tried))
    else if (tried <= total / 20 && allocated >= total * 0.7) found.push(full)
  }
  if (tried !== undefined && (sizes.unallocated ?? 0) >= tried) found.push(fragmented(error))
  if (kind === 'mps') found.push(highWatermark)
  return found
}

function isTooLarge({ tried, total }: MemorySizes): boolean {
  return tried !== undefined && total !== undefined && tried >= total
}

/** Older wordings do not say what the process uses: more than its context, of half a gibibyte or so, is somebody else's. */
function othersIn({ others, total, free, inUse, reserved }: MemorySizes): number {
  if (others !== undefined) return others
  if (total === undefined || free === undefined) return 0
  if (inUse !== undefined) return total - free - inUse
  return reserved === undefined ? 0 : total - free - reserved - gibibyte
}

const tooLarge: Message = {
  en: 'A single tensor is larger than the whole GPU: no saving below helps. Look at its shape: a batch of everything at once, an attention matrix over a long sequence, pairwise distances, or two shapes that broadcast into a huge one',
  zh: '单个张量就超过了整块 GPU，下面的办法都救不了它。请检查它的形状：是否一次放入了全部数据、长序列的注意力矩阵、两两距离，或两个形状广播成了巨大的张量',
}

function oneTensor(tried: number): Message {
  return {
    en: `${sizeText(tried)} for one tensor is a lot: look at the shape at the line that raised the error. What grows with the square of something (image side, sequence length) is cut most by making that smaller`,
    zh: `单个张量就要 ${sizeText(tried)}，相当大：请检查报错那一行的张量形状。随某个量（图像边长、序列长度）平方增长的张量，减小那个量最有效`,
  }
}

const full: Message = {
  en: 'The memory was full already and a small tensor was one too many, so the line that raised the error tells little: what counts is everything that is alive at that moment',
  zh: '显存本来就已占满，只是一个小张量成了最后一根稻草，所以报错的那一行说明不了多少问题：要看的是那一刻所有仍被使用的张量',
}

function otherProcesses({ sizes, gpu, isAmd }: OutOfMemory): Message {
  const bytes = othersIn(sizes)
  const tool = isAmd ? 'rocm-smi --showpids' : 'nvidia-smi'
  return {
    en: `Other programs hold about ${sizeText(bytes)} of GPU ${gpu ?? 0}: a notebook that is still open, an earlier run that never ended, a desktop. \`${tool}\` names them`,
    zh: `其他程序占用了 GPU ${gpu ?? 0} 约 ${sizeText(bytes)}：没关的 notebook、没有结束的上一次训练，或桌面环境。用 \`${tool}\` 可以看到它们`,
  }
}

/** PyTorch 2.1 made the segments of its memory able to grow. */
function fragmented({ sizes, isAmd, isOld }: OutOfMemory): Message {
  const bytes = sizeText(sizes.unallocated ?? 0)
  const variable = isAmd ? 'PYTORCH_HIP_ALLOC_CONF' : 'PYTORCH_CUDA_ALLOC_CONF'
  const setting = `\`${variable}=${isOld ? 'max_split_size_mb:128' : 'expandable_segments:True'}\``
  return {
    en: `PyTorch holds ${bytes} that is free, but nowhere in one piece of ${sizeText(sizes.tried ?? 0)}: the memory is fragmented. Started with ${setting} in the environment${isOld ? '' : ' (not on Windows)'}, PyTorch wins back a part of it, never more than ${bytes}; batches of equal shapes fragment less`,
    zh: `PyTorch 手里有 ${bytes} 空闲显存，却凑不成 ${sizeText(sizes.tried ?? 0)} 的一整块：显存碎片化了。启动前设置环境变量 ${setting}${isOld ? '' : '（Windows 不支持）'}可以收回一部分，最多也就是 ${bytes}；各批次形状一致时碎片也更少`,
  }
}

const perhaps: Message = {
  en: 'cuDNN or cuBLAS could not start or found no algorithm, mostly because no memory was left for it to work in: try a much smaller batch. If the error stays with a batch of 1, it is about something else: the versions of driver, CUDA and PyTorch, or labels outside of the range of classes, which one run with `CUDA_LAUNCH_BLOCKING=1` tells',
  zh: 'cuDNN 或 cuBLAS 无法初始化，或找不到可用的算法，多半是没有剩余显存供它工作：先试小得多的批次。如果批次为 1 仍然报错，那就是别的原因：驱动、CUDA 与 PyTorch 的版本，或标签超出了类别范围，用 `CUDA_LAUNCH_BLOCKING=1` 运行一次就能看出来',
}

const pageFile: Message = {
  en: "This is the memory of Windows, not of the GPU: every `DataLoader` process loads PyTorch's libraries again. Lower `num_workers` (0 or 2), or enlarge the page file. The page below is about the GPU",
  zh: '这是 Windows 的虚拟内存，不是显存：`DataLoader` 的每个进程都会重新加载 PyTorch 的库。减小 `num_workers`（0 或 2），或调大页面文件（虚拟内存）。下文讲的是 GPU 显存',
}

const withoutNumbers: Message = {
  en: 'The error names no sizes: another library asked CUDA itself, and found nothing left. What holds the memory is PyTorch all the same; print `torch.cuda.memory_summary()` before the line to see it',
  zh: '报错里没有数字：是其他库直接向 CUDA 申请时发现已无显存。占着显存的多半仍是 PyTorch；在这一行之前打印 `torch.cuda.memory_summary()` 可以看到',
}

const hostMemory: Message = {
  en: 'This is the memory of the computer, not of the GPU: data sets that are loaded whole, lists that grow, or many loader processes with a copy each. The page below is about the GPU',
  zh: '这是电脑的内存，不是显存：数据集整个读入、列表不断增长，或多个加载进程各存一份都会造成。下文讲的是 GPU 显存',
}

const sharedMemory: Message = {
  en: 'This is the shared memory that `DataLoader` processes hand batches through, not the GPU: in Docker start with `--shm-size=8g` or `--ipc=host`, else lower `num_workers`. The page below is about the GPU',
  zh: '这是 `DataLoader` 各进程传递批次用的共享内存，不是显存：在 Docker 中用 `--shm-size=8g` 或 `--ipc=host` 启动，否则减小 `num_workers`。下文讲的是 GPU 显存',
}

const highWatermark: Message = {
  en: 'The GPU shares the memory of the Mac. `PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.0` lifts the limit, and may make the whole system swap',
  zh: 'GPU 与 Mac 共用内存。`PYTORCH_MPS_HIGH_WATERMARK_RATIO=0.0` 可以取消上限，但可能使整个系统频繁换页',
}

/** As PyTorch writes them: `1.50 GiB`. */
export function sizeText(bytes: number): string {
  if (bytes >= gibibyte) return `${(bytes / gibibyte).toFixed(2)} GiB`
  if (bytes >= 1024 ** 2) return `${(bytes / 1024 ** 2).toFixed(2)} MiB`
  return bytes >= 1024 ? `${(bytes / 1024).toFixed(2)} KiB` : `${bytes} B`
}
