/** `--diff`: what the fixes would change, as `git apply` takes it. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import type { Output } from './check.ts'
import { painter, printable, type Style, type Terminal } from './terminal.ts'

export function diffOutput(terminal: Terminal): Output {
  return {
    file: () => {},
    repair(name, before, after) {
      const options = { context: 3, headerOptions: FILE_HEADERS_ONLY }
      const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, options)
      terminal.print(terminal.colors ? painted(patch, terminal) : patch)
    },
    end: () => {},
  }
}

/** Only a terminal gets colours, and no characters that would steer it. */
function painted(patch: string, terminal: Terminal): string {
  const paint = painter(terminal)
  return patch
    .split('\n')
    .map(line => {
      const [, style] = styles.find(([start]) => line.startsWith(start)) ?? []
      return style ? paint(style, printable(line)) : printable(line)
    })
    .join('\n')
}

const styles: readonly (readonly [string, Style])[] = [
  ['--- ', 'bold'],
  ['+++ ', 'bold'],
  ['@@', 'cyan'],
  ['-', 'red'],
  ['+', 'green'],
]
