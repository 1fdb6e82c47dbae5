import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LIBRARY } from '@weft/circuits'
import { honkPrograms, noirPrograms, openNoir } from '@weft/client'
import { directStatement, hashWords, tag, uintToBytes32, ZERO_BYTES32 } from '@weft/protocol'
import { type PreparedProgram, type ProgramSystem, stateless } from '@weft/sdk'
import type { NoirSystem } from '@weft/system-noir'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const CACHE = fileURLToPath(new URL('../../../.cache/weft', import.meta.url))
const never = new AbortController().signal
const WORK = 60_000n
const NINE = hashWords(uintToBytes32(9n))

let folder: string
let system: NoirSystem
let noir: ProgramSystem
let claiming: PreparedProgram
let plain: PreparedProgram

const project = async (name: string, main: string): Promise<string> => {
  const at = join(folder, name)
  await mkdir(join(at, 'src'), { recursive: true })
  const dependency = `[dependencies]\nweft = { path = "${LIBRARY}" }\n`
  await writeFile(
    join(at, 'Nargo.toml'),
    `[package]\nname = "${name}"\ntype = "bin"\nauthors = []\n\n${dependency}`,
  )
  await writeFile(join(at, 'src', 'main.nr'), main)
  return at
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-programs-'))
  system = await openNoir({ cacheFolder: CACHE, srs: 'dev', threads: 2 }, () => undefined)
  noir = noirPrograms(system, join(CACHE, 'noir'))
  const squareClaim = `use weft::program::{Claim, hash_fields};
fn main(x: Field, prover: Field) -> pub Claim {
    assert(x != 0, "x is zero");
    Claim::stateless(hash_fields([x * x]), prover, ${WORK})
}`
  const square = 'fn main(x: Field) -> pub Field { assert(x != 0, "x is zero"); x * x }'
  claiming = await noir.load({ path: await project('square_claim', squareClaim) }, never)
  plain = await noir.load({ path: await project('square', square) }, never)
})
afterAll(async () => {
  await system.close()
  await rm(folder, { recursive: true })
})

const execute = (program: PreparedProgram, inputs: object, statement = stateless(NINE), work = WORK) =>
  program.execute(inputs, { work, statement }, never)

describe('a program that makes its claim by itself', () => {
  test('has the work that its author says, and the claim that is expected', async () => {
    expect(claiming.work).toBeNull()
    expect(await execute(claiming, { x: '3' })).toEqual({ statement: stateless(NINE), inputs: { x: '3' } })
  })

  test.each<[string, () => Promise<unknown>, string]>([
    ['another result', () => execute(claiming, { x: '3' }, stateless(tag('other'))), 'bad_claim'],
    ['another state', () => execute(claiming, { x: '3' }, { ...stateless(NINE), pre: NINE }), 'bad_claim'],
    ['another work', () => execute(claiming, { x: '3' }, stateless(NINE), WORK + 1n), 'bad_claim'],
    ['a prover of the requester’s', () => execute(claiming, { x: '3', prover: '1' }), 'bad_inputs'],
  ])('is not asked for with %s', async (_, task, code) => {
    await expect(task()).rejects.toMatchObject({ code })
  })

  test('cannot be asked for without what it claims', async () => {
    await expect(claiming.execute({ x: '3' }, { work: WORK, statement: null }, never)).rejects.toMatchObject({
      code: 'statement_needed',
    })
  })
})

describe('any other program', () => {
  test('claims its public inputs, in a wrapper whose work is measured', async () => {
    expect(plain.work).toBeGreaterThan(700_000n)
    const { statement, inputs } = await plain.execute({ x: '3' }, { work: 1n, statement: null }, never)
    expect(statement).toEqual({ pre: ZERO_BYTES32, post: NINE, data: NINE })
    expect(inputs).toEqual({ inner: { x: '3' } })
  })

  test('claims nothing else', async () => {
    await expect(execute(plain, { x: '3' }, stateless(tag('other')))).rejects.toMatchObject({
      code: 'bad_claim',
    })
  })
})

describe.each([
  ['square_claim', () => claiming],
  ['square', () => plain],
])('%s', (_, program) => {
  test('names the input that is wrong, and the assertion that fails, with its place', async () => {
    await expect(execute(program(), { x: 'three' })).rejects.toMatchObject({
      code: 'bad_inputs',
      message: expect.stringContaining('inputs.x'),
    })
    await expect(execute(program(), {})).rejects.toMatchObject({ code: 'bad_inputs' })
    await expect(execute(program(), { x: '0' })).rejects.toMatchObject({
      code: 'unsatisfied',
      message: expect.stringMatching(/x is zero.*main\.nr/),
    })
  })

  test('is the same program from a coordinator, and gives no sources away', async () => {
    const { artifact, keyHash, gates } = program()
    const opened = await noir.open('opened', artifact, never)
    expect(opened).toMatchObject({ keyHash, gates })
    expect((await execute(opened, { x: '3' })).statement).toEqual(stateless(NINE))
    await expect(execute(opened, { x: '0' })).rejects.toMatchObject({ code: 'unsatisfied' })
    expect(Buffer.from(artifact).toString()).not.toContain('assert(')
  })

  describe.each([
    ['from its author', async () => plain],
    ['from a coordinator', async () => noir.open('opened', plain.artifact, never)],
  ])('%s', (_, given) => {
    test('is one for Ethereum alone as well, whose errors name places here and whose sources stay here', async () => {
      const { alone, name } = await given()
      const honk = honkPrograms(system, join(CACHE, 'noir')).find((one) => one.name === alone?.system)
      expect(honk?.name).toBe('honk-zk')
      const lone = (await honk?.open(name, alone?.artifact as Uint8Array, never)) as PreparedProgram
      const { statement } = await lone.execute({ x: '3' }, { work: 1n, statement: null }, never)
      expect(statement).toEqual(directStatement([uintToBytes32(9n)]))
      const place = name === 'square' ? /x is zero.*main\.nr:1:/ : /x is zero/
      const failing = lone.execute({ x: '0' }, { work: 1n, statement: null }, never)
      await expect(failing).rejects.toMatchObject({
        code: 'unsatisfied',
        message: expect.stringMatching(place),
      })
      expect(Buffer.from(lone.artifact).toString()).not.toContain('assert(')
    })
  })

  test('that makes its claim by itself is none for Ethereum alone', () => {
    expect(claiming.alone).toBeUndefined()
  })
})

test.each(['', 'null', '[]', '{"inner":null}', '{"inner":{}}', '{"bytecode":"x"}'])(
  'an artifact that is %j is refused',
  async (text) => {
    await expect(noir.open('bad', Buffer.from(text), never)).rejects.toMatchObject({ code: 'bad_artifact' })
  },
)
