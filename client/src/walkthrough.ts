/** The first steps with TorchLint: a walkthrough, whose buttons are commands, and the script that it is about. */
import {
  ConfigurationTarget,
  commands,
  Disposable,
  type ExtensionContext,
  env,
  l10n,
  TabInputText,
  type TextDocument,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode'

/** Buttons of the walkthrough that are about the sample script, and what follows when that is shown. */
const aboutSample: readonly (readonly [name: string, command: string, ...values: string[]])[] = [
  ['problem', 'editor.action.marker.next'],
  ['page', 'torchlint.openPage', 'amp/clip-before-unscale'],
  ['memory', 'torchlint.memory'],
]

export function offerFirstSteps({ extension, extensionUri }: ExtensionContext): Disposable {
  let sample: TextDocument | undefined
  const showSample = async () => {
    if (!sample || sample.isClosed) sample = await createSample(extensionUri)
    await window.showTextDocument(sample, { viewColumn: columnOf(sample) ?? ViewColumn.Active })
  }
  return Disposable.from(
    commands.registerCommand('torchlint.openWalkthrough', () =>
      commands.executeCommand('workbench.action.openWalkthrough', `${extension.id}#start`),
    ),
    commands.registerCommand('torchlint.openSample', showSample),
    ...aboutSample.map(([name, command, ...values]) =>
      commands.registerCommand(`torchlint.sample.${name}`, async () => {
        await showSample()
        await commands.executeCommand(command, ...values)
      }),
    ),
    commands.registerCommand('torchlint.fixOnSave', fixOnSave),
  )
}

/** A script with mistakes, commented in the display language. */
async function createSample(extension: Uri): Promise<TextDocument> {
  const file = env.language === 'zh-cn' ? 'sample.zh-cn.py' : 'sample.py'
  const content = new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(extension, 'walkthrough', file)))
  return workspace.openTextDocument({ language: 'python', content })
}

/** Where it is open already; otherwise VS Code would open it once more, in the active column. */
function columnOf({ uri }: TextDocument) {
  const isShown = ({ input }: { readonly input: unknown }) =>
    input instanceof TabInputText && String(input.uri) === String(uri)
  return window.tabGroups.all.find(({ tabs }) => tabs.some(isShown))?.viewColumn
}

/** What else is done when files are saved stays as it is. */
async function fixOnSave(): Promise<void> {
  const action = 'source.fixAll.torchlint'
  const settings = workspace.getConfiguration('editor')
  const set = settings.inspect<object>('codeActionsOnSave')?.globalValue ?? {}
  const added = Array.isArray(set) ? [...set.filter(each => each !== action), action] : { ...set, [action]: 'explicit' }
  await settings.update('codeActionsOnSave', added, ConfigurationTarget.Global)
  window.showInformationMessage(l10n.t('Safe fixes are applied from now on when a Python file is saved'))
}
