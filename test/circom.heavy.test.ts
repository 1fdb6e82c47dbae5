import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { devAccount } from '@weft/chain'
import { DIRECT_WORK, directStatement, type Hex, uintToBytes32 } from '@weft/protocol'
import { type RecordProof, recordGasOf } from '@weft/sdk'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { lineOf } from '../apps/cli/test/market.js'
import { type Circuit, makeCircuits } from './circuits.js'
import { CACHE, type Network, openNetwork } from './network.js'
import { deploySemaphoreVerifier, semaphoreAccepts, semaphoreAt, semaphoreInputs } from './semaphore.js'

const MAX_PRICE_WEI = 10n ** 15n
const never = new AbortController().signal

let network: Network
let folder: string
let circuits: readonly Circuit[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-circuits-'))
  // One batch of all circuits, however long their proofs take.
  const opening = openNetwork('--delivery-window-ms', '120000', '--max-batched-proofs', '5')
  ;[network, circuits] = await Promise.all([opening, makeCircuits(folder, CACHE)])
})
afterAll(async () => {
  await network?.close()
  await rm(folder, { recursive: true })
})

const register = (path: string) => network.sdk.programs.register({ path, system: 'groth16' })

/** Gas is what estimates say before anything is signed. */
const expectMeasured = async (system: string, gates: number, hash: Hex) => {
  const { gasUsed } = await network.client.getTransactionReceipt({ hash })
  const said = recordGasOf(system, gates) as number
  expect(Math.abs(Number(gasUsed) / said - 1), `${system}: ${gasUsed}, said ${said}`).toBeLessThan(0.02)
}

const isPaid = async (beforeWei: bigint) =>
  vi.waitFor(async () => expect(await network.paidWei()).toBeGreaterThan(beforeWei), {
    timeout: 30_000,
    interval: 200,
  })

test('from the shell: added, proven, paid, verified', async () => {
  const [{ path }] = circuits as readonly [Circuit, ...Circuit[]]
  const file = join(network.folder, 'inputs.json')
  await writeFile(file, JSON.stringify({ values: ['3', '4', '0', '0', '0'] }))
  const before = await network.paidWei()

  const added = lineOf(await network.run('program', 'add', path, ...network.requester), 'program')
  const { id, system } = added.program as { id: string; system: string }
  expect(system).toBe('groth16')
  const told = await network.run('prove', id, '--inputs', file, '--individual', ...network.requester)
  const stages = told.map(({ event, stage }) => stage ?? event)
  expect(stages.slice(-2)).toEqual(['settled', 'proven'])
  const { request, publicInputs } = lineOf(told, 'proven')
  expect(publicInputs).toHaveLength(3)
  await isPaid(before)
  const verified = await network.run('verify', String(request), ...network.requester)
  expect(lineOf(verified, 'proven')).toMatchObject({ kind: 'record', statement: { program: id } })
})

test.each(['plonk', 'fflonk'])(
  '%s: set up from the shell, behind a verifier of its own',
  async (protocol) => {
    const { path, right } = circuits.find(({ name }) => name === 'range') as Circuit
    const [{ inputs, publicInputs }] = right
    const at = (name: string) => join(network.folder, protocol, name)
    await mkdir(at(''))
    await copyFile(join(path, 'range.wasm'), at('range.wasm'))
    const r1cs = join(path, 'range.r1cs')
    const setup = ['--r1cs', r1cs, '--protocol', protocol, '--out', at('range.zkey')]
    const told = await network.run('setup', ...setup, '--deployment', network.deployment)
    expect(told.filter(({ event }) => event === 'warning')).toHaveLength(1)
    await writeFile(at('inputs.json'), JSON.stringify(inputs))
    const prove = ['prove', at(''), '--inputs', at('inputs.json'), ...network.requester]
    const proven = lineOf(await network.run(...prove), 'proven')
    expect((proven.publicInputs as string[]).map(BigInt)).toEqual(publicInputs)
    await expectMeasured(protocol, 1, proven.l1Tx as Hex)
  },
)

describe('a Noir program, with no system named', () => {
  const MAIN = 'fn main(p: Field, q: Field) -> pub Field { assert(p != q, "p is q"); p * q }'
  const inputs = { p: '3', q: '5' }

  test('is delivered alone, as estimated', async () => {
    const path = join(network.folder, 'noir')
    await mkdir(join(path, 'src'), { recursive: true })
    await writeFile(join(path, 'Nargo.toml'), '[package]\nname = "product"\ntype = "bin"\n[dependencies]\n')
    await writeFile(join(path, 'src/main.nr'), MAIN)
    const program = await network.sdk.programs.register({ path })
    const { deliveries } = await network.sdk.estimate({ program, maxPriceWei: MAX_PRICE_WEI })
    expect(deliveries.map(({ delivery }) => delivery)).toEqual(['aggregated', 'individual'])
    const request = { program, inputs, maxPriceWei: MAX_PRICE_WEI, delivery: 'individual' } as const
    const proof = (await network.sdk.prove(request)) as RecordProof
    expect(await proof.verifyOnChain()).toBe(true)
    expect(proof.publicInputs).toEqual([uintToBytes32(15n)])
    expect(proof.statement.program).toBe(deliveries[1]?.program)
    const { gates } = await network.sdk.programs.open(proof.statement.program)
    await expectMeasured('honk-zk', gates, proof.l1Tx)
    await expect(network.sdk.prove({ ...request, inputs: { p: '3', q: '3' } })).rejects.toMatchObject({
      code: 'unsatisfied',
      message: expect.stringMatching(/p is q.*main\.nr:1:/),
    })
  })
})

describe('five programs of circomlib’s', () => {
  test('state what is right, and are not satisfied by what is wrong', async () => {
    for (const { path, name, right, wrong } of circuits) {
      const { prepared } = await register(path)
      const execute = (inputs: object) =>
        prepared.execute(inputs, { work: DIRECT_WORK, statement: null }, never)
      for (const { inputs, publicInputs } of right.slice(1)) {
        const words = publicInputs.map((value) => uintToBytes32(value))
        expect((await execute(inputs)).statement, name).toEqual(directStatement(words))
      }
      for (const inputs of wrong)
        await expect(execute(inputs), name).rejects.toMatchObject({ code: 'unsatisfied' })
    }
  })

  test('go to L1 in one batch', async () => {
    const before = await network.paidWei()
    const proofs = await Promise.all(
      circuits.map(async ({ path, right: [{ inputs, publicInputs }] }) => {
        const request = { program: await register(path), inputs: { ...inputs }, delivery: 'batched' } as const
        const proof = (await network.sdk.prove({ ...request, maxPriceWei: MAX_PRICE_WEI })) as RecordProof
        expect(proof.publicInputs.slice(0, publicInputs.length).map(BigInt)).toEqual(publicInputs)
        return proof
      }),
    )
    expect(new Set(proofs.map(({ statement }) => statement.program)).size).toBe(circuits.length)
    expect(new Set(proofs.map(({ l1Tx }) => l1Tx)).size).toBe(1)
    for (const proof of proofs) expect(await proof.verifyOnChain()).toBe(true)
    await isPaid(before)
  })
})

describe('Semaphore, as it is published', () => {
  test.each([1, 16, 32])('of depth %i is proven, and its own contract accepts it', async (depth) => {
    const verifier = await deploySemaphoreVerifier(network.client, devAccount(9).address)
    const proof = (await network.sdk.prove({
      ...{ program: await register(semaphoreAt(depth)), inputs: semaphoreInputs(depth) },
      ...{ delivery: 'individual', maxPriceWei: MAX_PRICE_WEI },
    })) as RecordProof
    expect(await proof.verifyOnChain()).toBe(true)
    const shown = { proof: await proof.download(), publicInputs: proof.publicInputs }
    expect(await semaphoreAccepts(network.client, verifier, shown, depth)).toBe(true)
    const publicInputs = shown.publicInputs.toReversed()
    expect(await semaphoreAccepts(network.client, verifier, { ...shown, publicInputs }, depth)).toBe(false)
  })
})
