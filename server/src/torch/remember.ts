import type { Model } from '../semantic/model.ts'

/** Computes once per model; what is remembered goes when the model goes. */
export function remember<Answer>(compute: (model: Model) => Answer): (model: Model) => Answer {
  const answers = new WeakMap<Model, { readonly answer: Answer }>()
  return model => {
    const known = answers.get(model)
    if (known) return known.answer
    const answer = compute(model)
    answers.set(model, { answer })
    return answer
  }
}
