import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readCommandConfig } from '@weft/system-command'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fill, placeholdersOf } from '../src/arguments.js'
import { CONFIG, newFolder, WORD, writeConfig } from './support.js'

const verifier = {
  codeHash: WORD,
  selector: '0x01020304',
  takes: 'bytes',
  artifact: WORD,
  address: `0x${'ad'.repeat(20)}`,
}

const { setup: _, ...withoutSetup } = CONFIG

const wrong: [string, object, RegExp][] = [
  ['an unknown field', { ...CONFIG, provr: [] }, /provr/],
  ['a name with a slash', { ...CONFIG, name: '../x' }, /systems\[0\]\.name/],
  ['the name of another system', { ...CONFIG, name: 'groth16' }, /take another/],
  ['no command', { ...CONFIG, prove: [] }, /prove/],
  ['no program', { ...CONFIG, prove: ['', 'a'] }, /give a program/],
  ['a command as one string', { ...CONFIG, prove: 'rm -rf /' }, /prove/],
  ['an unknown placeholder', { ...CONFIG, prove: ['a', '-o={outptu}'] }, /\{outptu\} means nothing here/],
  ['a placeholder of another command', { ...CONFIG, verify: ['a', '{inputs}'] }, /\{inputs\} means nothing/],
  ['a job in the environment', { ...CONFIG, env: { A: '{inputs}' } }, /\{inputs\} means nothing/],
  ['a variable that is none', { ...CONFIG, env: { 'A=B': 'c' } }, /env/],
  ['neither setup nor verifier', { ...withoutSetup, gates: 1, memoryBytes: 1 }, /give a verifier/],
  ['no cost', { ...withoutSetup, verifier }, /give gates and memoryBytes/],
  ['a verifier in two places', { ...CONFIG, verifier: { ...verifier, creationCode: 'a' } }, /give one of/],
  ['a verifier nowhere', { ...CONFIG, verifier: { ...verifier, address: undefined } }, /give one of/],
  ['a verifier of everything', { ...CONFIG, verifier: { ...verifier, artifact: undefined } }, /artifact/],
  ['half a selector', { ...CONFIG, verifier: { ...verifier, selector: '0x0102' } }, /selector/],
  ['a proof of no bytes', { ...CONFIG, maxProofBytes: 0 }, /maxProofBytes/],
  ['a proof of a gigabyte', { ...CONFIG, maxProofBytes: 2 ** 30 }, /maxProofBytes/],
  ['more public inputs than any verifier takes', { ...CONFIG, maxPublicInputs: 5000 }, /maxPublicInputs/],
]

describe('a config file', () => {
  test.each(wrong)('with %s is refused', async (_, entry, message) => {
    const path = await writeConfig(await newFolder(), entry)
    await expect(readCommandConfig(path)).rejects.toMatchObject({
      code: 'bad_config',
      message: expect.stringMatching(message),
    })
  })

  test('that is missing, no JSON or names two systems alike is refused', async () => {
    const folder = await newFolder()
    const refused = { code: 'bad_config' }
    await expect(readCommandConfig(join(folder, 'none.json'))).rejects.toMatchObject(refused)
    await writeFile(join(folder, 'systems.json'), '{')
    await expect(readCommandConfig(join(folder, 'systems.json'))).rejects.toMatchObject(refused)
    await expect(readCommandConfig(await writeConfig(folder))).rejects.toMatchObject(refused)
    await expect(readCommandConfig(await writeConfig(folder, CONFIG, CONFIG))).rejects.toMatchObject(refused)
  })

  test('says where it is and what is left out', async () => {
    const folder = await newFolder()
    const [config] = await readCommandConfig(await writeConfig(folder, CONFIG))
    expect(config).toMatchObject({ ...CONFIG, folder, env: {}, maxPublicInputs: 128 })
  })
})

test('a value is never read as a placeholder, and braces of no placeholder stay', () => {
  expect(fill('-o={output}/{key}{key}', { output: '{key}', key: '$1$&' })).toBe('-o={key}/$1$&$1$&')
  expect(fill('{}{ key }{0}', { key: 'k' })).toBe('{}{ key }{0}')
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, value) => {
      if (placeholdersOf(text).length === 0)
        expect(fill(`${text}{key}`, { key: value })).toBe(`${text}${value}`)
    }),
  )
})
