import { type Analysis, createAnalyzer, type Finding, type Settings } from '../../server/src/analysis.ts'
import { grammar } from './parser.ts'

/** The analyzer of the product, for any test. */
export const analyzer = await createAnalyzer(grammar)

export function analyze(text: string, settings: Settings = {}): Analysis {
  const document = analyzer.open(text)
  try {
    return document.analyze(settings)
  } finally {
    document.dispose()
  }
}

export function findings(text: string, settings: Settings = {}): readonly Finding[] {
  return analyze(text, settings).findings
}
