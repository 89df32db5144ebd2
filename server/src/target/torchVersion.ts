import type { ProjectFiles } from './files.ts'
import { firstKnown } from './requirements.ts'
import { sources, type TorchVersion } from './sources.ts'

/** Finds the version for the files of a folder. */
export interface TorchVersions {
  /** Undefined: nothing says, and the current release is meant. */
  of(folder: string): TorchVersion | undefined
  /** Reads everything anew when asked again. */
  forget(): void
}

/**
 * Reads the files of a folder and, where they do not mention PyTorch, of the folders above it, up to the one that is under
 * version control or one of the given roots.
 */
export function torchVersions(files: ProjectFiles, isRoot: (folder: string) => boolean): TorchVersions {
  const known = new Map<string, { readonly version: TorchVersion | undefined }>()

  const find = (folder: string): TorchVersion | undefined => {
    const found = firstKnown(sources.map(source => source(files, folder)))
    if (found) return found === 'any' ? undefined : found
    const outer = folder.slice(0, folder.lastIndexOf('/'))
    return outer === folder || outer === '' || isRoot(folder) ? undefined : of(outer)
  }
  const of = (folder: string): TorchVersion | undefined => {
    const answer = known.get(folder) ?? { version: find(folder) }
    known.set(folder, answer)
    return answer.version
  }
  return { of, forget: () => known.clear() }
}
