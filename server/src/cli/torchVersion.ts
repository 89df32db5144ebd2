/** `--torch-version`: the version that scripts are meant for; `auto` reads it from the files of each script's project. */

import type { Problem } from '../checking/problem.ts'
import { versionMistake } from '../settings/names.ts'

export function checkVersion(version: string): Problem | undefined {
  const mistake = versionMistake(version)
  return mistake && { problem: mistake.message }
}
