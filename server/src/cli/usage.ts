/** Help, and what is said about arguments that make no sense. */
import type { Argument, CommanderError, HelpConfiguration, Option } from 'commander'
import type { Message } from '../analysis.ts'
import { type Problem, problem } from '../checking/problem.ts'

export const help = {
  torchlint: {
    en: 'Finds mistakes in PyTorch training scripts.',
    zh: '找出 PyTorch 训练脚本中的错误。',
  },
  check: { en: 'check Python files, notebooks and folders', zh: '检查 Python 文件、notebook 和文件夹' },
  paths: {
    en: 'files and folders, in which .gitignore is respected; - for standard input',
    zh: '文件和文件夹（其中遵循 .gitignore）；- 表示标准输入',
  },
  currentFolder: { en: 'the current folder', zh: '当前文件夹' },
  format: { en: 'form of the output', zh: '输出格式' },
  language: { en: 'language of the output', zh: '输出语言' },
  fix: { en: 'apply the safe fixes', zh: '应用安全修复' },
  unsafe: {
    en: 'with --fix or --diff: also the fixes that change what the training does',
    zh: '与 --fix 或 --diff 一起使用：也应用会改变训练行为的修复',
  },
  diff: { en: 'show what --fix would change, and change nothing', zh: '只显示 --fix 会改什么，不修改文件' },
  statistics: { en: 'count the findings of each rule', zh: '统计每条规则的问题数' },
  baseline: { en: 'leave out the findings that this file knows', zh: '不报告此文件中已记录的问题' },
  updateBaseline: {
    en: 'write the findings of this run to the baseline',
    zh: '把本次检查的问题写入基线',
  },
  stdinFilename: {
    en: 'the file that standard input is the text of',
    zh: '标准输入对应的文件名',
  },
  jobs: {
    en: 'files that are checked at once (default: one per processor core)',
    zh: '同时检查的文件数（默认：每个处理器核心一个）',
  },
  select: {
    en: 'check these rules only, such as amp/*,optimizer/bias-decay',
    zh: '只检查这些规则，例如 amp/*,optimizer/bias-decay',
  },
  ignore: { en: 'leave these rules out', zh: '不检查这些规则' },
  forceExclude: {
    en: 'leave out what the configuration excludes even where it is named, as by pre-commit',
    zh: '配置中排除的文件，即使直接指定（例如由 pre-commit）也不检查',
  },
  torchVersion: {
    en: 'the PyTorch version that the scripts are meant for; auto reads it from requirements, lock files or a virtual environment',
    zh: '脚本所用的 PyTorch 版本；auto 表示从依赖声明、锁定文件或虚拟环境中读取',
  },
  showSettings: {
    en: 'show the settings of the named files, and who decided them, instead of checking',
    zh: '不检查，只显示所指定文件的设置及其来源',
  },
  verbose: { en: 'also say where the analysis gave up', zh: '同时说明分析在何处放弃' },
  explain: { en: 'print the page of a rule or of a PyTorch name', zh: '显示规则或 PyTorch 名称的说明页' },
  name: { en: 'such as amp/missing-update or torch.autocast', zh: '例如 amp/missing-update 或 torch.autocast' },
  inspect: { en: 'show how TorchLint understands a training script', zh: '显示 TorchLint 对训练脚本的理解' },
  steps: {
    en: "learning rates to compute (default: the script's own number of steps, or 200)",
    zh: '计算多少步的学习率（默认：脚本自己的步数，看不出时为 200）',
  },
  doctor: { en: 'say why the GPU runs out of memory', zh: '说明显存为什么不足' },
  error: { en: 'the error message, or - to read it from standard input', zh: '报错信息；- 表示从标准输入读取' },
  server: { en: 'serve an editor over the Language Server Protocol', zh: '以语言服务器协议（LSP）为编辑器服务' },
  stdio: { en: 'over standard input and output (default)', zh: '通过标准输入和输出（默认）' },
  socket: { en: 'over a connection to this port of the own machine', zh: '连接本机的这个端口' },
  pipe: { en: 'over this named pipe, or socket file', zh: '通过这个命名管道或套接字文件' },
  file: { en: 'a Python file or notebook', zh: 'Python 文件或 notebook' },
  version: { en: 'print the version', zh: '显示版本号' },
  help: { en: 'show this help', zh: '显示此帮助' },
} as const satisfies Readonly<Record<string, Message>>

/** What the layout of the help itself says. */
export const chineseHelp: HelpConfiguration = {
  styleTitle: title => titles[title] ?? title,
  optionDescription: described,
  argumentDescription: described,
}

const titles: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
}

function described({ description, argChoices, defaultValue, defaultValueDescription }: Option | Argument): string {
  const byDefault = defaultValueDescription ?? defaultValue
  const notes = [
    ...(argChoices ? [`可选：${argChoices.join('、')}`] : []),
    ...(byDefault === undefined ? [] : [`默认：${byDefault}`]),
  ]
  return notes.length > 0 ? `${description}（${notes.join('；')}）` : description
}

/** The parser of arguments speaks English; the names that it quotes stay, and so does what it suggests. */
export function usageError({ code, message }: CommanderError): Problem {
  const english = message.replace(/^error: /, '')
  const quoted = Array.from(message.matchAll(/'([^']*)'/g), ([, name = '']) => name)
  const said = chinese[code]?.(quoted)
  return problem(english, said === undefined ? english : said + chineseHint(message))
}

function chineseHint(message: string): string {
  const [, meant] = /\(Did you mean (.+)\?\)$/.exec(message) ?? []
  if (meant !== undefined) return `：您是否想输入 ${meant}？`
  const [, choices] = /Allowed choices are (.+)\.$/.exec(message) ?? []
  if (choices !== undefined) return `，可选：${choices.replaceAll(', ', '、')}`
  return message.endsWith(positive) ? '，须为正整数' : ''
}

/** Said of an option that is a count. */
export const positive = 'It must be a positive whole number.'

const chinese: Readonly<Record<string, (quoted: readonly string[]) => string>> = {
  'commander.unknownOption': ([option]) => `未知选项 ${option}`,
  'commander.unknownCommand': ([command]) => `未知命令 ${command}`,
  'commander.missingArgument': ([argument]) => `缺少参数 ${argument}`,
  'commander.optionMissingArgument': ([option]) => `选项 ${option} 缺少值`,
  'commander.invalidArgument': ([option, value]) => `选项 ${option} 的值 ${value} 无效`,
  'commander.conflictingOption': ([option, other]) => `选项 ${option} 不能与 ${other} 一起使用`,
  'commander.excessArguments': () => '参数过多',
}
