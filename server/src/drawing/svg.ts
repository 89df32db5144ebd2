/**
 * Pictures as text: SVG for clients that render images, characters for those that do not. Plain data in, a string out; a
 * picture brings its own background and fonts, so that it reads the same in a light and in a dark editor.
 */

/** An SVG picture of a size in pixels, on a card of its own. */
export function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif" font-size="11">`,
    `<title>${escapeText(title)}</title>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="6" fill="${colors.card}" stroke="${colors.grid}"/>`,
    ...parts,
    '</svg>',
  ].join('')
}

/** Readable on the card for people who do not tell red from green as well: what is wrong is dashed or crossed too. */
export const colors = {
  card: '#ffffff',
  text: '#1f2328',
  faint: '#59636e',
  grid: '#d1d9e0',
  line: '#0969da',
  second: '#bc4c00',
  wrong: '#cf222e',
  right: '#1a7f37',
} as const

export interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly fill?: string
  readonly bold?: boolean
  /** Degrees, clockwise, around the text's own position. */
  readonly rotate?: number
}

export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { anchor = 'start', fill = colors.text, bold = false, rotate } = style
  const weight = bold ? ' font-weight="600"' : ''
  const turned = rotate === undefined ? '' : ` transform="rotate(${rotate} ${short(x)} ${short(y)})"`
  const place = `x="${short(x)}" y="${short(y)}" text-anchor="${anchor}"`
  return `<text ${place} fill="${fill}"${weight}${turned}>${escapeText(content)}</text>`
}

/** A coordinate with a tenth of a pixel. */
export function short(coordinate: number): string {
  return String(Math.round(coordinate * 10) / 10)
}

/** The picture as the target of a Markdown image. */
export function dataUri(picture: string): string {
  return `data:image/svg+xml;base64,${base64(picture)}`
}

/** btoa takes characters below 256: the bytes of UTF-8. */
function base64(content: string): string {
  return btoa(Array.from(new TextEncoder().encode(content), byte => String.fromCharCode(byte)).join(''))
}

function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
