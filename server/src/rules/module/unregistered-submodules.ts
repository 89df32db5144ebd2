import type { Model } from '../../semantic/model.ts'
import { textOf } from '../../torch/names.ts'
import { type UnregisteredSubmodules, unregisteredSubmodules } from '../../torch/unregistered.ts'
import { replace } from '../edits.ts'
import { reference } from '../imports.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'correctness',
  severity: 'error',
  since: '0.1.0',
  messages: {
    modules: {
      en: 'The modules in `{target}` are not registered: `parameters()` leaves them out, so they are neither trained nor moved nor saved',
      zh: '`{target}` 里的模块没有注册：`parameters()` 不包含它们，不会参与训练，也不会随模型移动和保存',
    },
    parameters: {
      en: 'The parameters in `{target}` are not registered: `parameters()` leaves them out, so they are neither trained nor moved nor saved',
      zh: '`{target}` 里的参数没有注册：`parameters()` 不包含它们，不会参与训练，也不会随模型移动和保存',
    },
    wrap: { en: 'Keep them in `{container}`', zh: '改用 `{container}` 存放' },
  },
  *check(model) {
    for (const found of unregisteredSubmodules(model)) {
      const { target, value, holds } = found
      const container = containerOf(model, found)
      yield {
        message: holds,
        at: target,
        target: textOf(model, target),
        fix: container && {
          message: 'wrap',
          container: container.text,
          safe: true,
          edits: [replace(value, `${container.text}(${textOf(model, value)})`)],
        },
      }
    }
  },
})

/** A container of PyTorch that can hold the same; its dict takes strings for keys alone. */
function containerOf(model: Model, { value, holds, keys }: UnregisteredSubmodules) {
  if (
    keys?.some(key => typeof (key && model.constant(key)) !== 'string' || isTaken(String(key && model.constant(key))))
  )
    return undefined
  const name = (holds === 'modules' ? 'Module' : 'Parameter') + (keys ? 'Dict' : 'List')
  const found = reference(model, `torch.nn.${name}`, value)
  return found?.edits.length === 0 ? found : undefined
}

/** A name of the container's own, or a path, is refused as a key. */
function isTaken(key: string): boolean {
  return /\.|^(?:apply|clear|cpu|cuda|double|eval|float|forward|get|half|items|keys|pop|to|train|type|update|values)$/.test(
    key,
  )
}
