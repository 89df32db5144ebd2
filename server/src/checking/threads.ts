/**
 * Many files over several threads. The answers come in the order of the files, whichever thread is done first, and only
 * so many are waited for at a time. Each thread has an analyzer of its own and gets neighbouring files together, since
 * they import the same ones.
 */
import type { MessagePort, ResourceLimits, Worker } from 'node:worker_threads'
import { type Checked, type CheckerHost, type CheckRequest, createChecker, type FileToCheck } from './checker.ts'
import { type Problem, problemOf } from './problem.ts'

type Answer = Checked | Problem

export async function* checkInThreads(
  files: readonly FileToCheck[],
  jobs: number,
  start: () => Worker,
): AsyncGenerator<Answer> {
  const lanes = Array.from({ length: jobs }, () => createLane(start))
  const turns = createTurns(lanes)
  const chunks = chunked(files, jobs)
  const begun: Promise<readonly Answer[]>[] = []
  try {
    for (;;) {
      for (const chunk of chunks.splice(0, jobs * chunksPerJob - begun.length))
        begun.push(turns.take(lane => lane.check(chunk)))
      const first = begun.shift()
      if (!first) return
      yield* await first
    }
  } finally {
    await Promise.all(lanes.map(lane => lane.stop()))
  }
}

/** What a thread may use, in megabytes. Far below it, it already tidies up more often than the platform would by default. */
export const threadLimits: ResourceLimits = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 96 }

/** The other side: what a thread does. */
export async function answerChecks(port: MessagePort, request: CheckRequest, host: CheckerHost): Promise<void> {
  const check = await createChecker(request, host)
  port.on('message', (files: readonly FileToCheck[]) => {
    for (const file of files) port.postMessage(check(file))
  })
}

/** A thread costs about as much as checking so many files of common size. */
const filesWorthAThread = 16

export function isWorthAThread(files: number): boolean {
  return files > filesWorthAThread
}

/** How many threads it pays to start for so many files. */
export function usefulJobs(wanted: number, files: number): number {
  return Math.min(wanted, Math.ceil(files / filesWorthAThread))
}

const chunksPerJob = 4
const largestChunk = 16

function chunked(files: readonly FileToCheck[], jobs: number): (readonly FileToCheck[])[] {
  // One thread gets all that are neighbours anyway, and whoever waits for it sees each answer at once.
  const size = jobs === 1 ? 1 : Math.min(largestChunk, Math.ceil(files.length / (jobs * chunksPerJob)))
  return Array.from({ length: Math.ceil(files.length / size) }, (_, index) =>
    files.slice(index * size, (index + 1) * size),
  )
}

interface Lane {
  check(files: readonly FileToCheck[]): Promise<readonly Answer[]>
  stop(): Promise<unknown>
}

/** A file that brings its thread down is named, and another thread goes on behind it. */
function createLane(start: () => Worker): Lane {
  let worker: Worker | undefined
  return {
    async check(files) {
      const answers: Answer[] = []
      while (answers.length < files.length) {
        worker ??= start()
        const failure = await ask(worker, files.slice(answers.length), answers)
        if (!failure) continue
        answers.push(problemOf(failure))
        worker = undefined
      }
      return answers
    },
    stop: async () => worker?.terminate(),
  }
}

/** Collects the answers; resolves to what brought the thread down before it had given them all. */
function ask(worker: Worker, files: readonly FileToCheck[], answers: Answer[]): Promise<Error | undefined> {
  return new Promise(resolve => {
    const wanted = answers.length + files.length
    let failure = new Error('the thread ended')
    const finish = (result?: Error) => {
      worker.off('message', collect).off('error', remember).off('exit', fall)
      resolve(result)
    }
    const collect = (answer: Answer) => {
      answers.push(answer)
      if (answers.length === wanted) finish()
    }
    const remember = (error: Error) => {
      failure = error
    }
    // What the thread said before it fell arrives after the error, and before the exit.
    const fall = () => finish(failure)
    worker.on('message', collect).on('error', remember).on('exit', fall).postMessage(files)
  })
}

/** Whoever asks first gets the next lane that is free. */
function createTurns<T>(free: T[]): { take<R>(task: (one: T) => Promise<R>): Promise<R> } {
  const waiting: ((one: T) => void)[] = []
  const release = (one: T) => {
    const next = waiting.shift()
    if (next) next(one)
    else free.push(one)
  }
  return {
    async take(task) {
      const one = free.shift() ?? (await new Promise<T>(resolve => waiting.push(resolve)))
      try {
        return await task(one)
      } finally {
        release(one)
      }
    },
  }
}
