import type { ErrorCode } from '@weft/api'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterEach, describe, expect, it } from 'vitest'
import { Harness, leaseOf, type ProverNode, prove, until } from './harness.js'

const DAY_MS = 24 * 3_600_000
const SILENT_MS = 60_001

let h: Harness
afterEach(() => h.stop())
const refusal = (code: ErrorCode) => expect.objectContaining({ name: 'ApiError', code })

const body = {
  maxGates: 1e6,
  memoryBytes: 1e9,
  threads: 1,
  gatesPerSecond: 1e5,
  version: '0',
  srs: 'dev' as const,
  systems: ['ultrahonk'],
}
const register = ({ api }: ProverNode, name: string) => api.registerNode({ body: { ...body, name } })
const names = async () => (await h.client().status()).nodes.map(({ name }) => name)
const stored = async (): Promise<string[]> =>
  (await h.database.read('select id from nodes order by id', [])).map(
    ({ id }) => String(id).split('/')[1] ?? '',
  )

describe('nodes', () => {
  it('of one prover are so many at a time; who is silent makes way, but not with a lease', async () => {
    h = await Harness.start({ limits: { maxNodesPerProver: 3 }, timing: { leaseMs: 10 * SILENT_MS } })
    const prover = await h.node({ name: 'a' })
    await h.batch(2)
    await leaseOf(prover)
    h.clock.advance(1)
    await register(prover, 'b')
    h.clock.advance(1)
    await register(prover, 'c')
    await expect(register(prover, 'd')).rejects.toEqual(refusal('too_many_nodes'))
    await register(prover, 'c')
    await h.node({ name: 'another' })

    h.clock.advance(SILENT_MS)
    await register(prover, 'd')
    expect(await stored()).toEqual(expect.arrayContaining(['a', 'c', 'd', 'another']))
    expect(await stored()).toHaveLength(4)
    await register(prover, 'e')
    await expect(register(prover, 'f')).rejects.toEqual(refusal('too_many_nodes'))
    expect(new Set(await stored())).toEqual(new Set(['a', 'd', 'e', 'another']))
  })

  it('of all provers are so many at a time', async () => {
    h = await Harness.start({ limits: { maxNodes: 2 } })
    await h.node({ name: 'a' })
    await h.node({ name: 'b' })
    await expect(h.node({ name: 'c' })).rejects.toEqual(refusal('too_many_nodes'))
    h.clock.advance(SILENT_MS)
    await h.node({ name: 'c' })
    expect(await names()).toEqual(['c'])
    expect(await stored()).toHaveLength(2)
  })

  it('are forgotten after a day of silence, also over a restart, but not with a lease', async () => {
    h = await Harness.start({ timing: { leaseMs: 3 * DAY_MS, sessionMs: 3 * DAY_MS, sweepMs: DAY_MS / 4 } })
    const busy = await h.node({ name: 'busy' })
    await h.batch(2)
    const lease = await leaseOf(busy)
    await h.node({ name: 'silent' })
    h.clock.advance(DAY_MS / 2)
    await h.node({ name: 'seen' })
    h.clock.advance((3 * DAY_MS) / 4)
    await until(async () => (await stored()).length === 2)
    expect(new Set(await stored())).toEqual(new Set(['busy', 'seen']))
    await prove(busy, lease)

    await h.restart()
    h.clock.advance(DAY_MS / 2)
    expect(await stored()).toHaveLength(2)
    h.clock.advance(DAY_MS)
    await until(async () => (await stored()).length === 0)
  })

  it('that were forgotten hand in their proofs all the same', async () => {
    h = await Harness.start({ limits: { maxNodesPerProver: 1 }, timing: { sessionMs: DAY_MS } })
    const account = privateKeyToAccount(generatePrivateKey())
    const join = async (name: string) => {
      const { token, address } = await h.session(account)
      const node = { address, api: h.client(token) }
      await register(node, name)
      return node
    }
    const forgotten = await join('a')
    await h.batch(2)
    const lease = await leaseOf(forgotten)
    h.clock.advance(SILENT_MS)
    await join('b')
    expect(await stored()).toEqual(['b'])
    expect(await prove(forgotten, lease, '1')).toEqual({ accepted: true, late: true })
  })

  it('register only so often from one address', async () => {
    h = await Harness.start({ limits: { requestsPerMinute: 3 } })
    const prover = await h.node()
    await register(prover, 'n')
    await register(prover, 'n')
    await expect(register(prover, 'n')).rejects.toEqual(refusal('rate_limited'))
  })

  it('leave no record of their prover behind, once its pause is over', async () => {
    h = await Harness.start({ timing: { sessionMs: 9 * DAY_MS, sweepMs: DAY_MS / 4, pauseMs: 2 * DAY_MS } })
    const cheat = await h.node()
    await h.batch(8)
    for (let i = 0; i < 3; i++) {
      const { id } = await leaseOf(cheat)
      const submitted = cheat.api.submitProof({ params: { id }, query: {}, body: new Uint8Array(3) })
      await expect(submitted).rejects.toEqual(refusal('invalid_proof'))
    }
    const records = async () => (await h.database.read('select address from provers', [])).length
    h.clock.advance(1.5 * DAY_MS)
    await until(async () => (await stored()).length === 0)
    expect(await records()).toBe(1)
    h.clock.advance(DAY_MS)
    await until(async () => (await records()) === 0)
  })
})
