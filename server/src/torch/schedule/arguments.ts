/** What a scheduler's constructor is given, read as it asks for it. */

import type { Scheduler } from './group.ts'
import { PythonError, type PythonValue, toNumber, unknown } from './python.ts'

export interface Arguments {
  /** As written, or the default. */
  value(name: string): PythonValue
  /** Of one value for each parameter group, the first. */
  number(name: string): number
  list(name: string): readonly PythonValue[]
  /** A factor of the epoch; of one for each parameter group, the first. */
  function(name: string): (epoch: number) => number
  /** The schedulers of a list, made in the order of the text. */
  schedulers(name: string): readonly Scheduler[]
}

export function createArguments(
  className: string,
  value: (name: string) => PythonValue,
  schedulers: (name: string) => readonly Scheduler[],
): Arguments {
  const first = (name: string): PythonValue => {
    const given = value(name)
    return Array.isArray(given) ? (given[0] ?? unknown()) : given
  }
  return {
    value,
    schedulers,
    number: name => toNumber(first(name)),
    list(name) {
      const given = value(name)
      if (Array.isArray(given)) return given
      if (isNumber(given)) throw new PythonError('TypeError', `'${typeName(given)}' object is not iterable`)
      return unknown()
    },
    function(name) {
      const given = first(name)
      if (typeof given === 'function') return epoch => toNumber(given(BigInt(epoch)))
      if (!isNumber(given)) return unknown()
      const isChecked = className === 'MultiplicativeLR'
      const text = isChecked
        ? `${name} should be a function, but got ${typeName(given)}`
        : `'${typeName(given)}' object is not callable`
      throw new PythonError('TypeError', text)
    },
  }
}

const isNumber = (value: PythonValue): value is bigint | number =>
  typeof value === 'bigint' || typeof value === 'number'

const typeName = (value: bigint | number): string => (typeof value === 'bigint' ? 'int' : 'float')
