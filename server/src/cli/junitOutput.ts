/** `--format junit`: a suite per file and a failure per finding, for systems that show the results of tests. */

import { cellName } from '../checking/notebook.ts'
import { inLanguage, type Language } from '../language.ts'
import type { CheckedFile, Output } from './check.ts'
import { regionsIn } from './positions.ts'
import type { Terminal } from './terminal.ts'

export function junitOutput(terminal: Terminal, language: Language): Output {
  const suites: string[] = []
  let tests = 0
  let failures = 0
  return {
    file(file) {
      const cases = file.findings.length > 0 ? failedCases(file, language) : [`<testcase${attributes(passed(file))}/>`]
      const counts = {
        name: cellName(file.name, file.cell),
        tests: cases.length,
        failures: file.findings.length,
        errors: 0,
      }
      suites.push(`  <testsuite${attributes(counts)}>`, ...cases.map(one => `    ${one}`), '  </testsuite>')
      tests += cases.length
      failures += file.findings.length
    },
    end() {
      const head = `<testsuites${attributes({ name: 'TorchLint', tests, failures, errors: 0 })}>`
      terminal.print(`${['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, '</testsuites>'].join('\n')}\n`)
    },
  }
}

function passed({ name }: CheckedFile): Attributes {
  return { name: 'torchlint', classname: name, file: name }
}

function failedCases({ name, cell, text, findings }: CheckedFile, language: Language): readonly string[] {
  const regionOf = regionsIn(text)
  return findings.map(finding => {
    const { startLine, startColumn } = regionOf(finding)
    const message = inLanguage(finding.message, language)
    const place = `${cellName(name, cell)}:${startLine}:${startColumn}`
    const failure = `<failure${attributes({ message, type: finding.severity })}>${inXml(`${place}: ${message}`)}</failure>`
    return `<testcase${attributes({ name: finding.rule, classname: name, file: name, line: startLine })}>${failure}</testcase>`
  })
}

type Attributes = Readonly<Record<string, string | number>>

function attributes(values: Attributes): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${inXml(String(value))}"`)
    .join('')
}

/** XML has no way to write most control characters. */
function inXml(text: string): string {
  return text.replace(forbidden, '\ufffd').replace(/[&<>"\n]/g, character => entities[character] ?? character)
}

const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
}
