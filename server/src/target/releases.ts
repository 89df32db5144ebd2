/** The releases of PyTorch, and what a requirement for one of them comes to. */
import { satisfies, valid } from '@renovatebot/pep440'
import { nearestName } from '../spelling.ts'

/** Every `major.minor`, in order; the last one is what an installation gets today. */
export const releases: readonly string[] = [...upTo(0, 4, 4), ...upTo(1, 0, 13), ...upTo(2, 0, 14)]

/** A version that exists, or may come to exist: `2.4`, `2.4.1`. */
export function isRelease(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (!/^\d+\.\d+(?:\.\d+)?$/.test(version)) return false
  const [lastMajor = 0, lastMinor = 0] = (releases.at(-1) ?? '').split('.').map(Number)
  const isNewer = major === lastMajor ? minor > lastMinor : major === lastMajor + 1
  return isNewer || releases.includes(`${major}.${minor}`)
}

/** What was probably meant by a version that cannot be. */
export function nearestRelease(version: string): string {
  return nearestName(version, ['auto', ...releases]) ?? releases.at(-1) ?? 'auto'
}

/** `2.4` of `2.4.1+cu121`, `v2.4.1`, `2.4.0a0`; undefined for what is no version. */
export function releaseOf(version: string): string | undefined {
  const [, release] = /^v?(\d+\.\d+)/.exec(version.trim()) ?? []
  return release !== undefined && isRelease(release) ? release : undefined
}

/**
 * The newest release that a requirement such as `>=2.0,<2.4` allows, as an installation would choose it. Undefined if that
 * is the newest of all: then nothing ties the project to a version.
 */
export function newestAllowed(requirement: string): string | undefined {
  const specifier = requirement.trim()
  if (specifier === '' || specifier === '*') return undefined
  const pinned = /^={2,3}\s*(\d[^,*]*)$/.exec(specifier)?.[1]
  if (pinned !== undefined) return releaseOf(pinned)
  const newest = releases.findLast(release => patches.some(patch => isAllowed(`${release}.${patch}`, specifier)))
  return newest === releases.at(-1) ? undefined : newest
}

/** A release has a few patches, and a requirement may leave some of them out. */
const patches = [0, 1, 2, 3] as const

function isAllowed(version: string, specifier: string): boolean {
  try {
    return valid(version) !== null && satisfies(version, specifier)
  } catch {
    return false
  }
}

function upTo(major: number, first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${major}.${first + index}`)
}
