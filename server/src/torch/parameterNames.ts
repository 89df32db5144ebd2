/** Long lists of parameters, short: `layers.0.norm.weight` to `layers.11.norm.weight` are `layers.0–11.norm.weight`. */

/** A list of more names than this is condensed. */
const longest = 12

export function condensed(names: readonly string[]): readonly string[] {
  if (names.length <= longest) return names
  const depth = Math.max(...names.map(name => name.split('.').length))
  let parts = names.map(name => name.split('.'))
  for (let position = 0; position < depth; position += 1) parts = merged(parts, position)
  return parts.map(part => part.join('.'))
}

/** Names that differ in one number alone become one, where their numbers follow one another. */
function merged(names: readonly (readonly string[])[], position: number): string[][] {
  const runs = new Map<string, { readonly name: readonly string[]; readonly numbers: number[] }[]>()
  const order: { readonly name: readonly string[]; readonly numbers: number[] }[] = []
  for (const name of names) {
    const part = name[position]
    const number = part !== undefined && /^\d+$/.test(part) ? Number(part) : undefined
    const key = number === undefined ? name.join('.') : name.with(position, '#').join('.')
    const known = runs.get(key) ?? []
    runs.set(key, known)
    const run = known.at(-1)
    if (run && number !== undefined && run.numbers.at(-1) === number - 1) run.numbers.push(number)
    else {
      const begun = { name, numbers: number === undefined ? [] : [number] }
      known.push(begun)
      order.push(begun)
    }
  }
  return order.map(({ name, numbers: [first, ...others] }) =>
    others.length === 0 ? [...name] : name.with(position, `${first}–${others.at(-1)}`),
  )
}
