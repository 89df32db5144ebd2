/** @vscode/spdlog without its native code, for a VS Code that is installed without a compiler: appends to the file. */
const { appendFileSync, mkdirSync } = require('node:fs')
const { dirname } = require('node:path')

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical']

exports.setFlushOn = () => {}
exports.createAsyncRotatingLogger = async (_name, file) => {
  mkdirSync(dirname(file), { recursive: true })
  let lowest = levels.indexOf('info')
  let bare = false
  const write = (level, text) => {
    if (levels.indexOf(level) < lowest) return
    appendFileSync(file, bare ? text : `${new Date().toISOString()} [${level}] ${text}\n`)
  }
  return {
    ...Object.fromEntries(levels.map(level => [level, text => write(level, text)])),
    setLevel: level => {
      lowest = level
    },
    clearFormatters: () => {
      bare = true
    },
    setPattern: () => {},
    flush: () => {},
    drop: () => {},
  }
}
