/** The wordings of the error, as the versions of PyTorch print them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnosis, explainedSizes, sizeText } from '../../server/src/doctor/explanation.ts'
import { readOutOfMemory } from '../../server/src/doctor/outOfMemory.ts'

const [mebibyte, gibibyte] = [1024 ** 2, 1024 ** 3]

test('PyTorch 1.4 and older', () => {
  const read = readOutOfMemory(
    'RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 1; 7.79 GiB total capacity; 6.03 GiB already allocated; 17.00 MiB free; 59.50 MiB cached)',
  )
  assert.equal(read?.kind, 'gpu')
  assert.equal(read.gpu, 1)
  assert.equal(read.sizes.tried, 20 * mebibyte)
  assert.equal(read.sizes.reserved, 59.5 * mebibyte)
  assert.equal(read.sizes.free, 17 * mebibyte)
})

test('PyTorch 1.5 to 2.0', () => {
  const read = readOutOfMemory(
    'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.50 GiB (GPU 0; 8.00 GiB total capacity; 4.00 GiB already allocated; 0 bytes free; 6.00 GiB reserved in total by PyTorch) If reserved memory is >> allocated memory try setting max_split_size_mb to avoid fragmentation.',
  )
  assert.deepEqual(read?.sizes, {
    tried: 1.5 * gibibyte,
    total: 8 * gibibyte,
    free: 0,
    allocated: 4 * gibibyte,
    reserved: 6 * gibibyte,
    unallocated: 2 * gibibyte,
  })
  assert.ok(diagnosis(read).some(({ en }) => en.includes('fragmented')))
})

test('PyTorch 2.1, which misspelled it', () => {
  const read = readOutOfMemory(
    'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacty of 8.00 GiB of which 17.00 MiB is free. Process 12345 has 7.77 GiB memory in use. Of the allocated memory 6.03 GiB is allocated by PyTorch, and 60.00 MiB is reserved by PyTorch but unallocated.',
  )
  assert.equal(read?.sizes.total, 8 * gibibyte)
  assert.equal(read.sizes.unallocated, 60 * mebibyte)
})

test('in a container the process does not know its own number, and is no other program', () => {
  const read = readOutOfMemory(
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.93 GiB of which 512.00 MiB is free. Process 3914 has 7.40 GiB memory in use. Of the allocated memory 6.90 GiB is allocated by PyTorch, and 120.50 MiB is reserved by PyTorch but unallocated.',
  )
  assert.equal(read?.sizes.others, undefined)
  assert.equal(read?.sizes.inUse, Math.round(7.4 * gibibyte))
  assert.ok(read && diagnosis(read).every(({ en }) => !en.includes('Other programs')))
})

const recent =
  'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 8.00 GiB of which 16.00 MiB is free. Process 3313 has 1.00 GiB memory in use. Process 3314 has 512.00 MiB memory in use. Including non-PyTorch memory, this process has 6.25 GiB memory in use. Of the allocated memory 6.00 GiB is allocated by PyTorch, with 50.00 MiB allocated in private pools (e.g., CUDA Graphs), and 10.00 MiB is reserved by PyTorch but unallocated.'

test('PyTorch 2.2 and later, with other processes', () => {
  const read = readOutOfMemory(recent)
  assert.equal(read?.sizes.others, 1.5 * gibibyte)
  assert.equal(read.sizes.inUse, 6.25 * gibibyte)
  assert.equal(read.sizes.allocated, 6 * gibibyte)
  assert.ok(explainedSizes(read).some(({ name, bytes }) => name.en === 'Other processes' && bytes === 1.5 * gibibyte))
  const [first, second] = diagnosis(read)
  assert.match(first?.en ?? '', /Other programs hold about 1\.50 GiB of GPU 0/)
  assert.match(second?.en ?? '', /full already/)
})

test('of two processes that fail together, the first is read', () => {
  const read = readOutOfMemory(`${recent}\n${recent.replace('GPU 0', 'GPU 1').replaceAll('Process 3313', 'Process 7')}`)
  assert.equal(read?.gpu, 0)
  assert.equal(read.sizes.others, 1.5 * gibibyte)
})

test('ROCm says the same', () => {
  const read = readOutOfMemory(recent.replace('CUDA', 'HIP'))
  assert.equal(read?.kind, 'gpu')
  assert.equal(read.sizes.tried, 20 * mebibyte)
  const other = diagnosis(readOutOfMemory(recent.replace('CUDA', 'HIP').replace('and 10.00', 'and 90.00')) ?? read)
  assert.match(other.map(({ en }) => en).join('\n'), /rocm-smi.*PYTORCH_HIP_ALLOC_CONF=expandable_segments:True/s)
})

test("Apple's GPU", () => {
  const read = readOutOfMemory(
    'RuntimeError: MPS backend out of memory (MPS allocated: 8.40 GiB, other allocations: 384.00 MiB, max allowed: 9.00 GiB). Tried to allocate 1.00 GiB on private pool.',
  )
  assert.equal(read?.kind, 'mps')
  assert.equal(read.sizes.total, 9 * gibibyte)
  assert.equal(read.sizes.others, 384 * mebibyte)
})

test('errors without numbers, and memory that is not of the GPU', () => {
  const kinds = {
    'RuntimeError: CUDA error: out of memory': 'gpu-without-numbers',
    'RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`': 'gpu-without-numbers',
    "RuntimeError: [enforce fail at alloc_cpu.cpp:114] DefaultCPUAllocator: can't allocate memory: you tried to allocate 400 bytes":
      'host',
    "RuntimeError: DataLoader worker (pid 42) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory":
      'shared',
    'torch.cuda.OutOfMemoryError': 'gpu-without-numbers',
    'numpy.core._exceptions._ArrayMemoryError: Unable to allocate 1.2 GiB for an array': 'host',
    'OSError: [WinError 1455] 页面文件太小，无法完成操作。 Error loading "C:\\torch\\lib\\cudnn64_8.dll"': 'page-file',
    'RuntimeError: cuDNN error: CUDNN_STATUS_ALLOC_FAILED': 'gpu-without-numbers',
    'RuntimeError: cuDNN error: CUDNN_STATUS_NOT_INITIALIZED': 'gpu-perhaps',
    'RuntimeError: Unable to find a valid cuDNN algorithm to run convolution': 'gpu-perhaps',
  } as const
  for (const [text, kind] of Object.entries(kinds)) {
    const read = readOutOfMemory(text)
    assert.equal(read?.kind, kind, text)
    assert.equal(diagnosis(read).length, 1, text)
  }
  assert.equal(readOutOfMemory('IndexError: list index out of range'), undefined)
})

test('the lines of a traceback', () => {
  const read = readOutOfMemory(`  File "C:\\work\\train.py", line 12, in <module>\n    main()\n${recent}`)
  assert.deepEqual(read?.frames, [{ file: 'C:\\work\\train.py', line: 12 }])
})

test('the lines of a traceback of IPython, old and new, also when a text field has removed the line breaks', () => {
  const framesOf = (text: string) => readOutOfMemory(`${text} ${recent}`)?.frames
  const cell = (execution: number, line: number) => ({ file: { execution }, line })
  const function_ = { file: '~/unet/train.py', line: 45 }
  assert.deepEqual(
    framesOf('Cell In[5], line 12\n     10 x\n---> 12 train()\n\nFile ~/unet/train.py:45, in train(model)\n'),
    [cell(5, 12), function_],
  )
  assert.deepEqual(framesOf('Cell In[5], line 12     10 x---> 12 train()File ~/unet/train.py:45, in train(model)'), [
    cell(5, 12),
    function_,
  ])
  assert.deepEqual(framesOf('<ipython-input-7-0a1b2c> in <module>\n      1 x\n----> 2 train()\n'), [cell(7, 2)])
  assert.deepEqual(framesOf('Input In [3], in <cell line: 4>()\n      2 x\n----> 4 train()'), [cell(3, 4)])
})

test('sizes are written as PyTorch writes them', () => {
  assert.deepEqual([1.5 * gibibyte, 20 * mebibyte, 2048, 12].map(sizeText), [
    '1.50 GiB',
    '20.00 MiB',
    '2.00 KiB',
    '12 B',
  ])
})
