import type { Status } from './status.ts'

export interface Used {
  /** Of TorchLint. */
  readonly version: string
  readonly editor: string
  readonly host: string
  /** The display language. */
  readonly language: string
  /** For the file that the user works on. */
  readonly status: Status | null
}

/** The text of a new issue, with the versions filled in; of the user's project, only names of well-known files. */
export function issueBody(headings: readonly [string, string, string], used: Used): string {
  const [what, script, environment] = headings
  const list = linesOf(used).map(line => `- ${line}`)
  const code = '```python\n\n```'
  return `### ${what}\n\n\n\n### ${script}\n\n${code}\n\n### ${environment}\n\n${list.join('\n')}\n`
}

function linesOf({ version, editor, host, language, status }: Used): readonly string[] {
  const versions = [`TorchLint ${version}${status ? `, ${status.parser}` : ''}`, `${editor}, ${language}`, host]
  if (!status) return versions
  const { torch, configuration } = status
  const from = torch.from === 'setting' ? 'torchlint.torchVersion' : torch.file && nameOf(torch.file)
  const pytorch = `PyTorch ${torch.version}${from ? ` (${from})` : ''}`
  return [...versions, pytorch, ...(configuration ? [nameOf(configuration)] : [])]
}

/** Folders may tell who the user is, or what they work on; that of an installed package tells its version. */
function nameOf(uri: string): string {
  const [name = ''] = /[^/]*\.dist-info\/METADATA$|[^/]*$/.exec(decodeURIComponent(uri)) ?? []
  return name
}
