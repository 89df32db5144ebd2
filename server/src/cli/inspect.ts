/** `torchlint inspect`: the training script as it was understood. */
import type {
  Analyzer,
  LoopDescription,
  Message,
  OptimizerDescription,
  SchedulerDescription,
  ScriptDescription,
} from '../analysis.ts'
import type { Problem } from '../checking/problem.ts'
import { type Language, titleIn } from '../language.ts'
import { condensed } from '../parameterNames.ts'
import { askAbout } from './scriptFile.ts'
import { type Paint, printable } from './terminal.ts'

export function inspectFile(
  analyzer: Analyzer,
  path: string,
  workingDirectory: string,
  steps: number | undefined,
): Inspected | Problem {
  return askAbout(analyzer, path, workingDirectory, ({ analysis, cells }) => ({
    script: analysis.inspect(steps),
    placeOf: line => cells?.place(line) ?? { line },
  }))
}

export interface Inspected {
  readonly script: ScriptDescription
  /** Where a line of the script stands: in a notebook, in which cell. */
  placeOf(line: number): Place
}

interface Place {
  readonly cell?: number
  readonly line: number
}

/** For programs. */
export function scriptAsJson({ script, placeOf }: Inspected): string {
  const withPlace = (_name: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'line' in value && typeof value.line === 'number'
      ? { ...value, ...placeOf(value.line) }
      : value
  return `${JSON.stringify(script, withPlace, 2)}\n`
}

/** For people: what there is, and in which order things happen. Every row begins with its line, in a notebook behind its cell. */
export function describeScript({ script, placeOf }: Inspected, language: Language, paint: Paint): string {
  const say = (message: Message) => titleIn(message, language)
  const place = (line: number) => Object.values(placeOf(line)).join(':')
  const row = (line: number | null, text: string) =>
    `${paint('blue', (line === null ? '' : place(line)).padStart(5))}  ${printable(text.replace(/\s*\n\s*/g, ' '))}\n`
  const section = (title: Message, rows: readonly string[]) =>
    rows.length === 0 ? '' : `${paint('bold', say(title))}\n${rows.join('')}\n`
  const sections = [
    section(
      words.models,
      script.models.map(model => row(model.line, `${model.name}  ${model.class ?? ''}`.trimEnd())),
    ),
    section(
      words.optimizers,
      script.optimizers.flatMap(optimizer => [
        row(optimizer.line, `${optimizer.name}  ${optimizer.class}`),
        ...optimizer.groups.map(group => row(null, `  ${describeGroup(group, say)}`)),
        ...describeDecay(optimizer, say).map(text => row(null, `  ${text}`)),
      ]),
    ),
    section(
      words.scalers,
      script.scalers.map(scaler => row(scaler.line, scaler.name)),
    ),
    section(
      words.schedulers,
      script.schedulers.flatMap(scheduler => [
        row(scheduler.line, `${scheduler.name}  ${scheduler.expression}`),
        ...describeSchedule(scheduler, say).map(text => row(null, `  ${text}`)),
      ]),
    ),
    section(
      words.loops,
      script.loops.flatMap(loop => [
        row(loop.line, `${say(loopLevels[loop.level])}${say(words.comma)}${say(loopModes[loop.mode])}`),
        ...loop.events.map(({ line, event, text }) => row(line, `  ${event.padEnd(14)} ${text}`)),
      ]),
    ),
  ]
  return sections.join('') || `${say(words.nothing)}\n`
}

function describeGroup(group: OptimizerDescription['groups'][number], say: (message: Message) => string): string {
  const numbers = [
    ...(group.lr === null ? [] : [`${say(words.learningRate)} ${group.lr}`]),
    ...(group.weightDecay === null ? [] : [`${say(words.weightDecay)} ${group.weightDecay}`]),
  ]
  return [group.parameters, ...numbers].join('  ')
}

/** The names of the parameters that decay and of those that do not, and what two groups would make of them. */
function describeDecay({ decay }: OptimizerDescription, say: (message: Message) => string): readonly string[] {
  if (!decay || decay.decayed.length === 0) return []
  const list = (title: Message, names: readonly string[]) =>
    names.length === 0 ? [] : [`${say(title)}  ${condensed(names).join('  ')}`]
  return [
    ...list(words.decayed, decay.decayed),
    ...list(words.notDecayed, decay.notDecayed),
    ...list(words.wouldDecay, decay.split?.decayed ?? []),
    ...list(words.wouldNotDecay, decay.split?.notDecayed ?? []),
  ]
}

/** The learning rate at a few steps, what it rests on, and what goes wrong. */
function describeSchedule(scheduler: SchedulerDescription, say: (message: Message) => string): readonly string[] {
  const { stepped, lrs, assumptions, error } = scheduler
  const last = (lrs?.length ?? 0) - 1
  const shown = [...new Set([0, 0.25, 0.5, 0.75, 1].map(part => Math.round(part * last)))]
  const rates = last < 0 ? [] : shown.map(index => `${index}: ${Number((lrs?.[index] ?? 0).toPrecision(4))}`)
  return [
    ...(stepped ? [say(steppedPer[stepped])] : []),
    ...(rates.length > 0 ? [`${say(words.learningRate)}  ${rates.join('  ')}`] : []),
    ...assumptions.map(({ expression, value }) => `${say(words.assumed)} ${expression} = ${value}`),
    ...(error ? [`${say(words.step)} ${error.step}: ${error.type}: ${error.message}`] : []),
  ]
}

const steppedPer: Readonly<Record<'batch' | 'epoch', Message>> = {
  batch: { en: 'stepped per batch', zh: '每个批次调用一次 step' },
  epoch: { en: 'stepped per epoch', zh: '每个 epoch 调用一次 step' },
}

const words = {
  models: { en: 'Models', zh: '模型' },
  optimizers: { en: 'Optimizers', zh: '优化器' },
  scalers: { en: 'Gradient scalers', zh: '梯度缩放器' },
  schedulers: { en: 'Learning-rate schedulers', zh: '学习率调度器' },
  loops: { en: 'Loops', zh: '循环' },
  learningRate: { en: 'learning rate', zh: '学习率' },
  weightDecay: { en: 'weight decay', zh: '权重衰减' },
  assumed: { en: 'by default', zh: '按默认值' },
  step: { en: 'step', zh: 'step' },
  decayed: { en: 'decayed', zh: '做权重衰减' },
  notDecayed: { en: 'not decayed', zh: '不做权重衰减' },
  wouldDecay: { en: 'decayed after a split by ndim', zh: '按 ndim 分组后仍衰减' },
  wouldNotDecay: { en: 'not decayed after a split by ndim', zh: '按 ndim 分组后不再衰减' },
  comma: { en: ', ', zh: '，' },
  nothing: { en: 'Nothing of a training script was recognised', zh: '没有识别出训练脚本的内容' },
} as const satisfies Readonly<Record<string, Message>>

const loopLevels: Readonly<Record<LoopDescription['level'], Message>> = {
  epoch: { en: 'epoch loop', zh: '轮次（epoch）循环' },
  batch: { en: 'batch loop', zh: '批次循环' },
  other: { en: 'loop', zh: '循环' },
}

const loopModes: Readonly<Record<LoopDescription['mode'], Message>> = {
  training: { en: 'training', zh: '训练' },
  evaluation: { en: 'evaluation', zh: '评估' },
  unknown: { en: 'purpose unknown', zh: '用途未知' },
}
