/** `npm run truth`: do the pages tell the truth about PyTorch? `PYTHON` names the interpreter that has it. */
import { readPages } from './pages.ts'
import { checkPages, hasTorch, python } from './truth/check.ts'

if (hasTorch()) report()
else console.log(`skipped: ${python} has no PyTorch, so no page was executed`)

function report(): void {
  const { torch, pages } = checkPages(readPages())
  for (const { path, skipped, programs, claims, failures } of pages) {
    if (skipped) console.log(`skipped  ${path}: ${skipped}`)
    else
      console.log(`${failures.length === 0 ? 'true    ' : 'FALSE   '} ${path}: ${programs} programs, ${claims} claims`)
    for (const failure of failures) console.log(`           ${failure}`)
  }
  const wrong = pages.filter(({ failures }) => failures.length > 0).length
  const skipped = pages.filter(page => page.skipped).length
  console.log(`PyTorch ${torch}: ${pages.length - wrong - skipped} pages true, ${wrong} false, ${skipped} skipped`)
  process.exitCode = wrong > 0 ? 1 : 0
}
