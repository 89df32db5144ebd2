import { textOf } from '../../torch/names.ts'
import { unsavedSchedulers } from '../../torch/unsavedSchedulers.ts'
import { saveState } from '../checkpointEntry.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  category: 'practice',
  severity: 'info',
  since: '0.1.0',
  messages: {
    unsaved: {
      en: 'the checkpoint has the state of `{optimizer}` but not of `{scheduler}`: a resumed run starts its schedule anew',
      zh: '检查点保存了 `{optimizer}` 的状态，却没有保存 `{scheduler}` 的：断点续训时学习率调度会从头开始',
    },
    made: { en: 'the scheduler is made here', zh: '此处创建学习率调度器' },
    add: { en: 'Save `{scheduler}.state_dict()` as well', zh: '同时保存 `{scheduler}.state_dict()`' },
  },
  *check(model) {
    for (const { checkpoint, creation, name, isInScope } of unsavedSchedulers(model)) {
      const edits = isInScope ? saveState(model, checkpoint, 'scheduler', name) : undefined
      yield {
        at: checkpoint.dict,
        message: 'unsaved',
        optimizer: textOf(model, checkpoint.optimizer),
        scheduler: name,
        related: [{ at: creation.call, message: 'made' }],
        fix: edits && { message: 'add', scheduler: name, safe: false, edits },
      }
    }
  },
})
