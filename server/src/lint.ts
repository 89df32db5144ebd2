/**
 * Runs rules over the model of a script. The engine adds what a rule need not think of: its id, its severity, its texts
 * with their values, order, suppression comments, silence on broken statements, and what to do when a rule fails.
 */
import { isSelected, levelOf, matchesAny, type Settings } from './config.ts'
import type { Edit, Found, Message, Range, Rule, Severity } from './rules/rule.ts'
import type { Model } from './semantic/model.ts'
import { statementAt, statementOf, statementsIn } from './statement.ts'
import { type Suppressions, suppressions, type Unused } from './suppression.ts'
import type * as ast from './syntax/ast.ts'
import { lineAt, lineStarts } from './syntax/lines.ts'
import { ampRules } from './torch/amp/protocol.ts'
import { ampUnexplored } from './torch/amp.ts'

export interface Finding extends Range {
  /** `family/problem`, or `unused-suppression`. */
  readonly rule: string
  readonly severity: Exclude<Severity, 'off'>
  readonly message: Message
  /** In the order in which they run. */
  readonly related: readonly RelatedPlace[]
  readonly fix: Fix | undefined
  readonly tags: readonly ('deprecated' | 'unnecessary')[]
}

export interface RelatedPlace extends Range {
  readonly message: Message
  /** The file that the place is in, if it is another one. */
  readonly file?: OtherFile
}

export interface OtherFile {
  readonly path: string
  readonly text: string
}

export interface Fix {
  readonly title: Message
  /** May run unattended. */
  readonly safe: boolean
  /** In source order, without overlap. */
  readonly edits: readonly Edit[]
  /** What belongs to it in other texts, such as the other cells of a notebook. */
  readonly others?: readonly { readonly path: string; readonly edits: readonly Edit[] }[]
}

export interface Notice {
  readonly kind: 'too-large' | 'rule-failed' | 'analysis-gave-up'
  readonly message: Message
}

export interface Report {
  /** In source order. */
  readonly findings: readonly Finding[]
  readonly notices: readonly Notice[]
}

/** Where the files are that a script imports. */
type PathOf = (module: ast.Module) => string | undefined

export function lint(
  model: Model,
  rules: ReadonlyMap<string, Rule>,
  settings: Settings,
  pathOf: PathOf = () => undefined,
): Report {
  const placeOf = placesIn(model, pathOf)
  const environment = { torchVersion: settings.torchVersion }
  const comments = suppressions(model)
  const findings = new Map<string, Finding>()
  const notices: Notice[] = []
  for (const [id, rule] of rules) {
    if (!isSelected(id, rule.severity, settings)) continue
    try {
      const found = [...rule.check(model, environment)].filter(({ at }) => isReported(model, id, at, comments))
      for (const finding of found.map(one => finish(id, rule, one, placeOf, settings)))
        findings.set(`${id} ${finding.start} ${finding.end} ${finding.message.en}`, finding)
    } catch (error) {
      notices.push(ruleFailed(id, error))
    }
  }
  for (const [index, finding] of unusedSuppressions(model, rules, settings, comments, notices).entries())
    findings.set(`unused ${index}`, finding)
  const protocol = ampRules.filter(id => isSelected(id, rules.get(id)?.severity ?? 'off', settings))
  if (protocol.length > 0) notices.push(...ampUnexplored(model).map(root => tooManyPaths(model, root)))
  return { findings: [...findings.values()].sort((a, b) => a.start - b.start || a.end - b.end), notices }
}

/** Only where all that could have been suppressed has been looked for. */
function unusedSuppressions(
  model: Model,
  rules: ReadonlyMap<string, Rule>,
  settings: Settings,
  comments: Suppressions,
  notices: readonly Notice[],
): readonly Finding[] {
  const severity = settings.unusedSuppressions ?? 'off'
  if (severity === 'off' || notices.length > 0 || model.module.body.some(({ broken }) => broken)) return []
  const isRun = (pattern = '*') =>
    [...rules]
      .filter(([id, rule]) => matchesAny(id, [pattern]) && (rule.severity !== 'off' || id === pattern))
      .every(([id, rule]) => isSelected(id, rule.severity, settings))
  return comments.unused().flatMap(unused => (isRun(unused.pattern) ? [unusedSuppression(unused, severity)] : []))
}

function unusedSuppression({ start, end, pattern, edit }: Unused, severity: Finding['severity']): Finding {
  return {
    rule: 'unused-suppression',
    start,
    end,
    severity,
    message:
      pattern === undefined
        ? { en: 'This comment suppresses nothing', zh: '这条注释没有忽略任何问题' }
        : { en: `\`${pattern}\` suppresses nothing here`, zh: `\`${pattern}\` 在这里没有忽略任何问题` },
    related: [],
    fix: { title: { en: 'Remove the unused suppression', zh: '删除不起作用的忽略注释' }, safe: true, edits: [edit] },
    tags: ['unnecessary'],
  }
}

function finish(
  id: string,
  rule: Rule,
  found: Found<Record<string, Message>>,
  placeOf: PlaceOf,
  settings: Settings,
): Finding {
  const severity = levelOf(id, settings) ?? found.severity ?? rule.severity
  return {
    rule: id,
    start: found.at.start,
    end: found.at.end,
    // A rule that is off by default was asked for by name: it gives advice.
    severity: severity === 'off' ? 'info' : severity,
    message: fill(rule, found),
    related: relatedPlaces(rule, found, placeOf),
    fix: found.fix?.edits.every(edit => placeOf(edit)?.file === undefined)
      ? { title: fill(rule, found.fix), safe: found.fix.safe, edits: disjoint(found.fix.edits) }
      : undefined,
    tags: rule.tags ?? [],
  }
}

/** A loop may pass a place twice: what would be read twice is said once. */
function relatedPlaces(
  rule: Rule,
  { related = [] }: Found<Record<string, Message>>,
  placeOf: PlaceOf,
): readonly RelatedPlace[] {
  const places = new Map<string, RelatedPlace>()
  for (const one of related) {
    const place = placeOf(one.at)
    const message = fill(rule, one)
    if (place) places.set(`${one.at.start} ${one.at.end} ${message.en}`, { ...place, message })
  }
  return [...places.values()]
}

/** Where a node stands, as the host knows it; undefined for one of a file without a path. */
type PlaceOf = (range: Range) => Omit<RelatedPlace, 'message'> | undefined

function placesIn(model: Model, pathOf: PathOf): PlaceOf {
  return ({ start, end }) => {
    const module = model.moduleOf({ start })
    if (module === model.module) return { start, end }
    const path = pathOf(module)
    if (path === undefined) return undefined
    return { start: start - module.start, end: end - module.start, file: { path, text: module.text } }
  }
}

/** Positions of other files lie beyond the text (syntax/relocate.ts): nothing is reported or changed there. */
function isOwn(model: Model, { end }: Range): boolean {
  return end <= model.text.length
}

function fill(rule: Rule, text: { readonly message: string }): Message {
  const message = rule.messages[text.message]
  if (!message) throw new Error(`there is no message ${text.message}`)
  const values = new Map<string, unknown>(Object.entries(text))
  const put = (template: string) => template.replace(/\{(\w+)\}/g, (whole, name) => String(values.get(name) ?? whole))
  return { en: put(message.en), zh: put(message.zh) }
}

function disjoint(edits: readonly Edit[]): readonly Edit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
  sorted.reduce((end, edit) => {
    if (edit.start < end) throw new Error('the edits of its fix overlap')
    return edit.end
  }, 0)
  return sorted
}

function isReported(model: Model, id: string, at: Range, comments: Suppressions): boolean {
  if (!isOwn(model, at)) return false
  const statement = statementOf(model, at.start)
  return !comments.isSuppressed(id, at, statement) && !(statement && isTorn(model, statement))
}

/** Is the statement itself broken, rather than a statement inside it? */
function isTorn(model: Model, statement: ast.Statement): boolean {
  if (!statement.broken) return false
  const inner = statementsIn(statement)
  return (
    !inner.some(({ broken }) => broken) ||
    model.nodes('ErrorExpression', statement).some(({ start }) => statementAt(inner, start) === undefined)
  )
}

function tooManyPaths(model: Model, root: ast.Module | ast.FunctionLike): Notice {
  const line = root.kind === 'Module' ? 1 : lineAt(lineStarts(model.text), root.start) + 1
  const [en, zh] = root.kind === 'FunctionDef' ? [`\`${root.name}\``, ` \`${root.name}\` `] : ['the code', '代码']
  return {
    kind: 'analysis-gave-up',
    message: {
      en: `Not all paths through ${en} at line ${line} were followed: there are too many for the rules of GradScaler's protocol`,
      zh: `第 ${line} 行的${zh}执行路径过多，没有全部跟踪：GradScaler 流程的规则可能有遗漏`,
    },
  }
}

function ruleFailed(id: string, error: unknown): Notice {
  const reason = error instanceof Error ? error.message : String(error)
  return {
    kind: 'rule-failed',
    message: {
      en: `The rule ${id} failed on this file and was skipped: ${reason}`,
      zh: `规则 ${id} 在此文件上运行失败，已跳过：${reason}`,
    },
  }
}
