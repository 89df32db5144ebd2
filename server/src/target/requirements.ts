/** Requirements for PyTorch in the notations of Python's tools; each gives the version, `any`, or undefined for none. */
import { newestAllowed, releaseOf } from './releases.ts'

/** `any`: PyTorch is required, in no version that can be told. */
export type Required = { readonly version: string } | 'any'

/** Of several lines, such as one per platform, only what all say. */
export function agreed(all: readonly (Required | undefined)[]): Required | undefined {
  const found = all.filter(each => each !== undefined)
  const versions = new Set(found.map(each => (each === 'any' ? undefined : each.version)))
  const [version] = versions
  if (found.length === 0) return undefined
  return versions.size === 1 && version !== undefined ? { version } : 'any'
}

/** The first that tells a version; else the first that requires PyTorch at all. */
export function firstKnown<Known extends { readonly version: string }>(
  all: readonly (Known | 'any' | undefined)[],
): Known | 'any' | undefined {
  return all.find(each => each !== undefined && each !== 'any') ?? all.find(each => each !== undefined)
}

/** A line of requirements.txt, or a PEP 508 string: `torch[extra]>=2.0,<2.4; python_version < "3.12"  # why`. */
export function fromRequirement(line: string): Required | undefined {
  const [text = ''] = line.split(/\s#|^#/)
  const [, rest] = /^\s*torch\s*(?:\[[^\]]*\])?\s*(?=[\s=<>!~;@(]|$)(.*)$/i.exec(text) ?? []
  if (rest === undefined) return undefined
  const [requirement = ''] = rest.split(';')
  const [, wheel] = /@.*\/torch-([^-]+)-/.exec(requirement) ?? []
  if (requirement.trimStart().startsWith('@')) return required(wheel && releaseOf(decodeURIComponent(wheel)))
  // Options of pip may follow: `--hash=…`, `-f URL`.
  const [specifier = ''] = requirement.replace(/[()]/g, '').split(/\s-/)
  return required(newestAllowed(specifier.replace(/\s+/g, '')))
}

/** `pytorch=2.1.0=py3.10_cuda11.8`, `pytorch::pytorch>=2.1`, of an environment of conda. */
export function fromConda(entry: string): Required | undefined {
  const [, rest] =
    /^(?:[\w/.-]+::)?(?:pytorch|torch|pytorch-gpu|pytorch-cpu)\s*(?:\[[^\]]*\])?\s*(?=[\s=<>!~]|$)(.*)$/i.exec(
      entry.trim(),
    ) ?? []
  if (rest === undefined) return undefined
  const [, exact] = /^={1,2}\s*(\d[\w.*+]*)(?:=.*)?$/.exec(rest.trim()) ?? []
  if (exact !== undefined) return required(releaseOf(exact))
  return required(newestAllowed(rest.replace(/\s+/g, '')))
}

/** `^2.0`, `~2.1.0`, `2.4.*`, `>=2.0,<3`, of Poetry. */
export function fromPoetry(constraint: string): Required {
  const [, caret] = /^\^\s*(\d+)/.exec(constraint.trim()) ?? []
  if (caret !== undefined) return required(newestAllowed(`>=${constraint.trim().slice(1)},<${Number(caret) + 1}`))
  const [, tilde] = /^~(?!=)\s*(\d+\.\d+)/.exec(constraint.trim()) ?? []
  if (tilde !== undefined) return required(releaseOf(tilde))
  const isBare = /^\d/.test(constraint.trim())
  return required(newestAllowed(isBare ? `==${constraint.trim()}` : constraint))
}

function required(version: string | undefined): Required {
  return version === undefined ? 'any' : { version }
}
