/** What an out-of-memory error says, in the wordings of PyTorch 1.0 to 2.13. Sizes are bytes. */

export interface OutOfMemory {
  /**
   * Whose memory it is: the GPU's, a GPU call that gave no numbers, one that may have failed for another reason, Apple's,
   * the computer's own, the page file of Windows, or the shared memory that loader processes hand batches through.
   */
  readonly kind: 'gpu' | 'gpu-without-numbers' | 'gpu-perhaps' | 'mps' | 'host' | 'page-file' | 'shared'
  readonly gpu?: number
  readonly isAmd: boolean
  /** Printed by PyTorch 2.0 or older. */
  readonly isOld: boolean
  readonly sizes: MemorySizes
  /** The lines of a traceback, the outermost call first. */
  readonly frames: readonly Frame[]
}

export interface Frame {
  /** Of a notebook's cell there is but the number that it was run as, `In [5]`. */
  readonly file: string | { readonly execution: number }
  readonly line: number
}

export interface MemorySizes {
  readonly tried?: number
  readonly total?: number
  readonly free?: number
  /** Of this process, the CUDA context included. */
  readonly inUse?: number
  /** Of other processes, where the error names them. */
  readonly others?: number
  /** In living tensors. */
  readonly allocated?: number
  /** What PyTorch holds, living tensors included. */
  readonly reserved?: number
  /** What PyTorch holds and nothing uses. */
  readonly unallocated?: number
}

/** Undefined if the text is about something else. Of several errors, as two processes print them, the first is read. */
export function readOutOfMemory(text: string): OutOfMemory | undefined {
  const kind = kindOf(text)
  if (!kind) return undefined
  const first = text.search(/out of memory/i)
  const second = text.slice(first + 1).search(/(?:CUDA|HIP) out of memory/)
  const message = kind === 'gpu' && second > 0 ? text.slice(first, first + 1 + second) : text
  const gpu = /GPU (\d+)/.exec(message)?.[1]
  return {
    kind,
    ...(gpu !== undefined && { gpu: Number(gpu) }),
    isAmd: /HIP out of memory|PYTORCH_HIP_|hipError/.test(text),
    isOld: /total capacity;/.test(message),
    sizes: kind === 'host' ? hostSizes(text) : kind === 'mps' ? mpsSizes(text) : gpuSizes(message),
    frames: Array.from(text.matchAll(frame), framed),
  }
}

/** As Python writes it, and IPython: `File ~/train.py:12`, `Cell In[5], line 12`, `<ipython-input-5-…>` and an arrow. */
const frame =
  /File "([^"]+)", line (\d+)|File (\S+\.py):(\d+)|(?:(?:Cell|Input) In ?\[|<ipython-input-)(\d+)(?:\], line (\d+)|[\s\S]*?-{2,}> ?(\d+))/g

function framed([, python, pythonLine, ipython, ipythonLine, execution, cellLine, arrowLine]: RegExpExecArray): Frame {
  const file = python ?? ipython ?? { execution: Number(execution) }
  return { file, line: Number(pythonLine ?? ipythonLine ?? cellLine ?? arrowLine) }
}

function kindOf(text: string): OutOfMemory['kind'] | undefined {
  if (/MPS backend out of memory/i.test(text)) return 'mps'
  if (/Tried to allocate/i.test(text) && /out of memory/i.test(text)) return 'gpu'
  if (/CUDA (?:error: )?out of memory|CUDA_ERROR_OUT_OF_MEMORY|HIP out of memory|_STATUS_ALLOC_FAILED/i.test(text))
    return 'gpu-without-numbers'
  if (/WinError 1455|paging file is too small|页面文件太小/i.test(text)) return 'page-file'
  if (/DefaultCPUAllocator|can't allocate memory|(?<!OutOf)MemoryError\b|Cannot allocate memory/i.test(text))
    return 'host'
  if (/shared memory|\bshm\b|DataLoader worker .*killed by signal/i.test(text)) return 'shared'
  if (/OutOfMemoryError|out of memory/i.test(text)) return 'gpu-without-numbers'
  return perhaps.test(text) ? 'gpu-perhaps' : undefined
}

/** cuDNN and cuBLAS, when there is no room for what they work with, and in a few other cases. */
const perhaps =
  /Unable to find a valid cuDNN algorithm|unable to find an engine to execute|CUDNN_STATUS_(?:NOT_INITIALIZED|INTERNAL_ERROR)|CUBLAS_STATUS_NOT_INITIALIZED/i

const size = String.raw`([\d.]+) ?(bytes|[KMGT]i?B)\b`

function gpuSizes(text: string): MemorySizes {
  const tried = sizeIn(text, `Tried to allocate ${size}`)
  const total = sizeIn(text, `${size} total capacity`) ?? sizeIn(text, `total capac?i?ty of ${size}`)
  const free = sizeIn(text, `of which ${size} is free`) ?? sizeIn(text, `${size} free`)
  const inUse = sizeIn(text, `this process has ${size} memory in use`)
  const allocated = sizeIn(text, `allocated memory ${size} is allocated`) ?? sizeIn(text, `${size} already allocated`)
  const whole = sizeIn(text, `${size} reserved in total`) ?? sizeIn(text, `${size} cached`)
  const rest = sizeIn(text, `${size} is reserved by PyTorch but unallocated`)
  const reserved = whole ?? sum(allocated, rest)
  const unallocated = rest ?? (whole !== undefined && allocated !== undefined ? whole - allocated : undefined)
  const processes = Array.from(
    text.matchAll(new RegExp(`(?<!this )\\bProcess \\d+ has ${size} memory in use`, 'g')),
    ([, number = '', unit = '']) => bytes(number, unit),
  )
  // In a container a process does not know its own number: the first that has at least what PyTorch has is this one.
  const own = inUse === undefined ? processes.findIndex(bytes => reserved !== undefined && bytes >= reserved) : -1
  const isKnown = inUse !== undefined || own >= 0
  const others = processes
    .toSpliced(own, own < 0 ? 0 : 1)
    .reduce<number | undefined>(sum, isKnown ? undefined : Number.NaN)
  return defined({ tried, total, free, inUse: inUse ?? processes[own], others, allocated, reserved, unallocated })
}

function mpsSizes(text: string): MemorySizes {
  return defined({
    tried: sizeIn(text, `Tried to allocate ${size}`),
    total: sizeIn(text, `max allowed: ${size}`),
    others: sizeIn(text, `other allocations: ${size}`),
    allocated: sizeIn(text, `MPS allocated: ${size}`),
  })
}

function hostSizes(text: string): MemorySizes {
  return defined({ tried: sizeIn(text, `tried to allocate ${size}`) ?? sizeIn(text, `Unable to allocate ${size}`) })
}

function sizeIn(text: string, pattern: string): number | undefined {
  const [, number, unit] = new RegExp(pattern).exec(text) ?? []
  return number !== undefined && unit !== undefined ? bytes(number, unit) : undefined
}

const powers: Readonly<Record<string, number>> = { b: 0, k: 1, m: 2, g: 3, t: 4 }

function bytes(number: string, unit: string): number {
  return Math.round(Number(number) * 1024 ** (powers[unit.charAt(0).toLowerCase()] ?? 0))
}

function sum(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : other === undefined ? one : one + other
}

function defined(sizes: { readonly [Key in keyof MemorySizes]: number | undefined }): MemorySizes {
  return Object.fromEntries(Object.entries(sizes).filter(([, value]) => value !== undefined && !Number.isNaN(value)))
}
