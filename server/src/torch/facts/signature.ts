/** A parameter of a PyTorch class or function. */
export interface ParameterFact {
  readonly name: string
  /** Its place among the positional parameters; undefined if it can only be given by keyword. */
  readonly position: number | undefined
  /** The default as Python text; undefined if it must be given. */
  readonly default: string | undefined
}

/** Reads a signature as Python writes it: `params, lr=0.001, betas=(0.9, 0.999), *, foreach=None`. */
export function signature(text: string): readonly ParameterFact[] {
  const parameters: ParameterFact[] = []
  let keywordOnly = false
  for (const part of text.split(/, (?![^(]*\))/)) {
    if (part === '*') {
      keywordOnly = true
      continue
    }
    const [name = '', value] = part.split('=', 2)
    parameters.push({ name, position: keywordOnly ? undefined : parameters.length, default: value })
  }
  return parameters
}
