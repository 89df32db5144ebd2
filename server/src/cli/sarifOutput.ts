/** `--format sarif`: SARIF 2.1.0, which GitHub code scanning and the viewers of editors read. */
import { pathToFileURL } from 'node:url'
import type { Fix, Location, Log, Region, ReportingDescriptor, Result } from 'sarif'
import { explain, type Finding, ruleDescriptions } from '../analysis.ts'
import { cellName, partOf } from '../checking/notebook.ts'
import { inLanguage, type Language, titleIn } from '../language.ts'
import type { CheckedFile, Output } from './check.ts'
import { createFingerprints } from './identity.ts'
import { regionsIn } from './positions.ts'
import type { Terminal } from './terminal.ts'

export interface SarifOptions {
  readonly language: Language
  readonly version: string
  readonly workingDirectory: string
}

export function sarifOutput(terminal: Terminal, options: SarifOptions): Output {
  const results: Result[] = []
  const fingerprints = createFingerprints()
  const rules = new Map<string, number>()
  const indexOf = (rule: string): number => {
    const index = rules.get(rule) ?? rules.size
    rules.set(rule, index)
    return index
  }
  return {
    file: file => void results.push(...resultsOf(file, fingerprints(file), indexOf, options.language)),
    end(isComplete) {
      const log = logOf(results, [...rules.keys()], options, isComplete)
      terminal.print(`${JSON.stringify(log, null, 2)}\n`)
    },
  }
}

function logOf(
  results: Result[],
  rules: readonly string[],
  { language, version, workingDirectory }: SarifOptions,
  isComplete: boolean,
): Log {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'TorchLint',
            version,
            semanticVersion: version,
            informationUri: project,
            language: language === 'zh-cn' ? 'zh-CN' : 'en-US',
            rules: rules.map(rule => descriptorOf(rule, language)),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [root]: { uri: pathToFileURL(`${workingDirectory}/`).href } },
        invocations: [{ executionSuccessful: isComplete }],
        results,
      },
    ],
  }
}

const project = 'https://github.com/torchlint/torchlint'
/** What the paths of files are relative to; the name that GitHub knows for the repository's root. */
const root = '%SRCROOT%'

/** A rule with its page in both languages, the wanted one first: those who read a report need not be those who made it. */
function descriptorOf(id: string, language: Language): ReportingDescriptor {
  const description = ruleDescriptions().find(rule => rule.id === id)
  const page = explain(id)
  if (!description || !page) return { id }
  const pages = language === 'zh-cn' ? [page.zh, page.en] : [page.en, page.zh]
  const help = pages.map(text => text.trimEnd()).join('\n\n---\n\n')
  return {
    id,
    shortDescription: { text: titleIn(description.title, language) },
    fullDescription: { text: inLanguage(description.summary, language) },
    help: { text: help, markdown: help },
    helpUri: `${project}/blob/main/server/src/rules/${id}.md`,
    defaultConfiguration: description.severity === 'off' ? { enabled: false } : { level: levels[description.severity] },
  }
}

const levels = { error: 'error', warning: 'warning', info: 'note' } as const

function resultsOf(
  file: CheckedFile,
  names: readonly string[],
  indexOf: (rule: string) => number,
  language: Language,
): readonly Result[] {
  const regionOf = regionsIn(file.text)
  return file.findings.map((finding, index) => ({
    ruleId: finding.rule,
    ruleIndex: indexOf(finding.rule),
    level: levels[finding.severity],
    message: { text: inLanguage(finding.message, language) },
    locations: [locationOf(cellName(file.name, file.cell), regionOf(finding))],
    partialFingerprints: { 'torchlint/v1': names[index] ?? '' },
    ...(finding.related.length > 0 && { relatedLocations: relatedLocations(file, finding, language) }),
    ...(finding.fix && file.cell === undefined && { fixes: [fixOf(file, finding.fix, language)] }),
  }))
}

function relatedLocations({ name, cell, text }: CheckedFile, { related }: Finding, language: Language): Location[] {
  const regionOf = regionsIn(text)
  return related.map(({ file, message, ...place }, index) => ({
    id: index,
    message: { text: inLanguage(message, language) },
    ...locationOf(file?.path ?? cellName(name, cell), (file ? regionsIn(file.text) : regionOf)(place)),
  }))
}

function fixOf({ name, text }: CheckedFile, fix: NonNullable<Finding['fix']>, language: Language): Fix {
  const regionOf = regionsIn(text)
  const replacements = fix.edits.map(edit => ({ deletedRegion: regionOf(edit), insertedContent: { text: edit.text } }))
  return {
    description: { text: titleIn(fix.title, language) },
    artifactChanges: [{ artifactLocation: artifact(name), replacements }],
    properties: { safe: fix.safe },
  }
}

/** The lines of a cell are none of the notebook's file: only the cell is named. */
function locationOf(place: string, region: Region): Location {
  const { name, cell } = partOf(place)
  return cell === undefined
    ? { physicalLocation: { artifactLocation: artifact(name), region } }
    : {
        physicalLocation: { artifactLocation: artifact(name) },
        logicalLocations: [{ name: `cell ${cell}`, kind: 'cell' }],
      }
}

function artifact(name: string) {
  return { uri: name.split('/').map(encodeURIComponent).join('/'), uriBaseId: root }
}
