/** Checkpoints that are loaded by a pickle that may run any code. What the file writes itself is trusted. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { isAtLeast } from './deprecations.ts'
import { currentRelease } from './facts/deprecations.ts'

export interface UnsafeLoad {
  readonly call: ast.Call
  /** The `False`; undefined: the version's default. */
  readonly weightsOnly: ast.Expression | undefined
}

/** The version that brought `weights_only`, and the one that made it the default. */
const introduced = '1.13'
const byDefault = '2.6'

export function unsafeLoads(model: Model, torchVersion: string = currentRelease): readonly UnsafeLoad[] {
  if (!isAtLeast(torchVersion, introduced)) return []
  return model.calls(['torch.load']).flatMap(call => {
    const weightsOnly = model.argument(call, 'weights_only')
    const isExplicit = weightsOnly.kind === 'given' && model.constant(weightsOnly.value) === false
    const isImplied = weightsOnly.kind === 'absent' && !isAtLeast(torchVersion, byDefault)
    if ((!isExplicit && !isImplied) || isWrittenHere(model, call) || isRetry(call)) return []
    return [{ call, weightsOnly: weightsOnly.kind === 'given' ? weightsOnly.value : undefined }]
  })
}

/** Does the same file save to what is written the same, or to the buffer that is read, or is it a test of what was saved? */
function isWrittenHere(model: Model, load: ast.Call): boolean {
  const source = model.argument(load, 'f', 0)
  if (source.kind !== 'given' || (isInTest(model, load) && isTemporary(model, source.value, 0))) return true
  const place = model.place(source.value)
  return model.calls(['torch.save']).some(save => {
    const target = model.argument(save, 'f', 1)
    if (target.kind !== 'given') return false
    return textOf(target.value) === textOf(source.value) || (place !== undefined && model.place(target.value) === place)
  })

  function textOf({ start, end }: ast.Node): string {
    return model.text.slice(start, end)
  }
}

function isInTest(model: Model, call: ast.Call): boolean {
  const scope = model.scope(call)
  return scope.kind === 'FunctionDef' && scope.name.startsWith('test')
}

/** A path in a folder of `tempfile`, or of the fixtures of pytest that give one. Elsewhere it may have been downloaded to it. */
function isTemporary(model: Model, path: ast.Expression, depth: number): boolean {
  if (depth > depthLimit) return false
  const isMade = [...model.nodes('Call', path), ...model.nodes('Attribute', path)].some(node =>
    model.values(node).some(value => (value.kind === 'instance' || value.kind === 'result') && isOfTempfile(value.of)),
  )
  return (
    isMade ||
    model
      .nodes('Name', path)
      .some(name => fixtures.has(name.id) || model.sources(name).some(source => isTemporary(model, source, depth + 1)))
  )
}

const depthLimit = 4

const isOfTempfile = (of: string | ast.ClassDef): boolean => typeof of === 'string' && of.startsWith('tempfile.')

const fixtures: ReadonlySet<string> = new Set(['tmp_path', 'tmp_path_factory', 'tmpdir', 'tmpdir_factory'])

/** A fallback for files that the safe way refuses has been thought about. */
function isRetry(call: ast.Call): boolean {
  for (let at = call.parent; at && at.kind !== 'FunctionDef'; at = at.parent)
    if (at.kind === 'ExceptHandler') return true
  return false
}
