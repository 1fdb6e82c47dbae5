import { claimHash, claimsRootOf, type PayoutPath, payoutRootOf } from '@weft/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Harness, proveAll, until } from './harness.js'

let h: Harness
beforeEach(async () => {
  h = await Harness.start()
})
afterEach(() => h.stop())

const settled = (id: `0x${string}`) =>
  until(async () => {
    const batch = await h.client().batch({ params: { id } })
    return batch.state === 'settled' && batch
  })

describe('a batch', () => {
  it('alone goes from its request to an opening and payouts', async () => {
    const id = await h.batch(3)
    const node = await h.node()
    const leases = await proveAll(node)
    expect(leases.filter((lease) => lease.job.kind === 'merge')).toHaveLength(2)
    expect(leases.at(-1)?.job.target).toBe('evm')
    const batch = await settled(id)
    expect(batch).toMatchObject({ proven: 5, segments: 3, l1Tx: `0x${'00'.repeat(31)}01` })

    const opening = await h.client().opening({ params: { id } })
    expect(claimsRootOf(claimHash(opening.claim), opening)).toBe(opening.claimsRoot)
    expect(h.l1.settled.has(opening.claimsRoot)).toBe(true)

    const { claims, shared } = await h.client().payouts({ params: { prover: node.address }, query: {} })
    expect(shared).toEqual([])
    expect(claims).toHaveLength(1)
    expect(claims[0]?.entries).toHaveLength(5)
    for (const { work, job, position, siblings } of claims[0]?.entries ?? []) {
      const path: PayoutPath = { entry: { prover: node.address, work, job }, position, siblings }
      expect(payoutRootOf(path)).toBe(opening.claim.payouts)
    }
  })
})
