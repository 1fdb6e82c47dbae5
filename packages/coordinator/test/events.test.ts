import { type ApiEvent, followEvents } from '@weft/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Harness, leaseOf, proofOf, prove } from './harness.js'

let h: Harness
beforeEach(async () => {
  h = await Harness.start()
})
afterEach(() => h.stop())

/** Events until one of this type and state. */
const collect = async (
  since: number | undefined,
  isLast: (event: ApiEvent) => boolean,
): Promise<ApiEvent[]> => {
  const controller = new AbortController()
  const seen: ApiEvent[] = []
  const options = { url: h.url, connect: (url: string) => new WebSocket(url), signal: controller.signal }
  for await (const event of followEvents(since === undefined ? options : { ...options, since })) {
    seen.push(event)
    if (isLast(event)) break
  }
  return seen
}
const isSettled = (event: ApiEvent) => event.type === 'aggregate_state' && event.state === 'settled'

describe('events', () => {
  it('tell everything that happens, in order, and can be resumed', async () => {
    const node = await h.node()
    await h.batch(2)
    const returned = await leaseOf(node)
    await node.api.releaseLease({ params: { id: returned.id }, body: { reason: 'shutdown' } })
    const bad = await leaseOf(node)
    await expect(
      node.api.submitProof({ params: { id: bad.id }, query: {}, body: new Uint8Array(1) }),
    ).rejects.toMatchObject({ code: 'invalid_proof' })
    const lost = await leaseOf(node)
    h.clock.advance(7000)
    expect(await prove(node, lost)).toMatchObject({ late: true })
    h.clock.advance(30_000)
    for (
      let lease = await node.api.lease({ query: {} });
      lease;
      lease = await node.api.lease({ query: {} })
    ) {
      await prove(node, lease)
    }

    const all = await collect(0, isSettled)
    expect(all[0]?.type).toBe('events_lost')
    const events = all.slice(1)
    const types = events.map((event) => event.type)
    const once = ['lease_released', 'proof_rejected', 'lease_lost'] as const
    for (const type of once) expect(types.filter((t) => t === type)).toHaveLength(1)
    expect(types.filter((type) => type === 'job_proven')).toHaveLength(3)
    expect(types.filter((type) => type === 'job_leased')).toHaveLength(5)
    const states = events.flatMap((event) => (event.type === 'batch_state' ? [event.state] : []))
    expect(states).toEqual(['proving', 'aggregating', 'settling', 'settled'])
    const seqs = events.map((event) => event.seq)
    expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] ?? 0) + i))

    const middle = events[3]?.seq
    expect(await collect(middle, isSettled)).toEqual(events.slice(4))
  })

  it('are told as they happen, only when durable', async () => {
    const node = await h.node()
    const proven = collect(undefined, (event) => event.type === 'job_proven')
    // The listener is on when its connection counts as open: the first event it sees may be any of these.
    const id = await h.batch(2)
    const lease = await leaseOf(node)
    const body = await proofOf(lease, node.address)
    await node.api.submitProof({ params: { id: lease.id }, query: { next: '1' }, body })
    expect((await h.client().batch({ params: { id } })).proven).toBe(1)
    expect((await proven).at(-1)).toMatchObject({
      type: 'job_proven',
      job: lease.job.id,
      prover: node.address,
    })
  })

  it('of another run of the coordinator are known to be lost', async () => {
    await h.batch(2)
    const [first] = await collect(0, () => true)
    await h.restart()
    const [event] = await collect(first?.seq ?? 0, () => true)
    expect(event?.type).toBe('events_lost')
    expect(event?.seq).toBeGreaterThan(first?.seq ?? 0)
  })

  it('say that it is quiet', async () => {
    const quiet = collect(undefined, (event) => event.type === 'quiet')
    let told = false
    void quiet.then(() => {
      told = true
    })
    while (!told) {
      h.clock.advance(15_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await quiet).toMatchObject([{ type: 'quiet' }])
  })

  it('refuse a listener that speaks, or asks for nonsense', async () => {
    const closed = (socket: WebSocket) =>
      new Promise<number>((resolve) => {
        socket.on('close', resolve)
      })
    const url = `${h.url.replace('http', 'ws')}/v1/events`
    expect(await closed(new WebSocket(`${url}?since=x`))).toBe(1008)
    const talker = new WebSocket(url)
    talker.on('open', () => talker.send('hello'))
    expect(await closed(talker)).toBe(1008)
  })
})
