/** The steps of an iteration with a GradScaler, side by side, with the lines that take them. */
import { colors, short, svg, text } from './svg.ts'

export interface ProtocolStep {
  /** `scale`, `unscale_`, … */
  readonly name: string
  /** Where the script takes it, in words: `line 12`; what is said of one that it does not take. */
  readonly note: string
  readonly state: 'taken' | 'unused' | 'wrong'
}

/** Six steps fit into the 500 pixels of a hover. */
const box = { width: 68, height: 40, gap: 11, margin: 10 }

export function drawProtocol(title: string, steps: readonly ProtocolStep[]): string {
  const width = 2 * box.margin + steps.length * box.width + (steps.length - 1) * box.gap
  const left = (index: number) => box.margin + index * (box.width + box.gap)
  const top = 14
  return svg(
    width,
    top + box.height + 16,
    title,
    steps.flatMap((step, index) => [
      ...(index > 0 ? [arrow(left(index) - box.gap, top + box.height / 2)] : []),
      drawStep(step, left(index), top),
    ]),
  )
}

const styles = {
  taken: { stroke: colors.line, fill: '#ddf4ff', text: colors.text, dash: '' },
  unused: { stroke: colors.grid, fill: colors.card, text: colors.faint, dash: ' stroke-dasharray="4 3"' },
  wrong: {
    stroke: colors.wrong,
    fill: '#ffebe9',
    text: colors.wrong,
    dash: ' stroke-dasharray="4 3" stroke-width="1.6"',
  },
} as const

function drawStep({ name, note, state }: ProtocolStep, x: number, y: number): string {
  const style = styles[state]
  const middle = x + box.width / 2
  return [
    `<rect x="${short(x)}" y="${y}" width="${box.width}" height="${box.height}" rx="5"`,
    ` fill="${style.fill}" stroke="${style.stroke}"${style.dash}/>`,
    text(middle, y + 17, name, { anchor: 'middle', fill: style.text, bold: true }),
    text(middle, y + 32, note, { anchor: 'middle', fill: state === 'wrong' ? colors.wrong : colors.faint }),
  ].join('')
}

function arrow(x: number, y: number): string {
  const end = x + box.gap - 3
  return `<path d="M${short(x + 3)} ${y}H${short(end)}m-4 -3l4 3l-4 3" fill="none" stroke="${colors.faint}"/>`
}
