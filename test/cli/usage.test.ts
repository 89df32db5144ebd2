import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clean, folderWith, torchlint } from './torchlint.ts'

/** What is said about arguments that make no sense; all of it ends with exit code 2. */
const mistakes: readonly { readonly args: readonly string[]; readonly en: string; readonly zh: string }[] = [
  { args: ['explain'], en: "missing required argument 'name'", zh: '缺少参数 name' },
  {
    args: ['check', '--fixx', '.'],
    en: "unknown option '--fixx'\n(Did you mean --fix?)",
    zh: '未知选项 --fixx：您是否想输入 --fix？',
  },
  {
    args: ['chek', '.'],
    en: "unknown command 'chek'\n(Did you mean check?)",
    zh: '未知命令 chek：您是否想输入 check？',
  },
  {
    args: ['check', '--jobs', '0'],
    en: "option '--jobs <number>' argument '0' is invalid. It must be a positive whole number.",
    zh: '选项 --jobs <number> 的值 0 无效，须为正整数',
  },
  {
    args: ['check', '.', '--format', 'xml'],
    en: "option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, sarif, github, gitlab, junit.",
    zh: '选项 --format <format> 的值 xml 无效，可选：text、json、sarif、github、gitlab、junit',
  },
  {
    args: ['check', '.', '--select'],
    en: "option '--select <rules>' argument missing",
    zh: '选项 --select <rules> 缺少值',
  },
  {
    args: ['check', '.', '--select', 'amp/mising-update'],
    en: 'there is no rule amp/mising-update: did you mean amp/missing-update?',
    zh: '没有规则 amp/mising-update：您是否想输入 amp/missing-update？',
  },
  {
    args: ['check', '.', '--ignore', 'apm/*'],
    en: 'there is no rule apm/*: did you mean amp/*?',
    zh: '没有规则 apm/*：您是否想输入 amp/*？',
  },
  {
    args: ['check', '.', '--torch-version', '1.99'],
    en: 'there is no PyTorch 1.99: did you mean 1.9?',
    zh: '没有 PyTorch 1.99：您是否想输入 1.9？',
  },
  {
    args: ['explain', 'amp/missing-updat'],
    en: 'there is no page about amp/missing-updat: did you mean amp/missing-update?',
    zh: '没有关于 amp/missing-updat 的页面：您是否想查看 amp/missing-update？',
  },
  {
    args: ['explain', 'adamm'],
    en: 'there is no page about adamm: did you mean torch.optim.Adam?',
    zh: '没有关于 adamm 的页面：您是否想查看 torch.optim.Adam？',
  },
]

for (const { args, en, zh } of mistakes)
  test(`torchlint ${args.join(' ')}`, async t => {
    const folder = folderWith(t, { 'clean.py': clean })
    const english = await torchlint(folder, args)
    assert.deepEqual(english, { exitCode: 2, stdout: '', stderr: `torchlint: ${en}\n` })
    const [command = '', ...rest] = args
    const chinese = await torchlint(folder, [command, '--language', 'zh-cn', ...rest])
    assert.deepEqual(chinese, { exitCode: 2, stdout: '', stderr: `torchlint: ${zh}\n` })
  })

test('without a command, the help goes to standard error', async t => {
  const { exitCode, stdout, stderr } = await torchlint(folderWith(t, {}), [])
  assert.deepEqual([exitCode, stdout], [2, ''])
  assert.match(stderr, /^Usage: torchlint/)
})

test('--help and --version are no mistakes', async t => {
  const folder = folderWith(t, {})
  const help = await torchlint(folder, ['check', '--help'])
  assert.equal(help.exitCode, 0)
  assert.match(help.stdout, /--select <rules>/)
  const version = await torchlint(folder, ['--version'])
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/)
  assert.equal(version.exitCode, 0)
})

test('the help speaks Chinese too', async t => {
  const { stdout } = await torchlint(folderWith(t, {}), ['check', '--help', '--language', 'zh-cn'])
  assert.match(stdout, /^用法：/)
  assert.match(stdout, /应用安全修复/)
  assert.match(stdout, /默认：当前文件夹/)
  assert.match(stdout, /可选：en、zh-cn、both；默认：zh-cn/)
})

test('the server has a help, and starts with nothing but a transport', async t => {
  const folder = folderWith(t, {})
  assert.match((await torchlint(folder, ['server', '--help'])).stdout, /^Usage: torchlint server[\s\S]*--stdio/)
  const { exitCode, stderr } = await torchlint(folder, ['server', 'train.py'])
  assert.equal(exitCode, 2)
  assert.match(stderr, /^torchlint: too many arguments for 'server'/)
})
