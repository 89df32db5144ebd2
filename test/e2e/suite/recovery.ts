/** What a user sees of a server that crashes. Runs last: the crashes of these tests are counted together. */
import assert from 'node:assert/strict'
import { ChildProcess } from 'node:child_process'
import { commands, type Uri } from 'vscode'
import { type Finding, show, untilFindings } from './editor.ts'

export const recoveryTests: Readonly<Record<string, () => Promise<void>>> = {
  async 'comes back with its findings after each of three crashes'() {
    const { document } = await show('train.py')
    const rules = (found: readonly Finding[]) => found.map(({ rule }) => rule)
    const before = await untilFindings(document.uri, all => all.length > 0)
    for (let crash = 1; crash <= 3; crash++) {
      await crashServer(document.uri)
      const after = await untilFindings(document.uri, all => all.length > 0)
      assert.deepEqual(rules(after), rules(before))
    }
  },

  async 'stays down after the fourth crash, and says so with a button that starts it again'() {
    const { document } = await show('train.py')
    await crashServer(document.uri)
    assert.equal(servers().length, 0)
    // VS Code has been told of the message before it was told of the findings that are gone.
    await commands.executeCommand('notification.acceptPrimaryAction')
    await untilFindings(document.uri, all => all.length > 0)
  },
}

/** Until its findings are gone. */
async function crashServer(uri: Uri): Promise<void> {
  const [server, ...others] = servers()
  assert.ok(server)
  assert.equal(others.length, 0)
  const cleared = untilFindings(uri, all => all.length === 0)
  server.kill('SIGKILL')
  await cleared
}

/** The extension host is the parent of the server, and of nothing else that matters here. */
function servers(): readonly ChildProcess[] {
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles(): readonly unknown[] }
  return handles
    .call(process)
    .filter(handle => handle instanceof ChildProcess)
    .filter(({ spawnargs }) => spawnargs.some(argument => /dist[\\/]server\.js$/.test(argument)))
}
