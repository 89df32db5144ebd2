import assert from 'node:assert/strict'

/** Checks each of many, and names all that fail, not the first one only. */
export function every<Item>(items: Iterable<Item>, check: (item: Item) => void): void {
  const failures: string[] = []
  for (const item of items) {
    try {
      check(item)
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  assert.deepEqual(failures, [])
}
