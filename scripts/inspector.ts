/** The memory of a Node process that was started with `--inspect=127.0.0.1:0`, asked from outside: the process does nothing for it. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export interface Memory {
  /** What is reachable on the heap of JavaScript, in bytes. */
  readonly heap: number
  /** What buffers hold outside of it, among them WebAssembly's memory. */
  readonly external: number
  /** Of the whole process. */
  readonly resident: number
}

export interface Inspector {
  /** Collects garbage first. */
  memory(): Promise<Memory>
  close(): void
}

export async function inspect(child: ChildProcess): Promise<Inspector> {
  const socket = new WebSocket(await addressOf(child))
  await once(socket, 'open')
  const waiting = new Map<number, (message: Reply) => void>()
  socket.addEventListener('message', ({ data }) => {
    const reply: Reply = JSON.parse(String(data))
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply)
  })
  let last = 0
  const send = async (method: string, params: object = {}): Promise<Reply> => {
    const id = ++last
    const { promise, resolve } = Promise.withResolvers<Reply>()
    waiting.set(id, resolve)
    socket.send(JSON.stringify({ id, method, params }))
    const reply = await promise
    waiting.delete(id)
    if (reply.error) throw new Error(`${method}: ${reply.error.message}`)
    return reply
  }
  return {
    async memory() {
      await send('HeapProfiler.collectGarbage')
      const { result } = await send('Runtime.evaluate', { expression: 'process.memoryUsage()', returnByValue: true })
      const { heapUsed = 0, external = 0, rss = 0 } = result?.result?.value ?? {}
      return { heap: heapUsed, external, resident: rss }
    },
    close: () => socket.close(),
  }
}

interface Reply {
  readonly id?: number
  readonly error?: { readonly message: string }
  readonly result?: { readonly result?: { readonly value?: Readonly<Record<string, number>> } }
}

/** The process goes on to write there, to whom nobody may close. */
function addressOf({ stderr }: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let said = ''
  stderr?.on('data', part => {
    said += String(part)
    const [address] = /ws:\/\/\S+/.exec(said) ?? []
    if (address) resolve(address)
  })
  return promise
}
