import { unsavedScalers } from '../../torch/checkpoints.ts'
import { textOf } from '../../torch/names.ts'
import { saveState } from '../checkpointEntry.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'info',
  since: '0.1.0',
  messages: {
    unsaved: {
      en: 'the checkpoint has the state of `{optimizer}` but not of `{scaler}`: a resumed run starts with another scale factor',
      zh: '检查点保存了 `{optimizer}` 的状态，却没有保存 `{scaler}` 的：断点续训时缩放因子会不同',
    },
    made: { en: 'the scaler is made here', zh: '此处创建 scaler' },
    add: { en: 'Save `{scaler}.state_dict()` as well', zh: '同时保存 `{scaler}.state_dict()`' },
  },
  *check(model) {
    for (const { checkpoint, scaler } of unsavedScalers(model)) {
      const { name, creation, isInScope } = scaler
      const edits = isInScope ? saveState(model, checkpoint, 'scaler', name) : undefined
      yield {
        at: checkpoint.dict,
        message: 'unsaved',
        optimizer: textOf(model, checkpoint.optimizer),
        scaler: name,
        related: creation ? [{ at: creation, message: 'made' } as const] : [],
        fix: edits && { message: 'add', scaler: name, safe: false, edits },
      }
    }
  },
})
