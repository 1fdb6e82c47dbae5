import type { Lease } from '@weft/api'
import { openPglite } from '@weft/coordinator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimOf, Harness, leaseOf, type ProverNode, prove, until } from './harness.js'

let h: Harness
beforeEach(async () => {
  h = await Harness.start({ limits: { maxClaims: 2 }, timing: { windowMs: 1000 } })
})
afterEach(() => h.stop())

/** The same node and session after a restart, at the coordinator's new address. */
const reconnect = (nodes: Map<ProverNode, string>): ProverNode[] =>
  [...nodes].map(([node, token]) => ({ address: node.address, api: h.client(token) }))

const openNode = async (nodes: Map<ProverNode, string>): Promise<ProverNode> => {
  const { token, address } = await h.session()
  const node = { address, api: h.client(token) }
  const body = { name: 'n', maxGates: 1e6, memoryBytes: 1e9, threads: 1, gatesPerSecond: 1e5, version: '0' }
  await node.api.registerNode({ body: { ...body, srs: 'dev', systems: ['ultrahonk'] } })
  nodes.set(node, token)
  return node
}

describe('a restart', () => {
  it('after a kill at every step proves nothing twice and loses nothing', async () => {
    const nodes = new Map<ProverNode, string>()
    await openNode(nodes)
    const ids = [await h.batch(2, 1), await h.batch(1, 2)]
    const proven: string[] = []
    const again = async () => {
      await h.kill()
      await h.open()
    }
    for (;;) {
      await again()
      const [before] = reconnect(nodes)
      const lease: Lease | undefined = await (before as ProverNode).api.lease({ query: {} })
      if (!lease) break
      await again()
      const [after] = reconnect(nodes)
      // The lease goes on by its id, without a new session.
      await (after as ProverNode).api.heartbeat({ params: { id: lease.id }, body: {} })
      await prove(after as ProverNode, lease)
      proven.push(`${lease.job.id} ${lease.job.target}`)
    }
    expect(proven).toHaveLength(5)
    expect(new Set(proven).size).toBe(5)
    for (const id of ids) {
      await until(async () => (await h.client().batch({ params: { id } })).state === 'settled')
      expect((await claimOf(h.client(), id)).count).toBe(2)
    }
    expect(h.l1.roots).toHaveLength(1)
    await again()
    expect((await h.client().status()).batches).toMatchObject({ settled: 2 })
    const [node] = reconnect(nodes)
    const payouts = await h.client().payouts({ params: { prover: (node as ProverNode).address }, query: {} })
    expect(payouts).toMatchObject({ claims: { length: 2 }, shared: { length: 1 } })
  })

  it('takes a proof again whose answer was lost', async () => {
    const nodes = new Map<ProverNode, string>()
    await h.batch(2)
    const lease = await leaseOf(await openNode(nodes))
    const [same] = reconnect(nodes)
    await prove(same as ProverNode, lease)
    await h.kill()
    await h.open()
    const [after] = reconnect(nodes)
    expect(await prove(after as ProverNode, lease)).toEqual({ accepted: true, late: false })
  })

  it('sends nothing twice to L1 when it was interrupted there', async () => {
    const nodes = new Map<ProverNode, string>()
    const id = await h.batch(2)
    const node = await openNode(nodes)
    let answer: () => void = () => undefined
    h.l1.beforeAnswer = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    for (let i = 0; i < 3; i++) await prove(node, await leaseOf(node))
    await until(async () => h.l1.roots.length === 1)
    await h.kill()
    answer()
    await h.open()
    await until(async () => (await h.client().batch({ params: { id } })).state === 'settled')
    expect(h.l1.roots).toHaveLength(1)
  })

  it('keeps what two provers have to agree on', async () => {
    const nodes = new Map<ProverNode, string>()
    const id = await h.batch(2)
    const first = await openNode(nodes)
    const lease = await leaseOf(first)
    await first.api.releaseLease({ params: { id: lease.id }, body: { reason: 'unsatisfied' } })
    await h.restart()
    const second = await openNode(new Map())
    const again = await leaseOf(second)
    expect(again.job.id).toBe(lease.job.id)
    await second.api.releaseLease({ params: { id: again.id }, body: { reason: 'unsatisfied' } })
    expect((await h.client().batch({ params: { id } })).state).toBe('failed')
    await h.restart()
    expect((await h.client().batch({ params: { id } })).reason).toContain('unsatisfied')
  })
})

describe('a database that crashes', () => {
  it('is opened again, and what was not stored is refused, then stored', async () => {
    const node = await h.node()
    await h.batch(2)
    const lease = await leaseOf(node)
    const crash = h.database.crash()
    const outcome = await prove(node, lease).then(
      () => 'accepted',
      (error: { code: string }) => error.code,
    )
    await crash
    expect(['accepted', 'storage_unavailable']).toContain(outcome)
    await until(async () => {
      h.clock.advance(1000)
      return (await h.client().status()).storage
    })
    expect(await prove(node, lease)).toEqual({ accepted: true, late: false })
  })
})

describe('a data folder', () => {
  it('is used by one coordinator at a time', async () => {
    await expect(openPglite(`${h.folder}/db`)).rejects.toMatchObject({ code: 'folder_in_use' })
  })
})
