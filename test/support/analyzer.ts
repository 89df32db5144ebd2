import { type Analysis, createAnalyzer, type Finding, type Settings } from '../../server/src/analysis.ts'
import { grammar } from './parser.ts'

/** The files of a test, by their names: `utils/engine.py`. */
export type Files = ReadonlyMap<string, string>

const written = new Map<string, string>()
let folders = 0

/** The analyzer of the product, for any test. */
export const analyzer = await createAnalyzer(grammar, {
  read: path => written.get(path),
  rootOf: path => path.slice(0, path.indexOf('/', 1)),
})

/** A script may be given a name, and other files beside it. */
export function analyze(text: string, settings: Settings = {}, files?: Files, name = 'main.py'): Analysis {
  const document = analyzer.open(text, files && `${folderWith(files)}/${name}`)
  try {
    return document.analyze(settings)
  } finally {
    document.dispose()
  }
}

export function findings(text: string, settings: Settings = {}): readonly Finding[] {
  return analyze(text, settings).findings
}

/** A folder that nobody has looked into yet. */
function folderWith(files: Files): string {
  const folder = `/${folders++}`
  for (const [name, text] of files) written.set(`${folder}/${name}`, text)
  return folder
}
