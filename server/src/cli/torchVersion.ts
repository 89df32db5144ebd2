/** `--torch-version`: the version that scripts are meant for; `auto` reads it from the files of each script's project. */
import type { ProjectFiles } from '../target/files.ts'
import { isRelease, nearestRelease } from '../target/releases.ts'
import { torchVersions } from '../target/torchVersion.ts'
import { type Problem, problem } from './problem.ts'

export function checkVersion(version: string): Problem | undefined {
  if (version === 'auto' || isRelease(version)) return undefined
  const meant = nearestRelease(version)
  return problem(
    `there is no PyTorch ${version}: did you mean ${meant}?`,
    `没有 PyTorch ${version}：您是否想输入 ${meant}？`,
  )
}

export function versionsFor(version: string, files: ProjectFiles): (folder: string) => string | undefined {
  if (version !== 'auto') return () => version
  return torchVersions(files, folder => files.names(folder).includes('.git')).of
}
