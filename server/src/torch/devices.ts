import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'
import { visibleDefault } from './defaults.ts'
import { methodCall } from './usage.ts'

/** `x.cuda()`, or `x.to(device)` where the device is, or may be, a CUDA one. */
export function movesToCuda(model: Model, call: ast.Call): boolean {
  const method = methodCall(call)
  if (!method) return false
  if (method.method === 'cuda') return !isTorchCuda(model, method.receiver)
  const [positional] = call.args
  const device = positional ?? call.keywords.find(({ arg }) => arg === 'device')?.value
  return method.method === 'to' && device !== undefined && isCudaDevice(model, device)
}

/** The module `torch.cuda` is called nothing. */
function isTorchCuda(model: Model, receiver: ast.Expression): boolean {
  return model.qualifiedName(receiver) === 'torch'
}

/** `"cuda:0"`, `torch.device("cuda" if torch.cuda.is_available() else "cpu")`, an index, an option whose default is one. */
function isCudaDevice(model: Model, device: ast.Expression): boolean {
  const constant = visibleDefault(model, device)
  if (typeof constant === 'string') return constant.startsWith('cuda')
  return model.values(device).some(value => {
    if (value.kind === 'instance' && value.of === 'torch.device') {
      const [name] = value.creation?.args ?? []
      return name !== undefined && isCudaDevice(model, name)
    }
    if (value.kind !== 'expression') return false
    const text = model.text.slice(value.node.start, value.node.end)
    return /^[rfbRFB]?['"]cuda/.test(text) || (value.node !== device && typeof model.constant(value.node) === 'number')
  })
}
