/** How much of two texts is the same at their beginnings and, behind that, at their ends. */
export interface Unchanged {
  readonly prefix: number
  readonly suffix: number
}

export function unchanged(before: string, after: string): Unchanged {
  const shorter = Math.min(before.length, after.length)
  const prefix = growWhile(shorter, (from, to) => before.slice(from, to) === after.slice(from, to))
  const suffix = growWhile(shorter - prefix, (from, to) => {
    return (
      before.slice(before.length - to, before.length - from) === after.slice(after.length - to, after.length - from)
    )
  })
  return { prefix, suffix }
}

/** Comparing large parts at once is a hundred times as fast as comparing characters. */
function growWhile(limit: number, isSame: (from: number, to: number) => boolean): number {
  let length = 0
  for (let step = 4096; step >= 1; step /= 8) {
    while (length + step <= limit && isSame(length, length + step)) length += step
  }
  return length
}
