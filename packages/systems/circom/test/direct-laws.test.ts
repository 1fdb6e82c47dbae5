import { DIRECT_SYSTEM_LAWS, type DirectLawFixture } from '@weft/proof/testing'
import { uintToBytes32 } from '@weft/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Direct, openDirect, PROTOCOLS } from './direct-support.js'

let direct: Direct
beforeAll(async () => {
  direct = await openDirect()
})
afterAll(() => direct?.close())

describe.each(PROTOCOLS)('%s', (protocol) => {
  let fixture: DirectLawFixture
  beforeAll(async () => {
    const range = await direct.makeArtifact('range', protocol)
    fixture = {
      system: direct.system(protocol),
      artifact: range,
      other: await direct.makeArtifact('product', protocol),
      broken: { name: 'broken', bytes: range.bytes.slice(0, -1) },
      inputs: { least: 10, most: '0xff', value: 10 },
      publicInputs: [1n, 10n, 255n].map(uintToBytes32),
      unsatisfied: { least: 10, most: 255, value: 9 },
      malformed: { least: 10, most: 255, value: 'ten' },
    }
  })

  test.each(DIRECT_SYSTEM_LAWS)('$name', async ({ check }) => {
    await expect(check(fixture)).resolves.toBeUndefined()
  })
})
