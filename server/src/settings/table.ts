/**
 * Every setting there is, once: what files and editors may say, the JSON schemas, the manifest's settings and the
 * complaints about misspelled names all follow from this table.
 *
 * Invariants of the layer: it knows no host and no editor; a mistake in a file never keeps the rest of it from counting.
 */
import type { HintKind, Message } from '../analysis.ts'

export interface Setting {
  /** In `torchlint.toml` and `[tool.torchlint]`. */
  readonly key: string
  /** In the editor, behind `torchlint.`; the part behind a dot is inside of what stands before it. */
  readonly name: SettingName
  readonly kind: 'rules' | 'levels' | 'files' | 'rules of files' | 'choice' | 'version' | 'count' | 'switch'
  readonly choices?: readonly { readonly value: string; readonly description: Message }[]
  /** What counts where nothing is said. An editor's setting at its default leaves the decision to the file. */
  readonly default: unknown
  readonly description: Message
  /** It is about how an editor shows things. */
  readonly isOfEditor?: true
}

export type SettingName =
  | 'select'
  | 'ignore'
  | 'severity'
  | 'perFileIgnores'
  | 'exclude'
  | 'preset'
  | 'torchVersion'
  | 'language'
  | 'unusedSuppressions'
  | 'maxProblemsPerFile'
  | 'run'
  | HintSetting
  | 'codeLens'

/** One for each kind of inlay hint. */
export type HintSetting = `inlayHints.${HintKind}`

export const levels = ['error', 'warning', 'info', 'off'] as const

export const settings: readonly Setting[] = [
  {
    key: 'select',
    name: 'select',
    kind: 'rules',
    default: [],
    description: {
      en: 'The only rules to check, such as `amp/*` or `optimizer/bias-decay`. Empty: the rules of the preset.',
      zh: '只检查这些规则，例如 `amp/*` 或 `optimizer/bias-decay`。留空则检查预设中的规则。',
    },
  },
  {
    key: 'ignore',
    name: 'ignore',
    kind: 'rules',
    default: [],
    description: { en: 'Rules to leave out, such as `data/*`.', zh: '不检查的规则，例如 `data/*`。' },
  },
  {
    key: 'severity',
    name: 'severity',
    kind: 'levels',
    default: {},
    description: {
      en: 'The level of rules: `error`, `warning`, `info` or `off`, such as `"amp/*": "error"`. The most exact entry counts; a rule that is named in full is checked even if it is off by default.',
      zh: '规则的级别：`error`、`warning`、`info` 或 `off`，例如 `"amp/*": "error"`。以最具体的一项为准；写出完整名称的规则即使默认关闭也会检查。',
    },
  },
  {
    key: 'per-file-ignores',
    name: 'perFileIgnores',
    kind: 'rules of files',
    default: {},
    description: {
      en: 'Rules to leave out in some files, such as `"tests/": ["data/*"]`. Files are named as in `.gitignore`.',
      zh: '在某些文件中不检查的规则，例如 `"tests/": ["data/*"]`。文件的写法与 `.gitignore` 相同。',
    },
  },
  {
    key: 'exclude',
    name: 'exclude',
    kind: 'files',
    default: [],
    description: {
      en: 'Files and folders that are not checked, named as in `.gitignore`.',
      zh: '不检查的文件和文件夹，写法与 `.gitignore` 相同。',
    },
  },
  {
    key: 'preset',
    name: 'preset',
    kind: 'choice',
    choices: [
      {
        value: 'recommended',
        description: { en: 'Every rule that is not off by default.', zh: '除默认关闭的规则外的所有规则。' },
      },
      { value: 'all', description: { en: 'Every rule.', zh: '所有规则。' } },
    ],
    default: 'recommended',
    description: { en: 'The rules to check where none are selected.', zh: '没有指定规则时检查哪些规则。' },
  },
  {
    key: 'torch-version',
    name: 'torchVersion',
    kind: 'version',
    default: 'auto',
    description: {
      en: "The PyTorch version that scripts are meant for, such as `2.4`. `auto` reads it from the project's requirements, lock files, `pyproject.toml`, `environment.yml` or virtual environment, without running anything; where they leave it open, the current release is meant.",
      zh: '脚本所用的 PyTorch 版本，例如 `2.4`。`auto` 会从项目的 requirements 文件、锁定文件、`pyproject.toml`、`environment.yml` 或虚拟环境中读取，不会运行任何代码；如果没有写明，则按当前版本处理。',
    },
  },
  {
    key: 'language',
    name: 'language',
    kind: 'choice',
    choices: [
      {
        value: 'auto',
        description: {
          en: 'The display language of the editor, if it is Chinese or English; otherwise English.',
          zh: '编辑器的显示语言为中文或英文时与之一致，否则使用英文。',
        },
      },
      { value: 'en', description: { en: 'English', zh: '英文' } },
      { value: 'zh-cn', description: { en: 'Simplified Chinese', zh: '简体中文' } },
      { value: 'both', description: { en: 'English, followed by Simplified Chinese.', zh: '先英文，后简体中文。' } },
    ],
    default: 'auto',
    description: { en: 'Language of diagnostics, quick fixes and hovers.', zh: '诊断、快速修复和悬停所用的语言。' },
  },
  {
    key: 'unused-suppressions',
    name: 'unusedSuppressions',
    kind: 'choice',
    choices: [
      { value: 'error', description: { en: 'Reported as errors.', zh: '报告为错误。' } },
      { value: 'warning', description: { en: 'Reported as warnings.', zh: '报告为警告。' } },
      { value: 'info', description: { en: 'Reported as information.', zh: '报告为信息。' } },
      { value: 'off', description: { en: 'Not reported.', zh: '不报告。' } },
    ],
    default: 'off',
    description: {
      en: 'Whether comments `# torchlint: ignore` that suppress nothing are reported.',
      zh: '是否报告没有起作用的 `# torchlint: ignore` 注释。',
    },
  },
  {
    key: 'max-problems-per-file',
    name: 'maxProblemsPerFile',
    kind: 'count',
    default: 100,
    isOfEditor: true,
    description: {
      en: 'How many problems of one file are shown. The most severe ones come first; a note says that there are more.',
      zh: '每个文件最多显示多少个问题。优先显示级别最高的问题，并注明还有更多。',
    },
  },
  {
    key: 'run',
    name: 'run',
    kind: 'choice',
    choices: [
      {
        value: 'onType',
        description: {
          en: 'While you type. What is new in the statement at the cursor is shown when the cursor leaves it, or the file is saved.',
          zh: '输入时检查。光标所在语句中的新问题会在光标离开该语句或保存文件后显示。',
        },
      },
      {
        value: 'onSave',
        description: {
          en: 'When a file is opened or saved. Hovers and quick fixes are always about the text as it is.',
          zh: '打开或保存文件时检查。悬停和快速修复始终以当前文本为准。',
        },
      },
    ],
    default: 'onType',
    isOfEditor: true,
    description: { en: 'When problems are shown.', zh: '何时显示问题。' },
  },
  {
    key: 'inlay-hints.effective-batch-size',
    name: 'inlayHints.effectiveBatchSize',
    kind: 'switch',
    default: false,
    isOfEditor: true,
    description: {
      en: 'Inlay hints at batch sizes and gradient accumulation: how many samples one step of the optimizer sees, such as `8 × 4 accumulated = 32`.',
      zh: '在批次大小和梯度累积处显示内嵌提示：优化器更新一步看到多少样本，例如 `8 × 累积 4 次 = 32`。',
    },
  },
  {
    key: 'inlay-hints.decay',
    name: 'inlayHints.decay',
    kind: 'switch',
    default: false,
    isOfEditor: true,
    description: {
      en: 'Inlay hints at optimizers and their parameter groups: which of the parameters decay, such as `21 tensors not decayed`.',
      zh: '在优化器和参数组处显示内嵌提示：哪些参数做权重衰减，例如 `21 个张量不做权重衰减`。',
    },
  },
  {
    key: 'inlay-hints.scheduler-steps',
    name: 'inlayHints.schedulerSteps',
    kind: 'switch',
    default: false,
    isOfEditor: true,
    description: {
      en: 'Inlay hints at `scheduler.step()`: how often it runs, such as `once per epoch: 90 in all`.',
      zh: '在 `scheduler.step()` 处显示内嵌提示：多久运行一次，例如 `每个轮次一步：共 90 步`。',
    },
  },
  {
    key: 'code-lens',
    name: 'codeLens',
    kind: 'switch',
    default: false,
    isOfEditor: true,
    description: {
      en: 'A line above each training loop with what its iterations do, such as `zero_grad → autocast forward → scale → backward → step → update`.',
      zh: '在每个训练循环上方用一行（CodeLens）显示每次迭代的步骤，例如 `zero_grad → autocast forward → scale → backward → step → update`。',
    },
  },
]

/** The settings of files. */
export const fileSettings: readonly Setting[] = settings.filter(({ isOfEditor }) => !isOfEditor)
