import type { BatchView, JobView, OrderView } from '@weft/api'
import { type Address, tag, toAddress } from '@weft/protocol'
import { expect, test } from 'vitest'
import { type Look, ProgressMeter } from '../src/progress.js'
import { view } from './support/fixtures.js'

const prover = toAddress(`0x${'9a'.repeat(20)}`)
const slow = toAddress(`0x${'9b'.repeat(20)}`)

const node = (of: Address, gatesPerSecond: number): Look['nodes'][number] => ({
  ...{ prover: of, name: 'node', gatesPerSecond },
  ...{ maxGates: 1, systems: [], leases: 0, lastSeenMs: 0 },
})
const job = (name: string, state: JobView['state'], by: Address | null = null): JobView => ({
  ...{ id: tag(name), kind: 'segment', target: 'recursive', seconds: null },
  ...{ state, gates: 1_000_000, prover: by },
})
const look = (
  order: OrderView['state'],
  jobs: OrderView['jobs'][number]['state'][],
  batch: Partial<BatchView>,
  changes: Partial<Look> = {},
): Look => ({
  order: {
    ...({ state: order, waits: null, limitPriceWei: 1n, reservedWei: 2n } as OrderView),
    jobs: jobs.map((state) => ({ state }) as OrderView['jobs'][number]),
  },
  batch: { ...view('proving'), jobs: [], ...batch },
  aggregate: null,
  nodes: [node(prover, 100_000), node(slow, 50_000)],
  ...changes,
})
const read = (seen: Look, nowMs = 0, meter = new ProgressMeter()) => meter.read(seen, nowMs)

test.each<[string, Look]>([
  ['queued', look('matching', ['unmatched'], { jobs: [job('a', 'ready')] })],
  ['matched', look('matching', ['matched'], { jobs: [job('a', 'ready')] })],
  ['proving', look('proving', ['matched'], { jobs: [job('a', 'leased', prover)] })],
  ['aggregating', look('proving', ['proven'], { state: 'aggregating', jobs: [job('a', 'proven', prover)] })],
  ['settling', look('proving', ['proven'], { state: 'settling' })],
  ['settled', look('settled', ['proven'], { state: 'settled' })],
  ['cancelled', look('cancelled', ['unmatched'], { state: 'failed' })],
  ['failed', look('failed', ['unmatched'], { state: 'failed' })],
])('a request is %s', (stage, seen) => {
  expect(read(seen).stage).toBe(stage)
})

test('time left goes by the gates and the speed of who proves, and by how long it is under way', () => {
  const meter = new ProgressMeter()
  const seen = look('proving', ['matched'], { jobs: [job('a', 'leased', slow), job('b', 'waiting')] })
  // A million gates at 50,000 a second, then as many at the fastest node's 100,000.
  expect(read(seen, 1_000, meter).secondsLeft).toBe(30)
  expect(read(seen, 6_000, meter).secondsLeft).toBe(25)
  expect(read(seen, 60_000, meter).secondsLeft).toBe(10)
})

test('jobs of the aggregate count', () => {
  const aggregate = { jobs: [job('merge', 'leased', prover)] } as unknown as Look['aggregate']
  const seen = look(
    'proving',
    ['proven'],
    { state: 'aggregating', jobs: [job('a', 'proven')] },
    { aggregate },
  )
  expect(read(seen)).toMatchObject({ jobs: 2, proven: 1, secondsLeft: 10 })
})

test('nobody guesses while nobody proves, or no node is known', () => {
  expect(read(look('matching', [], { jobs: [job('a', 'ready')] })).secondsLeft).toBeNull()
  const alone = look('proving', [], { jobs: [job('a', 'leased', slow), job('b', 'waiting')] }, { nodes: [] })
  expect(read(alone).secondsLeft).toBeNull()
})
