/** The files of projects, as Node reads them. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ProjectHost } from '../lsp/targets.ts'

export const projectFiles: ProjectHost = {
  read(path) {
    try {
      return statSync(path).size <= maximumSize ? readFileSync(path, 'utf8') : undefined
    } catch {
      return undefined
    }
  },
  names(folder) {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  },
  folderOf(uri) {
    try {
      return dirname(fileURLToPath(uri)).replaceAll(sep, '/')
    } catch {
      // A document that is in no file, or on another machine.
      return undefined
    }
  },
  uriOf: path => pathToFileURL(path).href,
}

/** In bytes. A lock file of a large project has a few million. */
const maximumSize = 2 ** 24
