import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  coordinatorSettings,
  demoSettings,
  depositSettings,
  describeSettings,
  devnetSettings,
  nodeSettings,
  offersSettings,
  ordersSettings,
  programAddSettings,
  proveSettings,
  readSettings,
  requestSettings,
  rollupSettings,
  type SettingsSchema,
  setupSettings,
  stakeSettings,
  statusSettings,
  verifySettings,
  withdrawSettings,
} from '@weft/cli'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url))
const schema = z.object({
  port: z.coerce.number().int().max(65_535).default(1),
  folder: z.string().default('here'),
})

let folder: string
let config: string
const write = async (content: string) => {
  await writeFile(config, content)
  return { config }
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-settings-'))
  config = join(folder, 'config.json')
})
afterAll(() => rm(folder, { recursive: true }))

describe('settings', () => {
  test('have defaults', async () => {
    expect(await readSettings(schema, {}, {})).toEqual({ port: 1, folder: 'here' })
  })

  test('a flag wins over the environment, that over the file, that over the default', async () => {
    const flags = await write('{"port": 2}')
    expect((await readSettings(schema, flags, {})).port).toBe(2)
    expect((await readSettings(schema, flags, { WEFT_PORT: '3' })).port).toBe(3)
    expect((await readSettings(schema, { ...flags, port: '4' }, { WEFT_PORT: '3' })).port).toBe(4)
  })

  test.each([
    ['an unknown key', '{"prot": 2}', 'prot'],
    ['a wrong value', '{"port": "many"}', 'port (--port or WEFT_PORT)'],
    ['a value out of range', '{"port": 70000}', 'port (--port or WEFT_PORT)'],
    ['no JSON', '{', 'is not a readable JSON object'],
    ['no object', '[]', 'is not a readable JSON object'],
  ])('%s is an error that says where', async (_, content, message) => {
    const flags = await write(content)
    await expect(readSettings(schema, flags, {})).rejects.toMatchObject({
      code: 'bad_config',
      message: expect.stringContaining(message),
    })
  })

  test.each([
    [{}, true],
    [{ market: 'true' }, true],
    [{ market: 'false' }, false],
  ])('what is on or off is said in words: %o', async (flags, on) => {
    expect((await readSettings(devnetSettings, flags, {})).market).toBe(on)
    const config = await write(`{"market": ${on}}`)
    expect((await readSettings(devnetSettings, config, {})).market).toBe(on)
    await expect(readSettings(devnetSettings, { market: 'perhaps' }, {})).rejects.toMatchObject({
      code: 'bad_config',
    })
  })

  test('what stands by its place is read from there alone', async () => {
    const environment = { WEFT_AMOUNT: '5', WEFT_WAIT: 'false' }
    const given = await readSettings(withdrawSettings, {}, environment)
    expect(given).toMatchObject({ wait: false })
    expect(given.amount).toBeUndefined()
    expect((await readSettings(withdrawSettings, { amount: '1' }, environment)).amount).toBe('1')
  })

  test('a missing file is an error', async () => {
    await expect(readSettings(schema, { config: join(folder, 'none') }, {})).rejects.toMatchObject({
      code: 'bad_config',
    })
  })
})

describe.each<[string, SettingsSchema]>([
  ['devnet', devnetSettings],
  ['coordinator', coordinatorSettings],
  ['node', nodeSettings],
  ['rollup', rollupSettings],
  ['demo', demoSettings],
  ['status', statusSettings],
  ['deposit', depositSettings],
  ['withdraw', withdrawSettings],
  ['stake', stakeSettings],
  ['offers', offersSettings],
  ['request', requestSettings],
  ['orders', ordersSettings],
  ['program add', programAddSettings],
  ['prove', proveSettings],
  ['setup', setupSettings],
  ['verify', verifySettings],
])('%s', (_, settings) => {
  test('every setting is described and named once', () => {
    const rows = describeSettings(settings)
    for (const { key, description } of rows) expect(description, key).not.toBe('')
    expect(new Set(rows.map(({ flag }) => flag)).size).toBe(rows.length)
  })
})

describe('the example configuration', () => {
  test.each<[string, SettingsSchema]>([
    ['devnet', devnetSettings],
    ['coordinator', coordinatorSettings],
    ['node', nodeSettings],
    ['rollup', rollupSettings],
  ])('of %s is valid', async (name, settings) => {
    const parsed = await readSettings(settings, { config: join(EXAMPLES, `${name}.json`) }, {})
    expect(Object.keys(parsed).length).toBeGreaterThan(0)
  })
})
