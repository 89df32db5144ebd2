/**
 * `torchlint check` of a whole tree beside the peers that are installed, in turns, so that what else the machine does
 * meets all of them. The tree is the folder that the variable TORCHLINT_BENCH_TREE names, and nothing of it is kept. Of
 * three rounds, or of TORCHLINT_BENCH_ROUNDS, the quickest counts.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { discoverAll } from '../server/src/checking/discovery.ts'
import { isProblem } from '../server/src/checking/problem.ts'

interface Contender {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  /** Says that it is there, and all that it needs. */
  readonly probe: { readonly args: readonly string[]; readonly output: RegExp }
}

interface Measure {
  readonly seconds: number
  /** Of all its threads and processes; unknown without GNU time. */
  readonly processorSeconds?: number
  /** Of its largest process, in MB; unknown without GNU time. */
  readonly memory?: number
}

/** A table in Markdown. */
export async function treeReport(tree: string): Promise<readonly string[]> {
  const found = await discoverAll([tree], tree)
  const files = found.filter(one => !isProblem(one) && one.path.endsWith('.py'))
  const lines = files.reduce((sum, { path }) => sum + readFileSync(path, 'latin1').split('\n').length - 1, 0)
  const all = contenders(tree)
  const present = all.filter(isInstalled)
  const rounds = Array.from({ length: Number(process.env.TORCHLINT_BENCH_ROUNDS ?? 3) }, () =>
    present.map(contender => measure(contender)),
  )
  const rows = all.map(contender => {
    const index = present.indexOf(contender)
    const best = rounds.map(round => round[index]).reduce(quicker, undefined)
    return `| ${[contender.name, ...(best ? cells(best, lines) : ['not installed', '', '', ''])].join(' | ')} |`
  })
  return [
    `${files.length} files, ${lines} lines`,
    '',
    '| | seconds | processor seconds | lines per second | MB of the largest process |',
    '|---|---|---|---|---|',
    ...rows,
  ]
}

function contenders(tree: string): readonly Contender[] {
  const command = join(import.meta.dirname, '../server/dist/cli.js')
  const torchlint = (jobs: number): Contender => ({
    name: `torchlint, ${jobs} ${jobs === 1 ? 'thread' : 'threads'}`,
    program: process.execPath,
    args: [command, 'check', tree, '--statistics', '--jobs', `${jobs}`],
    probe: { args: [command, '--version'], output: /\d/ },
  })
  const dslinter = ['--load-plugins=dslinter', '--disable=all', `--enable=${dslinterRules}`]
  return [
    torchlint(1),
    torchlint(2),
    {
      name: 'ruff',
      program: 'ruff',
      args: ['check', tree, '--no-cache', '--isolated', '--statistics', '--exit-zero'],
      probe: { args: ['--version'], output: /ruff/ },
    },
    {
      name: 'TorchFix, 2 processes',
      program: 'torchfix',
      args: ['--jobs', '2', tree],
      probe: { args: ['--version'], output: /\d/ },
    },
    {
      name: 'TorchFix in flake8, 2 processes',
      program: 'flake8',
      args: ['--isolated', '--select', 'TOR', '--jobs', '2', tree],
      probe: { args: ['--version'], output: /TorchFix/ },
    },
    {
      name: 'torch-preflight, 2 processes',
      program: 'torch-preflight',
      args: ['check', '--quiet', '--jobs', '2', tree],
      probe: { args: ['--version'], output: /\d/ },
    },
    {
      name: 'dslinter in pylint, 2 processes',
      program: 'pylint',
      args: [...dslinter, '--jobs', '2', '--recursive', 'y', tree],
      probe: { args: ['--load-plugins=dslinter', '--list-msgs-enabled'], output: /forward-pytorch/ },
    },
  ]
}

/** Those that are about PyTorch. */
const dslinterRules = [
  'gradient-clear-pytorch',
  'forward-pytorch',
  'missing-mask-pytorch',
  'hyperparameters-pytorch',
  'dependent-threshold-pytorch',
  'deterministic-pytorch',
  'randomness-control-pytorch',
  'randomness-control-dataloader-pytorch',
].join()

function isInstalled({ program, probe }: Contender): boolean {
  const { error, stdout, stderr } = spawnSync(program, probe.args, { encoding: 'utf8' })
  return !error && probe.output.test(stdout + stderr)
}

/** GNU time knows the processor's seconds and the most memory of a program. */
const time = '/usr/bin/time'

function measure({ program, args }: Contender): Measure {
  const isMeasured = existsSync(time)
  const [measured, ...all] = isMeasured ? [time, '-f', '%U %S %M', program, ...args] : [program, ...args]
  const start = performance.now()
  const { error, stderr } = spawnSync(measured, all, { encoding: 'utf8', maxBuffer: 2 ** 30 })
  if (error) throw error
  const seconds = (performance.now() - start) / 1000
  const [, user, system, kilobytes] = /(\S+) (\S+) (\d+)\n$/.exec(stderr) ?? []
  if (!isMeasured || !kilobytes) return { seconds }
  return { seconds, processorSeconds: Number(user) + Number(system), memory: Number(kilobytes) / 1024 }
}

function quicker(one: Measure | undefined, other: Measure | undefined): Measure | undefined {
  return one && other ? (effort(other) < effort(one) ? other : one) : (one ?? other)
}

/** The processor's seconds depend least on what else the machine does. */
const effort = ({ seconds, processorSeconds }: Measure): number => processorSeconds ?? seconds

function cells({ seconds, processorSeconds, memory }: Measure, lines: number): readonly string[] {
  return [
    seconds.toFixed(1),
    processorSeconds?.toFixed(1) ?? '?',
    Math.round(lines / seconds).toLocaleString('en'),
    memory?.toFixed(0) ?? '?',
  ]
}
