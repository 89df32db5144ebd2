/** The terminal that a command runs in. */
import { stripVTControlCharacters } from 'node:util'
import type { Terminal } from '../cli/terminal.ts'

export function createTerminal(): Terminal {
  const { stdout, stderr } = process
  const isWatched = stderr.isTTY && !process.env.CI
  let shown = ''
  let changed = 0
  const clear = () => {
    if (shown !== '') stderr.write('\r\x1b[K')
    shown = ''
  }
  return {
    colors: wantsColors(),
    print(text) {
      clear()
      stdout.write(text)
    },
    complain(text) {
      clear()
      stderr.write(text)
    },
    ...(isWatched && {
      progress(line) {
        if (performance.now() - changed < interval) return
        changed = performance.now()
        shown = stripVTControlCharacters(line)
        stderr.write(`\r\x1b[K${shown}`)
      },
    }),
  }
}

/** In milliseconds: faster than anybody reads is only slower. */
const interval = 100

/** https://no-color.org and https://force-color.org, else colours are for a terminal. */
function wantsColors(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0'
  return process.stdout.isTTY && process.stdout.hasColors()
}
