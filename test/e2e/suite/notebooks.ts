/** What a user sees in a notebook. VS Code opens one without any kernel. */
import assert from 'node:assert/strict'
import { commands, type NotebookDocument, Range, Uri, WorkspaceEdit, window, workspace } from 'vscode'
import { hoverText, quickFixes, untilFindings } from './editor.ts'

const clip = 'amp/clip-before-unscale'
const flag = 'backends/unknown-flag'

export const notebookTests: Readonly<Record<string, () => Promise<void>>> = {
  async 'finds the mistakes of a notebook in its cells'() {
    const { training, flags } = await cells()
    const [clipped] = await untilFindings(training.uri, all => all.some(finding => finding.rule === clip))
    assert.equal(training.getText(clipped?.range), 'torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)')
    const [misspelled] = await untilFindings(flags.uri, all => all.some(finding => finding.rule === flag))
    assert.equal(flags.getText(misspelled?.range), 'benchmarks')
  },

  async 'explains a name in a cell'() {
    const { training } = await cells()
    const text = await hoverText(training.uri, training.positionAt(training.getText().indexOf('autocast')))
    assert.match(text, /autocast/)
  },

  async 'sees in a cell what another one says'() {
    const { setup, training } = await cells()
    const replace = async (before: string, after: string) => {
      const start = setup.getText().indexOf(before)
      const edit = new WorkspaceEdit()
      edit.replace(setup.uri, new Range(setup.positionAt(start), setup.positionAt(start + before.length)), after)
      assert.ok(await workspace.applyEdit(edit))
    }
    await replace('"cuda")', '"cuda", enabled=False)')
    await untilFindings(training.uri, all => all.every(finding => finding.rule !== clip))
    await replace('"cuda", enabled=False)', '"cuda")')
    await untilFindings(training.uri, all => all.some(finding => finding.rule === clip))
  },

  async 'repairs a cell with a quick fix'() {
    const { flags } = await cells()
    const [finding] = await untilFindings(flags.uri, all => all.some(({ rule }) => rule === flag))
    assert.ok(finding)
    const [fix] = await quickFixes(flags.uri, finding.range)
    assert.ok(fix?.edit)
    assert.ok(await workspace.applyEdit(fix.edit))
    await untilFindings(flags.uri, all => all.length === 0)
    assert.equal(flags.getText(), '!nvidia-smi\ntorch.backends.cudnn.benchmark = True')
  },

  async 'repairs all cells when the notebook is saved'() {
    const { notebook, training } = await cells()
    const settings = workspace.getConfiguration('notebook')
    await settings.update('codeActionsOnSave', { 'notebook.source.fixAll': 'explicit' }, true)
    const edit = new WorkspaceEdit()
    edit.insert(training.uri, training.positionAt(training.getText().length), '\n')
    assert.ok(await workspace.applyEdit(edit))
    await commands.executeCommand('workbench.action.files.save')
    await settings.update('codeActionsOnSave', undefined, true)
    const saved = new TextDecoder().decode(await workspace.fs.readFile(notebook.uri))
    assert.match(saved, /" {4}scaler\.unscale_\(optimizer\)\\n",\n/)
  },
}

async function cells() {
  const [folder] = workspace.workspaceFolders ?? []
  assert.ok(folder)
  const notebook: NotebookDocument = await workspace.openNotebookDocument(Uri.joinPath(folder.uri, 'train.ipynb'))
  await window.showNotebookDocument(notebook)
  const [setup, training, flags] = notebook
    .getCells()
    .slice(1)
    .map(cell => cell.document)
  assert.ok(setup && training && flags)
  return { notebook, setup, training, flags }
}
