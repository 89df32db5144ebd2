/** What keeps a file from being checked or a command from being understood, as the user reads it. */
import type { Message } from '../analysis.ts'

export interface Problem {
  readonly problem: Message
}

export function problem(en: string, zh: string): Problem {
  return { problem: { en, zh } }
}

export function isProblem(value: object): value is Problem {
  return 'problem' in value
}

/** What the operating system says, in the user's words. */
export function problemOf(error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = systemErrors[code]
  if (known) return { problem: known }
  const text = error instanceof Error ? error.message : String(error)
  return problem(text, text)
}

const systemErrors: Readonly<Record<string, Message>> = {
  ENOENT: { en: 'there is no such file or folder', zh: '没有这个文件或文件夹' },
  EACCES: { en: 'permission denied', zh: '没有访问权限' },
  EPERM: { en: 'permission denied', zh: '没有访问权限' },
  ELOOP: { en: 'the links lead in a circle', zh: '链接形成了循环' },
  EISDIR: { en: 'this is a folder, not a file', zh: '这是文件夹，不是文件' },
  ENOTDIR: { en: 'a part of the path is not a folder', zh: '路径中的某一段不是文件夹' },
  ENAMETOOLONG: { en: 'the name is too long', zh: '名称过长' },
  ENOSPC: { en: 'the disk is full', zh: '磁盘已满' },
  EROFS: { en: 'the disk is read-only', zh: '磁盘是只读的' },
  ERR_WORKER_OUT_OF_MEMORY: { en: 'there is not enough memory to analyse it', zh: '内存不足，无法分析' },
  ERR_FS_FILE_TOO_LARGE: { en: 'the file is too large to be read', zh: '文件过大，无法读取' },
  ERR_STRING_TOO_LONG: { en: 'the file is too large to be read', zh: '文件过大，无法读取' },
}
