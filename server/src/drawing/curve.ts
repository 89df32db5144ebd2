/** The curve of a schedule: a learning rate, and a momentum if that moves too, over the epochs or steps of a training. */
import { scaleLinear } from 'd3-scale'
import { colors, short, svg, text } from './svg.ts'

export interface Curve {
  /** What the picture shows, for those who cannot see it. */
  readonly title: string
  /** The value in force at each position, from 0. Not empty. */
  readonly values: readonly number[]
  readonly xLabel: string
  readonly yLabel: string
  /** Positions to mark, such as milestones. */
  readonly marks: readonly number[]
  /** A second curve on an axis of its own. */
  readonly second: { readonly values: readonly number[]; readonly label: string } | undefined
  /** The numbers are not those of the script: the axes show none. */
  readonly symbolic: boolean
}

const size = { width: 440, height: 190 }
const inner = { left: 58, right: 46, top: 22, bottom: 36 }

export function drawCurve(curve: Curve): string {
  const { values, second, symbolic } = curve
  const bottom = size.height - inner.bottom
  const x = scaleLinear([0, Math.max(values.length - 1, 1)], [inner.left, size.width - inner.right])
  // From zero: a learning rate of half the height is half as large.
  const y = valueScale([0, ...values], bottom)
  const ySecond = second && valueScale(second.values, bottom)
  const path = (series: readonly number[], scale: (value: number) => number) =>
    thinned(series).map(([position, value]) => `${short(x(position))},${short(scale(value))}`)
  const polyline = (points: readonly string[], color: string, rest = '') =>
    `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="1.6"${rest}/>`
  return svg(size.width, size.height, curve.title, [
    ...y.ticks(4).map(tick => gridLine(y(tick))),
    ...(symbolic ? [] : y.ticks(4).map(tick => text(inner.left - 6, y(tick) + 4, spell(tick), ticks('end')))),
    ...(symbolic ? [] : positions(values.length).map(tick => text(x(tick), bottom + 15, spell(tick), ticks('middle')))),
    ...curve.marks.filter(mark => mark < values.length).map(mark => markLine(x(mark), bottom)),
    ...(second && ySecond
      ? [
          polyline(path(second.values, ySecond), colors.second, ' stroke-dasharray="4 3"'),
          ...(symbolic
            ? []
            : ySecond.ticks(3).map(tick => text(size.width - inner.right + 6, ySecond(tick) + 4, spell(tick), orange))),
          text(size.width - inner.right, 14, second.label, { anchor: 'end', fill: colors.second }),
        ]
      : []),
    polyline(path(values, y), colors.line),
    text(inner.left, 14, curve.yLabel, { fill: colors.line }),
    text((inner.left + size.width - inner.right) / 2, size.height - 7, curve.xLabel, ticks('middle')),
  ])
}

/** Of thousands of values: too many for the arguments of a call. */
function range(values: readonly number[]): { readonly low: number; readonly high: number } {
  const finite = values.filter(Number.isFinite)
  return {
    low: finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    high: finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  }
}

const orange = { fill: colors.second } as const

function ticks(anchor: 'middle' | 'end') {
  return { anchor, fill: colors.faint } as const
}

function valueScale(values: readonly number[], bottom: number) {
  const { low, high } = range(values)
  return scaleLinear([low, high > low ? high : low + 1], [bottom, inner.top]).nice(4)
}

function positions(length: number): readonly number[] {
  const last = length - 1
  return last < 1 ? [0] : scaleLinear([0, last], [0, 1]).ticks(6).filter(Number.isInteger)
}

function gridLine(y: number): string {
  return `<path d="M${inner.left} ${short(y)}H${size.width - inner.right}" stroke="${colors.grid}" stroke-width=".7"/>`
}

function markLine(x: number, bottom: number): string {
  return `<path d="M${short(x)} ${inner.top}V${bottom}" stroke="${colors.faint}" stroke-width=".8" stroke-dasharray="2 3"/>`
}

/** More points than pixels would only make the picture heavy: of each stretch its lowest and highest value stay. */
function thinned(values: readonly number[]): readonly (readonly [number, number])[] {
  const all = values.map((value, index) => [index, value] as const).filter(([, value]) => Number.isFinite(value))
  const stretch = Math.ceil(all.length / 180)
  if (stretch <= 1) return all
  const kept: (readonly [number, number])[] = []
  for (let start = 0; start < all.length; start += stretch) {
    const part = all.slice(start, start + stretch).sort(([, a], [, b]) => a - b)
    const ends = [part[0], part.at(-1)].filter(point => point !== undefined)
    kept.push(...ends.sort(([a], [b]) => a - b))
  }
  return kept
}

/** As people write a learning rate: `0.1`, `3e-4`, `1500`. */
export function spell(value: number): string {
  const rounded = Number(value.toPrecision(3))
  const plain = String(rounded)
  const size = Math.abs(rounded)
  return size !== 0 && (size < 1e-2 || size >= 1e5) ? rounded.toExponential().replace('e+', 'e') : plain
}

const bars = [...'▁▂▃▄▅▆▇█']

/** The shape in characters, at most `width` of them; the highest value is the full height. */
export function sparkline(values: readonly number[], width = 40): string {
  const finite = values.filter(Number.isFinite)
  const { low, high } = range([0, ...finite])
  const count = Math.min(width, finite.length)
  return Array.from({ length: count }, (_, index) => {
    const value = finite[Math.round((index * (finite.length - 1)) / Math.max(count - 1, 1))] ?? low
    const height = high > low ? (value - low) / (high - low) : 0
    return bars[Math.min(bars.length - 1, Math.floor(height * bars.length))] ?? ''
  }).join('')
}
