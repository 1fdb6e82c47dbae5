import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Artifact, DirectSystem } from '@weft/proof'
import { DIRECT_SYSTEM_LAWS, type DirectLawFixture } from '@weft/proof/testing'
import { uintToBytes32 } from '@weft/protocol'
import { type CircomSystem, createCircomDirectSystems } from '@weft/system-circom'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { artifactMaker, openSystem, PROTOCOLS } from './direct-support.js'

let system: CircomSystem
let folder: string
let systems: readonly DirectSystem[]
let makeArtifact: Awaited<ReturnType<typeof artifactMaker>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-circom-'))
  system = openSystem()
  systems = createCircomDirectSystems(system, { cacheFolder: folder })
  makeArtifact = await artifactMaker(system)
})
afterAll(async () => {
  await system.close()
  await rm(folder, { recursive: true })
})

describe.each(PROTOCOLS)('%s', (protocol) => {
  let fixture: DirectLawFixture
  beforeAll(async () => {
    const range: Artifact = await makeArtifact('range', protocol)
    fixture = {
      system: systems.find(({ name }) => name === protocol) as DirectSystem,
      artifact: range,
      other: await makeArtifact('product', protocol),
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
