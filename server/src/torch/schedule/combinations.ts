/** The schedulers that have no formula: SequentialLR and ChainedScheduler are made of others, a plateau is measured. */
import type { Create } from './formulas.ts'
import type { Scheduler } from './group.ts'
import { PythonError, represent, require, toNumber, unknown } from './python.ts'

export const combinations: Readonly<Record<string, Create>> = {
  SequentialLR(group, given) {
    const children = given.schedulers('schedulers')
    require(children.length > 0, 'SequentialLR expects at least one scheduler, but got no scheduler.')
    const milestones = given.list('milestones').map(toNumber)
    require(milestones.length ===
      children.length -
        1, 'Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, ' +
      `but got number of schedulers ${children.length} and the number of milestones to be equal to ${milestones.length}`)
    const running = (epoch: number) => milestones.filter(milestone => milestone <= epoch).length
    const scheduler: Scheduler = {
      lastEpoch: given.number('last_epoch') + 1,
      children,
      step() {
        scheduler.lastEpoch++
        const index = running(scheduler.lastEpoch)
        const child = children[index]
        if (index > 0 && milestones[index - 1] === scheduler.lastEpoch) child?.restart()
        else child?.step()
      },
      initialStep: () => scheduler.step(),
      restart: notImplemented,
    }
    if (group.initialLr !== undefined) group.lr = group.initialLr
    for (const child of children) undo(child)
    children[running(0)]?.initialStep()
    return scheduler
  },

  ChainedScheduler(_, given) {
    const children = given.schedulers('schedulers')
    require(children.length > 0, 'ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.')
    const scheduler: Scheduler = {
      lastEpoch: 0,
      children,
      step() {
        for (const child of children) child.step()
      },
      initialStep: () => scheduler.step(),
      restart: notImplemented,
    }
    return scheduler
  },

  ReduceLROnPlateau(_, given) {
    require(given.number('factor') < 1, 'Factor should be < 1.0.')
    const mode = given.value('mode')
    require(mode === 'min' || mode === 'max', `mode ${represent(mode)} is unknown!`)
    const threshold = given.value('threshold_mode')
    require(threshold === 'rel' || threshold === 'abs', `threshold mode ${represent(threshold)} is unknown!`)
    return unknown()
  },
}

/** Takes the step of each constructor back. */
function undo(scheduler: Scheduler): void {
  if (scheduler.children.length === 0) scheduler.lastEpoch--
  else for (const child of scheduler.children) undo(child)
}

/** PyTorch cannot begin a combination anew. */
function notImplemented(): never {
  throw new PythonError('NotImplementedError', '')
}
