/**
 * The PyTorch version that a project is meant for, read from its files; nothing is run.
 *
 * Invariants of the layer: it knows no host, which hands in how files are read; what cannot be read says nothing; and
 * where the files leave the version open, it is left open.
 */

/** What a host knows of the files of a project. Paths have slashes on every platform. */
export interface ProjectFiles {
  /** Undefined if there is none, or none that can be read. */
  read(path: string): string | undefined
  /** The names in a folder; none if there is no such folder. */
  names(folder: string): readonly string[]
}
