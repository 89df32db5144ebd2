/**
 * Reads the fixture of a rule, `test/rules/<family>/<problem>.md`. Each `##` heading is a case of its own:
 *
 *     ## Clipping reads scaled gradients
 *     Prose says why it must, or must not, be reported. A paragraph `allow: backends/missing-cudnn-benchmark` lets a rule
 *     of level info speak too (below the title: in every case); `torch: 2.1` sets the version the script is meant for.
 *
 *     ```python
 *     clip_grad_norm_(model.parameters(), 1.0)  # expect
 *     optimizer.step()  # expect: amp/optimizer-step-bypasses-scaler
 *     ```
 *
 *     ```diagnostics
 *     12:9-12:49 error amp/clip-before-unscale
 *       en: …
 *       zh: …
 *     ```
 *
 *     ```python fixed
 *     …
 *     ```
 *
 * A block `python engine.py` is a file beside the script, which is `main.py` (`path: tools/main.py` puts it elsewhere).
 *
 * `# expect` marks the line of a finding of the fixture's rule, `# expect: a/b, c/d` those of the rules named; markers are
 * not part of the script. `diagnostics` pins every word of the rule's findings, `python fixed` the script after its fixes.
 */
import { fromMarkdown } from 'mdast-util-from-markdown'

export interface Fixture {
  readonly rule: string
  readonly cases: readonly Case[]
}

export interface Case {
  readonly title: string
  /** The line of the heading, from 1. */
  readonly line: number
  readonly code: string
  /** In source order: `12 amp/missing-update`. */
  readonly expected: readonly string[]
  readonly allowed: readonly string[]
  readonly torchVersion: string | undefined
  /** The files beside the script, if there are any, and the script's own name. */
  readonly files: ReadonlyMap<string, string> | undefined
  readonly path: string
  readonly diagnostics: Block | undefined
  readonly fixed: Block | undefined
}

/** A code block: its text and where that stands in the file. */
export interface Block {
  readonly text: string
  readonly start: number
  readonly end: number
}

export function readFixture(text: string, rule: string): Fixture {
  const sections: Section[] = [{ title: '', line: 1, prose: '', blocks: new Map() }]
  for (const node of fromMarkdown(text).children) {
    const { start, end } = node.position ?? fail('a node without a position', 1)
    const source = text.slice(start.offset, end.offset)
    const section = sections.at(-1) ?? fail('no section', start.line)
    if (node.type === 'heading' && node.depth === 2)
      sections.push({ title: source.replace(/^#+\s*/, ''), line: start.line, prose: '', blocks: new Map() })
    else if (node.type === 'code') {
      const kind = [node.lang, node.meta].filter(Boolean).join(' ')
      if (!/^(?:python|diagnostics|python fixed|python \S+\.py)$/.test(kind))
        fail(`unknown block \`${kind}\``, start.line)
      if (section.blocks.has(kind)) fail(`a second \`${kind}\` block in one case`, start.line)
      section.blocks.set(kind, blockOf(source, start.offset ?? 0))
    } else section.prose += `${source}\n`
  }
  const [head, ...cases] = sections
  return { rule, cases: cases.map(section => readCase(section, rule, head?.prose ?? '')) }
}

interface Section {
  readonly title: string
  readonly line: number
  prose: string
  readonly blocks: Map<string, Block>
}

/** The text between the fences of a code block. */
function blockOf(source: string, offset: number): Block {
  const start = source.indexOf('\n') + 1
  const end = source.lastIndexOf('\n') + 1
  return { text: source.slice(start, end), start: offset + start, end: offset + end }
}

function readCase({ title, line, prose, blocks }: Section, rule: string, head: string): Case {
  const script = blocks.get('python') ?? fail('a case without a `python` block', line)
  const { code, expected } = readMarkers(script.text, rule)
  const files = new Map<string, string>()
  for (const [kind, { text }] of blocks) if (kind.endsWith('.py')) files.set(kind.slice('python '.length), text)
  return {
    title,
    line,
    code,
    expected,
    allowed: [...directives(head, 'allow'), ...directives(prose, 'allow')],
    torchVersion: directives(prose, 'torch')[0],
    files: files.size > 0 ? files : undefined,
    path: directives(prose, 'path')[0] ?? 'main.py',
    diagnostics: blocks.get('diagnostics'),
    fixed: blocks.get('python fixed'),
  }
}

function readMarkers(text: string, rule: string): { readonly code: string; readonly expected: readonly string[] } {
  const expected: string[] = []
  const lines = text.split('\n').map((line, index) => {
    const marker = /\s*# expect(?:: *(.+))?$/.exec(line)
    if (!marker) return line
    for (const id of (marker[1] ?? rule).split(',')) expected.push(`${index + 1} ${id.trim()}`)
    return line.slice(0, marker.index)
  })
  return { code: lines.join('\n'), expected }
}

/** The values of the lines `name: value, value` of a prose. */
function directives(prose: string, name: string): readonly string[] {
  const lines = [...prose.matchAll(new RegExp(`^${name}: *(.+)$`, 'gm'))]
  return lines.flatMap(([, values = '']) => values.split(',').map(value => value.trim()))
}

function fail(problem: string, line: number): never {
  throw new Error(`line ${line}: ${problem}`)
}
