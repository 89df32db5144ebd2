/** The injection grammar inside the Python grammar of VS Code: which characters of a line it colours. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import python from '@shikijs/langs/python'
import oniguruma from 'vscode-oniguruma'
import textmate from 'vscode-textmate'

const suppression = textmate.parseRawGrammar(
  readFileSync(new URL('../../syntaxes/torchlint.tmLanguage.json', import.meta.url), 'utf8'),
  'torchlint.tmLanguage.json',
)
const grammar = await loadPython()

suite('suppression comments', () => {
  for (const [line, coloured] of [
    ['# torchlint: ignore', ['directive torchlint', 'separator :', 'directive ignore']],
    ['loss.backward()  # torchlint: ignore', ['directive torchlint', 'separator :', 'directive ignore']],
    ['#torchlint:ignore-file', ['directive torchlint', 'separator :', 'directive ignore-file']],
    ['# TorchLint: Ignore', ['directive TorchLint', 'separator :', 'directive Ignore']],
    [
      'x = 1  # torchlint: ignore[amp/missing-update, backends/*] needed here',
      [
        'directive torchlint',
        'separator :',
        'directive ignore',
        'begin [',
        'rule amp/missing-update',
        'separator ,',
        'rule backends/*',
        'end ]',
      ],
    ],
    [
      '# torchlint: ignore-file[amp]',
      ['directive torchlint', 'separator :', 'directive ignore-file', 'begin [', 'rule amp', 'end ]'],
    ],
    ['x: int = f()  # type: ignore # torchlint: ignore', ['directive torchlint', 'separator :', 'directive ignore']],
    ['# torchlint: ignore[amp/missing-update', ['directive torchlint', 'separator :', 'directive ignore']],
  ] as const)
    test(line, () => assert.deepEqual(tokens(line), coloured))
})

suite('everything else keeps its colours', () => {
  for (const line of [
    '# torchlint',
    '# torchlint: ignored',
    '# torchlint: ignore-files',
    '# see torchlint: ignore',
    'torchlint: ignore = 1',
    'text = "# torchlint: ignore[amp/missing-update]"',
    "'''# torchlint: ignore'''",
  ])
    test(line, () => assert.deepEqual(tokens(line), []))
})

test('the next line is not part of the comment', () => {
  const first = grammar.tokenizeLine('step()  # torchlint: ignore[amp/*]', textmate.INITIAL)
  const second = grammar.tokenizeLine('step()', first.ruleStack)
  assert.deepEqual(
    second.tokens.filter(({ scopes }) => scopes.some(scope => scope.endsWith('.torchlint'))),
    [],
  )
})

/** What the injection coloured: the last word of the scope's kind, and the text. */
function tokens(line: string): readonly string[] {
  return grammar.tokenizeLine(line, textmate.INITIAL).tokens.flatMap(({ startIndex, endIndex, scopes }) => {
    const scope = scopes.findLast(name => name.endsWith('.torchlint'))
    return scope ? [`${scope.split('.').at(-2)} ${line.slice(startIndex, endIndex)}`] : []
  })
}

async function loadPython(): Promise<textmate.IGrammar> {
  const { buffer } = readFileSync(new URL('../../node_modules/vscode-oniguruma/release/onig.wasm', import.meta.url))
  await oniguruma.loadWASM(buffer)
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: patterns => new oniguruma.OnigScanner(patterns),
      createOnigString: text => new oniguruma.OnigString(text),
    }),
    loadGrammar: async scope => {
      if (scope === suppression.scopeName) return suppression
      const found = python.find(({ scopeName }) => scopeName === scope)
      return found ? textmate.parseRawGrammar(JSON.stringify(found), `${scope}.json`) : null
    },
    getInjections: scope => (scope === 'source.python' ? [suppression.scopeName] : undefined),
  })
  const loaded = await registry.loadGrammar('source.python')
  assert.ok(loaded)
  return loaded
}
