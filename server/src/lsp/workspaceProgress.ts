/** How far a check of the workspace is, and what has come of it, as every client shows it. */
import { MessageType, ShowMessageNotification, WorkDoneProgressReporter } from 'vscode-languageserver'
import type { Message } from '../analysis.ts'
import { type Language, titleIn } from '../language.ts'
import type { Session } from './session.ts'

/** What the command answers. */
export interface WorkspaceCheck {
  readonly files: number
  readonly checked: number
  readonly problems: number
  readonly isCancelled: boolean
}

export interface Run {
  isCancelled(): boolean
  tell(done: number, all: number, problems: number): void
}

/** `given`: where the client that asked wants to hear of it; else the client is asked for a place. */
export async function startRun(
  { connection, log }: Session,
  language: Language,
  isStopped: () => boolean,
  given?: WorkDoneProgressReporter,
): Promise<{ readonly run: Run; end(): void }> {
  const isGiven = given !== undefined && !WorkDoneProgressReporter.isNullInstance(given)
  const refuse = (error: unknown): undefined => {
    log.error(error)
  }
  const own = isGiven ? undefined : await connection.window.createWorkDoneProgress().catch(refuse)
  const progress = isGiven ? given : own
  const isCancelled = () => isStopped() || own?.token.isCancellationRequested === true
  let told = -1
  progress?.begin(titleIn(texts.title, language), 0, titleIn(texts.discovery, language), true)
  return {
    run: {
      isCancelled,
      tell(done, all, problems) {
        const percentage = Math.floor((done / Math.max(all, 1)) * 100)
        if (percentage === told) return
        told = percentage
        progress?.report(percentage, titleIn(texts.progress(done, all, problems), language))
      },
    },
    end: () => progress?.done(),
  }
}

export async function sayResult(
  { connection, configuration }: Session,
  result: WorkspaceCheck,
  folders: readonly string[],
): Promise<void> {
  const language = await configuration.language()
  const text = folders.length === 0 ? texts.noFolder : result.isCancelled ? texts.cancelled(result) : texts.done(result)
  await connection.sendNotification(ShowMessageNotification.type, {
    type: MessageType.Info,
    message: titleIn(text, language),
  })
}

const texts = {
  title: { en: 'TorchLint: checking the workspace', zh: 'TorchLint：正在检查工作区' },
  discovery: { en: 'looking for files', zh: '正在查找文件' },
  progress: (done: number, all: number, problems: number): Message => ({
    en: `${done} of ${counted(all, 'file')}, ${counted(problems, 'problem')}`,
    zh: `${done}/${all} 个文件，发现 ${problems} 个问题`,
  }),
  done: ({ files, problems }: WorkspaceCheck): Message => ({
    en: `TorchLint checked ${counted(files, 'file')} and found ${counted(problems, 'problem')}.`,
    zh: `TorchLint 检查了 ${files} 个文件，发现 ${problems} 个问题。`,
  }),
  cancelled: ({ files, checked, problems }: WorkspaceCheck): Message => ({
    en: `TorchLint was stopped after ${checked} of ${counted(files, 'file')}: ${counted(problems, 'problem')} so far.`,
    zh: `TorchLint 的检查已取消：已检查 ${checked}/${files} 个文件，目前发现 ${problems} 个问题。`,
  }),
  noFolder: {
    en: 'TorchLint can only check a folder whose files it can read. Open one first.',
    zh: 'TorchLint 只能检查可读取文件的文件夹，请先打开一个文件夹。',
  },
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}
