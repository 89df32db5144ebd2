/**
 * `torchlint check` of a whole tree, with one thread and with two, beside ruff where that is installed. The tree is the
 * folder that the variable TORCHLINT_BENCH_TREE names, and nothing of it is kept.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { discoverAll } from '../server/src/checking/discovery.ts'
import { isProblem } from '../server/src/checking/problem.ts'

const command = join(import.meta.dirname, '../server/dist/cli.js')

export async function treeReport(tree: string): Promise<readonly string[]> {
  const found = await discoverAll([tree], tree)
  const files = found.filter(one => !isProblem(one) && one.path.endsWith('.py'))
  const lines = files.reduce((sum, { path }) => sum + readFileSync(path, 'latin1').split('\n').length - 1, 0)
  const check = ['check', tree, '--statistics', '--jobs']
  return [
    `${files.length} files, ${lines} lines:`,
    report('torchlint, 1 thread', lines, process.execPath, [command, ...check, '1']),
    report('torchlint, 2 threads', lines, process.execPath, [command, ...check, '2']),
    report('ruff', lines, 'ruff', ['check', tree, '--no-cache', '--isolated', '--statistics', '--exit-zero']),
  ]
}

/** GNU time knows the most memory that a program had at once. */
const time = '/usr/bin/time'

function report(name: string, lines: number, program: string, args: readonly string[]): string {
  const isMeasured = existsSync(time)
  const start = performance.now()
  const { error, status, stderr } = isMeasured
    ? spawnSync(time, ['-f', '%U %M', program, ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    : spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  const seconds = (performance.now() - start) / 1000
  if (error || status === 127) return `${name}: not installed`
  const speed = `${seconds.toFixed(1)} s, ${Math.round(lines / seconds)} lines per second`
  const [, processor, memory] = /(\S+) (\d+)\n$/.exec(stderr) ?? []
  if (!isMeasured || memory === undefined) return `${name}: ${speed}`
  return `${name}: ${speed}, ${processor} s of processor time, at most ${Math.round(Number(memory) / 1024)} MB`
}
