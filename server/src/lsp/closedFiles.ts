/** What was found in a file that is not open, as diagnostics of that file. */
import type { Diagnostic } from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Finding, Message, RelatedPlace } from '../analysis.ts'
import type { Checked, CheckedPart } from '../checking/checker.ts'
import { partOf } from '../checking/notebook.ts'
import type { Language } from '../language.ts'
import { diagnosticOf, mostSevereOf, top } from './diagnostics.ts'
import type { ProjectHost } from './targets.ts'

/** A cell has an address of its own only while its notebook is open: until then its findings stand at the file and name it. */
export function diagnosticsOfFile(
  host: ProjectHost,
  path: string,
  { parts }: Checked,
  most: number | undefined,
  language: Language,
): Diagnostic[] {
  const uri = host.uriOf(path)
  const found = parts.flatMap(part => {
    const text = TextDocument.create(uri, 'python', 0, part.text)
    return part.findings.map(finding => ({
      ...located(host, finding, part, text),
      text,
      isInCell: part.cell !== undefined,
    }))
  })
  return mostSevereOf(found, most, language, ({ text, isInCell, ...finding }) => {
    const diagnostic = diagnosticOf(finding, { uri, text }, language)
    return isInCell ? atTop(diagnostic, uri) : diagnostic
  })
}

function located(host: ProjectHost, finding: Finding, { cell }: CheckedPart, text: TextDocument): Finding {
  const related = finding.related.map((place): RelatedPlace => {
    const { file, start, message } = place
    if (!file) return { ...place, message: inCell(message, cell, text, start) }
    const { name, cell: other } = partOf(file.path)
    const otherText = TextDocument.create(name, 'python', 0, file.text)
    return { ...place, message: inCell(message, other, otherText, start), file: { ...file, path: host.uriOf(name) } }
  })
  return { ...finding, message: inCell(finding.message, cell, text, finding.start), related }
}

function inCell(message: Message, cell: number | undefined, text: TextDocument, offset: number): Message {
  if (cell === undefined) return message
  const line = text.positionAt(offset).line + 1
  return {
    en: `Cell ${cell}, line ${line}: ${message.en}`,
    zh: `单元格 ${cell} 第 ${line} 行：${message.zh}`,
  }
}

/** The positions in the cells are none of the file. */
function atTop(diagnostic: Diagnostic, notebook: string): Diagnostic {
  const related = diagnostic.relatedInformation?.map(({ location, message }) => ({
    location: location.uri === notebook ? { uri: notebook, range: top } : location,
    message,
  }))
  return { ...diagnostic, range: top, ...(related && { relatedInformation: related }) }
}
