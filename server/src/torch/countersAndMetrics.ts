/** Numbers whose names say what they are: a count of epochs, or a metric. */
import type { Model } from '../semantic/model.ts'
import type * as ast from '../syntax/ast.ts'

/** `val_loss`, `history["acc"][-1]`, `running_loss / len(loader)`, `np.mean(losses)`, `self.accuracy(loader)`. */
export function isMetric(expression: ast.Expression): boolean {
  const words = wordsOf(expression)
  const last = words.at(-1) ?? ''
  return metricWords.has(last) || (words.some(word => metricWords.has(word)) && !words.some(isCounterWord))
}

/** `epoch`, `self.epoch + 1`, `epoch + i / iters`, or the `i` of `for i in range(epochs)`. */
export function isCounter(model: Model, expression: ast.Expression): boolean {
  if (expression.kind === 'BinOp') {
    if (expression.op === '/' || expression.op === '//') return isCounter(model, expression.left)
    return isCounter(model, expression.left) || isCounter(model, expression.right)
  }
  const words = wordsOf(expression)
  if (words.some(word => metricWords.has(word))) return false
  return isCounterWord(words.at(-1) ?? '') || isRangeVariable(model, expression)
}

const metricWords = new Set(
  'loss accuracy acc metric score auc f1 iou miou dice bleu wer cer psnr ssim perplexity ppl mse mae rmse'.split(' '),
)

const counterWords = new Set('epoch ep iteration iter step'.split(' '))

const isCounterWord = (word: string): boolean => counterWords.has(word)

/** What leaves a number what it is. */
const wrappers = new Set('item mean detach cpu numpy avg sum float round abs'.split(' '))

/** The words of the name under which a number is read: `best`, `val`, `loss` of `self.bestValLosses[-1]`. */
function wordsOf(expression: ast.Expression): readonly string[] {
  switch (expression.kind) {
    case 'Name':
      return split(expression.id)
    case 'Attribute':
      return wrappers.has(expression.attr) ? wordsOf(expression.value) : split(expression.attr)
    case 'Subscript': {
      const { slice: index } = expression
      return index.kind === 'Constant' && typeof index.value === 'string'
        ? split(index.value)
        : wordsOf(expression.value)
    }
    case 'UnaryOp':
      return wordsOf(expression.operand)
    case 'BinOp':
      return expression.op === '/' ? wordsOf(expression.left) : []
    case 'Call': {
      const { func, args } = expression
      const name = func.kind === 'Name' ? func.id : func.kind === 'Attribute' ? func.attr : ''
      if (!wrappers.has(name)) return split(name)
      const [first] = args
      return first ? wordsOf(first) : func.kind === 'Attribute' ? wordsOf(func.value) : []
    }
    default:
      return []
  }
}

function split(name: string): readonly string[] {
  const words = name
    .replace(/IoU/g, 'iou')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return words.map(word => (word === 'f1' ? word : word.replace(/\d+$/, ''))).map(singular)
}

const singular = (word: string): string =>
  word === 'losses' ? 'loss' : word.endsWith('s') && !word.endsWith('ss') && word !== 'loss' ? word.slice(0, -1) : word

function isRangeVariable(model: Model, expression: ast.Expression): boolean {
  if (expression.kind !== 'Name') return false
  return model.loops(expression).some(loop => {
    if (loop.kind !== 'For' || loop.target.kind !== 'Name' || loop.target.id !== expression.id) return false
    return loop.iter.kind === 'Call' && loop.iter.func.kind === 'Name' && loop.iter.func.id === 'range'
  })
}

const risingWords = new Set(
  'accuracy acc auc auroc f1 iou miou dice bleu psnr ssim precision recall ndcg kappa'.split(' '),
)
const fallingWords = new Set('loss error err perplexity ppl wer cer mse mae rmse nll'.split(' '))

/** Is the metric the better the higher it is, or the lower? Undefined where its name does not say so, or says both. */
export function directionOf(model: Model, metric: ast.Expression): 'max' | 'min' | undefined {
  if (isTurned(model, metric)) return undefined
  const words = wordsOf(metric)
  const rises = words.some(word => risingWords.has(word))
  const falls = words.some(word => fallingWords.has(word))
  return rises === falls ? undefined : rises ? 'max' : 'min'
}

/** `-accuracy`, `1 - accuracy`, or a name for one. */
function isTurned(model: Model, metric: ast.Expression): boolean {
  if (metric.kind === 'UnaryOp' || (metric.kind === 'BinOp' && metric.op === '-')) return true
  return (
    metric.kind === 'Name' &&
    model.sources(metric).some(source => source.kind === 'UnaryOp' || (source.kind === 'BinOp' && source.op === '-'))
  )
}
