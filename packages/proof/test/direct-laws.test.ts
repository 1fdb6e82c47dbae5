import { DIRECT_SYSTEM_LAWS, type DirectLawFixture, fakeDirectSystem } from '@weft/proof/testing'
import { uintToBytes32 } from '@weft/protocol'
import { describe, expect, test } from 'vitest'

const publicInputs = [uintToBytes32(5n), uintToBytes32(6n)]
const artifactOf = (name: string, text = name) => ({ name, bytes: new TextEncoder().encode(text) })

const fixture = (accepts: Parameters<typeof fakeDirectSystem>[1]): DirectLawFixture => ({
  system: fakeDirectSystem('fake', accepts),
  artifact: artifactOf('one program'),
  other: artifactOf('another program'),
  broken: artifactOf('broken', ''),
  inputs: { publicInputs },
  publicInputs,
  unsatisfied: { publicInputs: 'unsatisfied' },
  malformed: {},
})

describe('the honest fake keeps the laws', () => {
  test.each(DIRECT_SYSTEM_LAWS)('$name', async ({ check }) => {
    await expect(check(fixture('honest'))).resolves.toBeUndefined()
  })
})

describe('the laws notice', () => {
  const [verifies, refuses, deterministic, executes] = DIRECT_SYSTEM_LAWS

  test('a verifier that accepts everything', async () => {
    await expect(verifies?.check(fixture('everything'))).rejects.toThrow('other public inputs')
    await expect(refuses?.check(fixture('everything'))).rejects.toThrow('bad proof 0 verifies')
  })

  test('a verifier that accepts nothing', async () => {
    await expect(verifies?.check(fixture('nothing'))).rejects.toThrow('does not verify')
  })

  test('a setup that depends on more than the artifact', async () => {
    const { system, ...rest } = fixture('honest')
    let calls = 0
    const setup: typeof system.setup = async ({ name }, limits) =>
      system.setup(artifactOf(name, `${name} ${calls++}`), limits)
    await expect(deterministic?.check({ ...rest, system: { ...system, setup } })).rejects.toThrow(
      'two setups give two keys',
    )
  })

  test('an execution that says something else than the proof', async () => {
    const { system, ...rest } = fixture('honest')
    const execute = async () => [uintToBytes32(7n)]
    await expect(executes?.check({ ...rest, system: { ...system, execute } })).rejects.toThrow(
      'makes something else public',
    )
  })
})
