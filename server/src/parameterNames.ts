/** Long lists of parameters, short: `layers.0.norm.weight` to `layers.11.norm.weight` are `layers.0–11.norm.weight`. */

/** A list of more names than this is condensed. */
const longest = 8
/** Two names that differ in a number are more often two layers than a row of them. */

const shortestRow = 3

export function condensed(names: readonly string[]): readonly string[] {
  if (names.length <= longest) return names
  const depth = Math.max(...names.map(name => name.split('.').length))
  let parts: readonly Name[] = names.map(name => name.split('.'))
  for (let position = 0; position < depth; position += 1) parts = merged(parts, position)
  return parts.map(part => part.join('.'))
}

type Name = readonly string[]

/** Names that differ in one number alone become one, where their numbers follow one another. */
function merged(names: readonly Name[], position: number): readonly Name[] {
  const rows = new Map<string, Name[][]>()
  for (const name of names) {
    const number = numberAt(name, position)
    if (number === undefined) continue
    const key = name.with(position, '#').join('.')
    const begun = rows.get(key) ?? []
    const row = begun.at(-1)
    const last = row?.at(-1)
    if (row && last && numberAt(last, position) === number - 1) row.push(name)
    else rows.set(key, [...begun, [name]])
  }
  const long = [...rows.values()].flat().filter(row => row.length >= shortestRow)
  const followers = new Set(long.flatMap(row => row.slice(1)))
  const whole = new Map(long.map(row => [row[0], `${row[0]?.[position]}–${row.at(-1)?.[position]}`]))
  return names.flatMap(name => {
    const range = whole.get(name)
    if (followers.has(name)) return []
    return range === undefined ? [name] : [name.with(position, range)]
  })
}

function numberAt(name: Name, position: number): number | undefined {
  const part = name[position]
  return part !== undefined && /^\d+$/.test(part) ? Number(part) : undefined
}
