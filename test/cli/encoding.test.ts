import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from '../../server/src/checking/encoding.ts'

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

function read(content: Uint8Array): string {
  const source = decode(content)
  return 'problem' in source ? `problem: ${source.problem.en}` : source.text
}

const undeclared = 'problem: it is not valid utf-8; another encoding is named in the first line: # -*- coding: gbk -*-'

const cases: readonly { readonly title: string; readonly content: Uint8Array; readonly text: string }[] = [
  { title: 'nothing', content: bytes(''), text: '' },
  { title: 'UTF-8 by default', content: Buffer.from('# 中'), text: '# 中' },
  { title: 'a byte order mark is no text', content: Buffer.from('\ufeffx'), text: 'x' },
  { title: 'only the first mark is one', content: Buffer.from('\ufeff\ufeffx'), text: '\ufeffx' },
  {
    title: 'a mark outweighs the comment',
    content: Buffer.from('\ufeff# coding: gbk\n# 中'),
    text: '# coding: gbk\n# 中',
  },
  { title: 'Latin-1 is bytes as code points', content: bytes('#coding=latin-1\n\x80'), text: '#coding=latin-1\n\x80' },
  { title: 'Windows-1252 is not', content: bytes('# coding: cp1252\n\x80'), text: '# coding: cp1252\n€' },
  { title: 'GBK', content: bytes('# -*- coding: GBK -*-\n\xd6\xd0'), text: '# -*- coding: GBK -*-\n中' },
  {
    title: 'in the second line',
    content: bytes('#!python\n# coding: gb2312\n\xd6\xd0'),
    text: '#!python\n# coding: gb2312\n中',
  },
  {
    title: 'Emacs style',
    content: bytes('# -*- coding: iso-8859-1-unix -*-\n\xe9'),
    text: '# -*- coding: iso-8859-1-unix -*-\né',
  },
  { title: 'underscores', content: bytes('# coding: euc_jp\n\xa4\xa2'), text: '# coding: euc_jp\nあ' },
  { title: 'not behind code', content: Buffer.from('x = 1\n# coding: gbk\n# 中'), text: 'x = 1\n# coding: gbk\n# 中' },
  {
    title: 'not in the third line',
    content: bytes('#\n#\n# coding: gbk\n\xff'),
    text: undeclared,
  },
  { title: 'not UTF-8', content: bytes('# \xe9\n'), text: undeclared },
  { title: 'not GBK', content: bytes('# coding: gbk\n\xff\xff'), text: 'problem: it is not valid gbk' },
  {
    title: 'an encoding nobody knows',
    content: bytes('# coding: klingon\n'),
    text: 'problem: its encoding klingon is not known',
  },
  { title: 'NUL', content: bytes('x = 1\0'), text: 'problem: this is a binary file, not Python' },
  {
    title: 'an executable',
    content: bytes('\x7fELF\x02\x01\x01\0\0'),
    text: 'problem: this is a binary file, not Python',
  },
  { title: 'half a character of UTF-16', content: bytes('\xff\xfex\0y'), text: 'problem: it is not valid utf-16le' },
]

for (const { title, content, text } of cases) test(`decode: ${title}`, () => assert.equal(read(content), text))

test('a character that the encoding does not have cannot be written', () => {
  for (const declaration of ['latin-1', 'gbk']) {
    const source = decode(bytes(`# coding: ${declaration}\n`))
    assert.ok('text' in source)
    const encoded = source.encode(`${source.text}😀`)
    assert.ok('problem' in encoded)
    assert.match(encoded.problem.en, new RegExp(`cannot be written in the file's encoding ${declaration}`))
  }
})

test('bytes that would not come back as they were are not written', () => {
  const source = decode(bytes('# coding: shift_jis\n# \x87\x54 and \xfa\x4a are both the Roman numeral one\n'))
  assert.ok('text' in source)
  assert.ok('problem' in source.encode(source.text))
})
