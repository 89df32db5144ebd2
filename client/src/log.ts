import { type LogOutputChannel, l10n, Uri } from 'vscode'
import type { Middleware } from 'vscode-languageclient'

/** Each check of a file is a line of the output, once its log level is Debug. */
export function logsChecks(output: LogOutputChannel, { provideDiagnostics, ...others }: Middleware): Middleware {
  return {
    ...others,
    async provideDiagnostics(document, previousResultId, token, next) {
      const start = performance.now()
      const report = await (provideDiagnostics
        ? provideDiagnostics(document, previousResultId, token, next)
        : next(document, previousResultId, token))
      const { path } = document instanceof Uri ? document : document.uri
      const milliseconds = Math.round(performance.now() - start)
      if (report?.kind === 'full')
        output.debug(l10n.t('{0}: {1} found in {2} ms', path, report.items.length, milliseconds))
      return report
    },
  }
}
