/** What the command line itself says, in both languages. */
import type { Finding, Message } from '../analysis.ts'
import { inLanguage, type Language } from '../language.ts'

export const levels: Readonly<Record<Finding['severity'], Message>> = {
  error: { en: 'error', zh: '错误' },
  warning: { en: 'warning', zh: '警告' },
  info: { en: 'info', zh: '信息' },
}

export const words = {
  fix: { en: 'fix', zh: '修复' },
  safeFix: { en: 'safe fix', zh: '安全修复' },
  fixed: { en: 'fixed', zh: '已修复' },
} as const satisfies Readonly<Record<string, Message>>

export type Totals = Record<Finding['severity'] | 'files' | 'fixed' | 'fixable', number>

/** The closing line of a check. */
export function summary(totals: Totals, language: Language): string {
  if (totals.files === 0) return inLanguage({ en: 'No Python files found', zh: '没有找到 Python 文件' }, language)
  return inLanguage({ en: englishSummary(totals), zh: chineseSummary(totals) }, language)
}

/** Behind the title of a rule. */
export function safeFixes(fixable: number): Message {
  return { en: ` (${words.safeFix.en}: ${fixable})`, zh: `（${words.safeFix.zh}：${fixable}）` }
}

export function statisticsTotal(findings: number): Message {
  return { en: count(findings, 'finding'), zh: `共 ${findings} 个问题` }
}

export function baselineGone(findings: number): Message {
  return {
    en: `${count(findings, 'finding')} of the baseline ${findings === 1 ? 'is' : 'are'} gone: --update-baseline forgets ${findings === 1 ? 'it' : 'them'}`,
    zh: `基线中有 ${findings} 个问题已不存在：用 --update-baseline 更新`,
  }
}

export function baselineWritten(findings: number): Message {
  return { en: `${count(findings, 'finding')} in the baseline now`, zh: `基线现有 ${findings} 个问题` }
}

/** While many files are checked. */
export function progress(done: number, all: number): Message {
  return { en: `Checked ${done} of ${all}`, zh: `已检查 ${done} / ${all}` }
}

function englishSummary({ error, warning, info, files, fixed, fixable }: Totals): string {
  const found = `${count(error, 'error')}, ${count(warning, 'warning')}, ${count(info, 'info')} in ${count(files, 'file')}`
  return [
    found,
    ...(fixed > 0 ? [`${fixed} fixed`] : []),
    ...(fixable > 0 ? [`${fixable} with a safe fix: torchlint check --fix`] : []),
  ].join('; ')
}

function chineseSummary({ error, warning, info, files, fixed, fixable }: Totals): string {
  return [
    `${files} 个文件：${error} 个错误，${warning} 个警告，${info} 条信息`,
    ...(fixed > 0 ? [`已修复 ${fixed} 处`] : []),
    ...(fixable > 0 ? [`${fixable} 处可安全修复：torchlint check --fix`] : []),
  ].join('；')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
