/** What counts for the files that are checked; a mistake in a configuration file is said once, where it stands. */
import { relative } from 'node:path'
import type { Message } from '../analysis.ts'
import { withSlashes } from '../checking/workspace.ts'
import type { ConfigurationFile } from '../settings/files.ts'
import type { Options } from '../settings/options.ts'
import { type FileSettings, projectSettings } from '../settings/project.ts'
import { lineAt, lineStarts } from '../syntax/lines.ts'
import type { ProjectFiles } from '../target/files.ts'

export interface Configuration {
  /** A folder's path ends in a slash. */
  of(path: string): FileSettings
  /** Has a configuration file said something that makes no sense? */
  hasMistakes(): boolean
}

export function readConfiguration(
  options: Options,
  host: ProjectFiles,
  workingDirectory: string,
  complain: (place: string, message: Message) => void,
): Configuration {
  const project = projectSettings(host, folder => host.names(folder).includes('.git'))
  const user = [{ options, folder: withSlashes(workingDirectory), origin: commandLine }]
  const seen = new Set<ConfigurationFile>()
  let hasMistakes = false

  const look = (file: ConfigurationFile): void => {
    const starts = lineStarts(file.text)
    for (const { at, message } of file.mistakes) {
      const line = lineAt(starts, at.start)
      const name = withSlashes(relative(workingDirectory, file.path))
      complain(`${name}:${line + 1}:${at.start - (starts[line] ?? 0) + 1}`, message)
      hasMistakes = true
    }
  }
  return {
    of(path) {
      const found = project.of(withSlashes(path), user)
      if (found.file && !seen.has(found.file)) {
        seen.add(found.file)
        look(found.file)
      }
      return found
    },
    hasMistakes: () => hasMistakes,
  }
}

/** The origin of what the options say. */
export const commandLine = 'command line'
