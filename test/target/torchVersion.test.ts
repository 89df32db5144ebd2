/** The PyTorch version that a project's files ask for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProjectFiles } from '../../server/src/target/files.ts'
import { isRelease, newestAllowed } from '../../server/src/target/releases.ts'
import { torchVersions } from '../../server/src/target/torchVersion.ts'

type Contents = Readonly<Record<string, string>>

function filesWith(contents: Contents): ProjectFiles {
  const paths = Object.keys(contents)
  return {
    read: path => contents[path],
    names: folder => [
      ...new Set(
        paths
          .filter(path => path.startsWith(`${folder}/`))
          .map(path => path.slice(folder.length + 1).split('/')[0] ?? ''),
      ),
    ],
  }
}

function versionIn(contents: Contents, folder = '/project'): string | undefined {
  const inProject = Object.entries(contents).map(([name, text]) => [`/project/${name}`, text] as const)
  return torchVersions(filesWith(Object.fromEntries(inProject)), path => path === '/project').of(folder)?.version
}

const locked =
  '[[package]]\nname = "torch"\nversion = "2.4.1"\n\n[[package]]\nname = "torchvision"\nversion = "0.19.1"\n'

const said: readonly (readonly [title: string, contents: Contents, version: string | undefined])[] = [
  ['requirements.txt', { 'requirements.txt': 'numpy\ntorch==2.1.0  # CUDA 11.8\ntorchvision==0.16\n' }, '2.1'],
  ['a local version', { 'requirements.txt': '-f https://example.org/whl\ntorch==1.12.1+cu113\n' }, '1.12'],
  [
    'a wheel',
    { 'requirements.txt': 'torch @ https://example.org/whl/cu118/torch-2.0.1%2Bcu118-cp310-cp310-linux_x86_64.whl\n' },
    '2.0',
  ],
  ['requirements of another name', { 'requirements-gpu.txt': 'torch>=2.0,<2.3\n' }, '2.2'],
  ['a folder of requirements', { 'requirements/base.txt': 'torch~=2.2.0\n' }, '2.2'],
  [
    'the same on every platform',
    { 'requirements.txt': 'torch==2.2.2; sys_platform == "darwin"\ntorch==2.2.0+cu121; sys_platform != "darwin"\n' },
    '2.2',
  ],
  [
    'another one on every platform',
    { 'requirements.txt': 'torch==2.2.2; sys_platform == "darwin"\ntorch==2.3.0; sys_platform != "darwin"\n' },
    undefined,
  ],
  ['nothing but a lower bound', { 'requirements.txt': 'torch>=1.8\n' }, undefined],
  ['no version', { 'requirements.txt': 'torch\nnumpy==1.26\n' }, undefined],
  [
    'another package',
    { 'requirements.txt': 'torchvision==0.16\ntorch-geometric==2.4\ntorch_scatter==2.1\n' },
    undefined,
  ],
  [
    'pyproject.toml',
    { 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["torch[opt]==2.3.*", "numpy"]\n' },
    '2.3',
  ],
  [
    'an optional dependency',
    { 'pyproject.toml': '[project.optional-dependencies]\ngpu = ["torch (>=1.13, <2)"]\n' },
    '1.13',
  ],
  [
    'a dependency group',
    { 'pyproject.toml': '[dependency-groups]\ntrain = ["torch==2.5.1", { include-group = "test" }]\n' },
    '2.5',
  ],
  ['Poetry', { 'pyproject.toml': '[tool.poetry.dependencies]\ntorch = "^1.12"\n' }, '1.13'],
  [
    'Poetry with a source',
    { 'pyproject.toml': '[tool.poetry.dependencies]\ntorch = { version = "~2.1.0", source = "pytorch" }\n' },
    '2.1',
  ],
  [
    'Poetry with a caret that allows the newest',
    { 'pyproject.toml': '[tool.poetry.dependencies]\ntorch = "^2.1"\n' },
    undefined,
  ],
  [
    'uv.lock',
    { 'uv.lock': `version = 1\n\n${locked}`, 'pyproject.toml': '[project]\ndependencies = ["torch>=2"]\n' },
    '2.4',
  ],
  ['poetry.lock', { 'poetry.lock': locked }, '2.4'],
  ['Pipfile.lock', { 'Pipfile.lock': '{"default": {"torch": {"version": "==2.0.1"}}}' }, '2.0'],
  ['setup.cfg', { 'setup.cfg': '[options]\ninstall_requires =\n    numpy\n    torch==1.10.2\n' }, '1.10'],
  [
    'environment.yml',
    { 'environment.yml': 'name: x\ndependencies:\n  - python=3.10\n  - pytorch=2.1.0=py3.10_cuda11.8\n' },
    '2.1',
  ],
  ['a channel', { 'environment.yaml': 'dependencies:\n  - pytorch::pytorch>=1.12,<1.13\n' }, '1.12'],
  [
    'pip in environment.yml',
    { 'environment.yml': 'dependencies:\n  - pip\n  - pip:\n      - torch==1.13.1\n' },
    '1.13',
  ],
  [
    'an installed package',
    {
      '.venv/lib/python3.11/site-packages/torch-2.6.0+cu124.dist-info/METADATA': '',
      'requirements.txt': 'torch==2.1.0\n',
    },
    '2.6',
  ],
  ['an installed package on Windows', { 'venv/Lib/site-packages/torch-2.5.1.dist-info/METADATA': '' }, '2.5'],
  ['a file that is being edited', { 'pyproject.toml': '[project\n', 'requirements.txt': 'torch==2.1.0\n' }, '2.1'],
  [
    'an open requirement beside a pinned one',
    { 'pyproject.toml': '[project]\ndependencies = ["torch"]\n', 'requirements.txt': 'torch==2.1.0\n' },
    '2.1',
  ],
  ['a release that is not out yet', { 'requirements.txt': 'torch==2.19.0\n' }, '2.19'],
  ['a version that cannot be', { 'requirements.txt': 'torch==7.1\n' }, undefined],
  ['nothing', {}, undefined],
]

for (const [title, contents, version] of said) test(title, () => assert.equal(versionIn(contents), version))

test('a folder inherits what the folders above it say, up to the root', () => {
  const contents = {
    'requirements.txt': 'torch==2.1.0\n',
    'old/requirements.txt': 'torch==1.9.0\n',
    'other/a/setup.cfg': 'numpy\n',
  }
  assert.equal(versionIn(contents, '/project/other/a'), '2.1')
  assert.equal(versionIn(contents, '/project/old'), '1.9')
  assert.equal(
    torchVersions(filesWith({ '/requirements.txt': 'torch==2.1.0' }), path => path === '/project').of('/project'),
    undefined,
  )
})

test('what was read is kept until it is forgotten', () => {
  let text = 'torch==2.1.0'
  const versions = torchVersions(
    { read: path => (path === '/p/setup.cfg' ? text : undefined), names: () => [] },
    () => true,
  )
  assert.deepEqual(versions.of('/p'), { version: '2.1', path: '/p/setup.cfg' })
  text = 'torch==2.4.0'
  assert.equal(versions.of('/p')?.version, '2.1')
  versions.forget()
  assert.equal(versions.of('/p')?.version, '2.4')
})

test('a requirement comes to the newest release that it allows', () => {
  assert.equal(newestAllowed('<=2.3'), '2.3')
  assert.equal(newestAllowed('<2'), '1.13')
  assert.equal(newestAllowed('!=2.4.0,<2.5'), '2.4')
  assert.equal(newestAllowed('~=1.7'), '1.13')
  assert.equal(newestAllowed('>=99'), undefined)
  assert.equal(newestAllowed('no version'), undefined)
})

test('a release exists or is to come', () => {
  assert.deepEqual(['2.4', '2.4.1', '1.13', '2.30', '3.0', '1.14', '4.0', '2', '2.x'].map(isRelease), [
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ])
})
