import { fakeSystem, type LawFixture, PROOF_SYSTEM_LAWS } from '@weft/proof/testing'
import { describe, expect, test } from 'vitest'

const publicInput = `0x${'ab'.repeat(32)}` as const
const fixture = (accepts: Parameters<typeof fakeSystem>[0]): LawFixture => ({
  system: fakeSystem(accepts),
  program: 'small',
  broken: 'missing',
  inputs: { publicInput },
  publicInput,
  unsatisfied: { publicInput: 'unsatisfied' },
  malformed: {},
})

describe('the honest fake keeps the laws', () => {
  test.each(PROOF_SYSTEM_LAWS)('$name', async ({ check }) => {
    await expect(check(fixture('honest'))).resolves.toBeUndefined()
  })
})

describe('the laws notice', () => {
  const [verifies, refuses] = PROOF_SYSTEM_LAWS
  test('a verifier that accepts everything', async () => {
    await expect(verifies?.check(fixture('everything'))).rejects.toThrow('another public input')
    await expect(refuses?.check(fixture('everything'))).rejects.toThrow('bad proof 0 verifies')
  })
  test('a verifier that accepts nothing', async () => {
    await expect(verifies?.check(fixture('nothing'))).rejects.toThrow('does not verify')
  })
})
