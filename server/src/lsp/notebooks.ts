/** The open notebooks. Each of their cells is a document, which is analysed as a part of the notebook's script. */
import type {
  Connection,
  DidChangeNotebookDocumentParams,
  NotebookDocument,
  TextDocumentItem,
} from 'vscode-languageserver'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Analysis, Analyzer, Document, Finding, Settings, TextChange } from '../analysis.ts'
import { type CellMap, changeOf, mapCells } from '../notebook/cells.ts'
import { cellAnalyses, cellFixes, cellScript } from './cells.ts'
import { apply, type Documents, type OpenDocument, pathOf, type UpdateListener } from './documents.ts'
import type { Log } from './log.ts'

/** The cells that a client sends are those of Python. */
export const notebookSelector = [{ notebook: 'jupyter-notebook', cells: [{ language: 'python' }] }]

interface Notebook {
  readonly uri: string
  source: Document
  /** By their URIs, in no order. */
  readonly texts: Map<string, TextDocument>
  /** In order. */
  cells: readonly string[]
  map: CellMap
  documents: ReadonlyMap<string, OpenDocument>
  isSaved: boolean
  /** What the last analysis found in the cells. */
  found: ReadonlyMap<string, FoundInCell>
}

interface FoundInCell {
  readonly version: number
  readonly findings: string
}

/** The cells of all open notebooks, under their own URIs. */
export function openNotebooks(
  connection: Connection,
  analyzer: Analyzer,
  settingsOf: (uri: string) => Settings,
  log: Log,
): Documents {
  const notebooks = new Map<string, Notebook>()
  const updated: UpdateListener[] = []
  const saved: ((document: OpenDocument) => void)[] = []
  const closed: ((uri: string) => void)[] = []
  const forgotten: (() => void)[] = []
  const start = Date.now().toString(36)
  let revisions = 0
  const tellForgotten = () => {
    for (const listener of forgotten) listener()
  }
  const tellClosed = (uris: readonly string[]) => {
    for (const uri of uris) for (const listener of closed) listener(uri)
  }

  /** There is a new version, or a new analysis of the same one. */
  const set = (notebook: Notebook, changes?: ReadonlyMap<string, readonly TextChange[]>) => {
    const revision = `${start}-${revisions++}`
    const analyze = analysesOf(notebook, settingsOf, tellForgotten)
    const { map, cells } = notebook
    const documents = cells.flatMap((uri, cell): readonly OpenDocument[] => {
      const text = notebook.texts.get(uri)
      if (!text) return []
      const fixes: OpenDocument['fixes'] = (isWanted, extent) =>
        cellFixes(map, cells, cell, extent, script => findingsOf(notebook.uri, script).filter(isWanted))
      const { version } = text
      const script = cellScript(map, cells, cell, () => notebook.source.analyze(settingsOf(notebook.uri)))
      const isSaved = () => notebook.isSaved
      return [
        { uri, file: notebook.uri, version, revision, text, isSaved, analyze: () => analyze(cell), script, fixes },
      ]
    })
    notebook.documents = new Map(documents.map(document => [document.uri, document]))
    for (const document of documents)
      for (const listener of updated) listener(document, changes?.get(document.uri) ?? [])
  }
  /** Of cells that the notebook does not have, but would after some fixes. */
  const findingsOf = (uri: string, script: string): readonly Finding[] =>
    analyzer.check(script, pathOf(uri), settingsOf(uri)).findings
  const open = ({ uri, cells }: NotebookDocument, items: readonly TextDocumentItem[]) => {
    notebooks.get(uri)?.source.dispose()
    const texts = new Map(items.map(item => [item.uri, textOf(item)]))
    const order = cells.map(({ document }) => document)
    const map = mapOf(order, texts)
    const source = analyzer.open(map.script, pathOf(uri))
    const notebook = { uri, source, texts, cells: order, map, documents: new Map(), isSaved: true, found: new Map() }
    notebooks.set(uri, notebook)
    set(notebook)
  }

  connection.notebooks.synchronization.onDidOpenNotebookDocument(({ notebookDocument, cellTextDocuments }) =>
    log.guard(undefined, () => open(notebookDocument, cellTextDocuments)),
  )
  connection.notebooks.synchronization.onDidChangeNotebookDocument(({ notebookDocument: { uri }, change }) =>
    log.guard(undefined, () => {
      const notebook = notebooks.get(uri)
      if (!notebook || !change.cells) return
      const changes = edit(notebook, change.cells)
      const { script } = notebook.map
      notebook.map = mapOf(notebook.cells, notebook.texts, notebook.map)
      const followed = log.guard(false, () => {
        notebook.source.change([changeOf(script, notebook.map.script)])
        return true
      })
      if (!followed) {
        notebook.source.dispose()
        notebook.source = analyzer.open(notebook.map.script, pathOf(uri))
      }
      set(notebook, changes)
      tellClosed(change.cells.structure?.didClose?.map(({ uri }) => uri) ?? [])
    }),
  )
  connection.notebooks.synchronization.onDidSaveNotebookDocument(({ notebookDocument: { uri } }) => {
    const notebook = notebooks.get(uri)
    if (!notebook) return
    notebook.isSaved = true
    for (const document of notebook.documents.values()) for (const listener of saved) listener(document)
  })
  connection.notebooks.synchronization.onDidCloseNotebookDocument(({ notebookDocument: { uri } }) => {
    const notebook = notebooks.get(uri)
    if (!notebook) return
    notebook.source.dispose()
    notebooks.delete(uri)
    tellClosed(notebook.cells)
  })

  return {
    get(uri) {
      for (const { documents } of notebooks.values()) if (documents.has(uri)) return documents.get(uri)
      return undefined
    },
    all: () => [...notebooks.values()].flatMap(({ documents }) => [...documents.values()]),
    forget(uris) {
      for (const uri of uris) analyzer.forget(uri)
      const affected = [...notebooks.values()].filter(({ source }) => uris.filter(uri => source.forget(uri)).length > 0)
      for (const notebook of affected) set(notebook)
      if (affected.length > 0) tellForgotten()
    },
    onDidUpdate: listener => updated.push(listener),
    onDidSave: listener => saved.push(listener),
    onDidForget: listener => forgotten.push(listener),
    onDidClose: listener => closed.push(listener),
    renew() {
      for (const notebook of notebooks.values()) set(notebook)
    },
  }
}

/** Texts and cells under one roof. What a text becomes concerns the notebooks that import it. */
export function withNotebooks(texts: Documents, notebooks: Documents): Documents {
  const both = [texts, notebooks]
  texts.onDidUpdate(({ uri }) => notebooks.forget([uri]))
  texts.onDidClose(uri => notebooks.forget([uri]))
  return {
    get: uri => texts.get(uri) ?? notebooks.get(uri),
    all: () => both.flatMap(documents => [...documents.all()]),
    forget(uris) {
      for (const documents of both) documents.forget(uris)
    },
    onDidUpdate(listener) {
      for (const documents of both) documents.onDidUpdate(listener)
    },
    onDidSave(listener) {
      for (const documents of both) documents.onDidSave(listener)
    },
    onDidForget(listener) {
      for (const documents of both) documents.onDidForget(listener)
    },
    onDidClose(listener) {
      for (const documents of both) documents.onDidClose(listener)
    },
    renew() {
      for (const documents of both) documents.renew()
    },
  }
}

/** How each text has changed. */
function edit(
  notebook: Notebook,
  { structure, textContent = [] }: NonNullable<DidChangeNotebookDocumentParams['change']['cells']>,
): ReadonlyMap<string, readonly TextChange[]> {
  notebook.isSaved = false
  if (structure) {
    const { start, deleteCount, cells = [] } = structure.array
    notebook.cells = notebook.cells.toSpliced(start, deleteCount, ...cells.map(({ document }) => document))
    for (const item of structure.didOpen ?? []) notebook.texts.set(item.uri, textOf(item))
    for (const { uri } of structure.didClose ?? []) notebook.texts.delete(uri)
  }
  const changed = textContent.flatMap(({ document: { uri, version }, changes }) => {
    const text = notebook.texts.get(uri)
    return text ? [[uri, changes.map(change => apply(text, change, version))] as const] : []
  })
  return new Map(changed)
}

function textOf({ uri, languageId, version, text }: TextDocumentItem): TextDocument {
  return TextDocument.create(uri, languageId, version, text)
}

function mapOf(cells: readonly string[], texts: ReadonlyMap<string, TextDocument>, previous?: CellMap): CellMap {
  return mapCells(
    cells.map(uri => texts.get(uri)?.getText() ?? ''),
    previous,
  )
}

/** One version's analyses, by cells. `onFar`: an edit of one cell has changed what is found in others. */
function analysesOf(
  notebook: Notebook,
  settingsOf: (uri: string) => Settings,
  onFar: () => void,
): (cell: number) => Analysis {
  const { uri, source, map, cells, texts } = notebook
  let whole: Analysis | undefined
  let inCell: (cell: number) => Analysis = () => source.analyze(settingsOf(uri))
  return cell => {
    const analysis = source.analyze(settingsOf(uri))
    if (whole !== analysis) {
      whole = analysis
      inCell = cellAnalyses(map, cells, analysis)
      const before = notebook.found
      const after = cells.map((uri, cell): [string, FoundInCell] => [
        uri,
        { version: texts.get(uri)?.version ?? 0, findings: written(inCell(cell).findings) },
      ])
      notebook.found = new Map(after)
      const isFar = ([uri, { version, findings }]: [string, FoundInCell]) =>
        before.get(uri)?.version === version && before.get(uri)?.findings !== findings
      if (after.some(isFar)) onFar()
    }
    return inCell(cell)
  }
}

/** What a client shows of them, which the texts of other cells are not a part of. */
function written(findings: readonly Finding[]): string {
  return JSON.stringify(findings, (name, value: unknown) => (name === 'text' && typeof value === 'string' ? 0 : value))
}
