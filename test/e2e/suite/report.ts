/** The outcome of one test in VS Code. The suite writes them to the file that the variable TORCHLINT_REPORT names. */
export interface Report {
  readonly name: string
  /** Why it failed; null where it passed. */
  readonly error: string | null
}
