import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ApiError, type ReleaseReason } from '@weft/api'
import { publicInput } from '@weft/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHarness, type Harness, until } from './support/harness.js'
import { type Behaviour, keyOf } from './support/system.js'

let h: Harness
beforeEach(async () => {
  h = await createHarness()
})
afterEach(() => h.close())

const outbox = () => readdir(join(h.folder, 'outbox')).catch(() => [])

describe('a node', () => {
  it('measures itself, registers, proves and takes the next lease from the reply', async () => {
    const { queue, log, leaf } = h.coordinator
    queue.push(await h.segment(1), await h.segment(2), await h.segment(3))
    const node = await h.start()
    await until(() => log.accepted.length === 3)
    expect(log.accepted.map(({ proof }) => proof)).toEqual([1, 2, 3].map(h.segmentProof))
    expect(log.capabilities).toHaveLength(1)
    expect(log.capabilities[0]).toMatchObject({
      name: 'node-1',
      srs: 'dev',
      threads: 1,
      maxGates: 2 ** 20,
      memoryBytes: 2 ** 30,
      gatesPerSecond: node.status().gatesPerSecond,
    })
    expect(node.status().gatesPerSecond).toBeGreaterThan(0)
    expect(log.polls).toBeGreaterThanOrEqual(1)
    await until(() => node.status().proven === 3)
    expect(node.status()).toMatchObject({ released: {}, lastFailure: null, coordinator: null })
    await until(async () => (await outbox()).length === 0)
    // The program was fetched once and is on disk for the next start.
    expect(await readdir(join(h.folder, 'blobs'))).toEqual([leaf.artifact, leaf.key].sort())
  })

  it.each([
    ['sequence', 'recursive'],
    ['sequence', 'evm'],
    ['parallel', 'evm'],
  ] as const)('proves a %s merge for %s', async (mode, target) => {
    const { queue, log } = h.coordinator
    const job = await h.merge(1, mode, target)
    queue.push(job)
    await h.start()
    await until(() => log.accepted.length === 1)
    const key = keyOf(target, 'merge')
    expect(log.accepted[0]).toMatchObject({ job: job.id, proof: expect.stringContaining(key.hash) })
  })

  it('opens another session when its own is over', async () => {
    const { queue, log, expireSessions } = h.coordinator
    await h.start()
    await until(() => log.polls > 0)
    expireSessions()
    queue.push(await h.segment(1))
    await until(() => log.accepted.length === 1)
    expect(log.capabilities).toHaveLength(2)
  })
})

describe('a lease', () => {
  it('is kept by heartbeats while proving', async () => {
    const { queue, log } = h.coordinator
    const node = await h.start()
    h.hold(true)
    queue.push(await h.segment(1))
    await until(() => h.started.includes('leaf') && log.beats.length > 3)
    expect(node.status().activity).toMatchObject({ kind: 'proving', gates: 1000 })
    h.hold(false)
    await until(() => log.accepted.length === 1)
  })

  it('that is lost does not end a job: its late proof is handed in', async () => {
    const { queue, log, handlers } = h.coordinator
    let asked = 0
    handlers.heartbeat = () => {
      asked += 1
      throw new ApiError('lease_lost', 'too late')
    }
    await h.start()
    h.hold(true)
    queue.push(await h.segment(1))
    await until(() => asked > 1)
    h.hold(false)
    await until(() => log.accepted.length === 1)
    expect(h.aborted).toEqual([])
  })

  it.each(['job_already_proven', 'unknown_lease'] as const)(
    'ends with its job when that is over: %s',
    async (code) => {
      const { queue, log, handlers } = h.coordinator
      const heartbeat = handlers.heartbeat
      handlers.heartbeat = () => {
        if (h.started.includes('leaf')) throw new ApiError(code, 'nobody needs it')
        return { expiresAtMs: Date.now() + 1000 }
      }
      await h.start()
      h.hold(true)
      queue.push(await h.segment(1))
      await until(() => h.aborted.length === 1)
      handlers.heartbeat = heartbeat as never
      h.hold(false)
      queue.push(await h.segment(2))
      await until(() => log.accepted.length === 1)
      expect(log.accepted[0]?.proof).toBe(h.segmentProof(2))
      expect(log.released).toEqual([])
    },
  )

  it('is given back when the node stops', async () => {
    const { queue, log, leases } = h.coordinator
    const job = await h.segment(1, 'hang')
    queue.push(job)
    const node = await h.start()
    await until(() => node.status().activity.kind === 'proving')
    await node.stop()
    await node.ended
    expect(log.released).toEqual([{ job: job.id, reason: 'shutdown' }])
    expect(leases.size).toBe(0)
    expect(node.status().activity.kind).toBe('stopped')
  })

  it('that comes with the last proof’s answer is given back when the node stops', async () => {
    const { queue, log, leases, handlers } = h.coordinator
    const submit = handlers.submitProof
    const node = await h.start()
    let stopped: Promise<void> | undefined
    handlers.submitProof = (request) => {
      stopped = node.stop()
      return submit?.(request) as never
    }
    const [first, second] = [await h.segment(1), await h.segment(2)]
    queue.push(first, second)
    await until(() => stopped !== undefined)
    await stopped
    expect(log.accepted.map(({ job }) => job)).toEqual([first.id])
    expect(log.released).toEqual([{ job: second.id, reason: 'shutdown' }])
    expect(leases.size).toBe(0)
    expect(await outbox()).toEqual([])
  })
})

describe('a job that cannot be proven', () => {
  const failures: [Behaviour, ReleaseReason][] = [
    ['unsatisfied', 'unsatisfied'],
    // The proof system does not notice: the node's own check does.
    ['lie', 'unsatisfied'],
    ['bad_inputs', 'bad_inputs'],
    ['bad_artifact', 'bad_inputs'],
    ['memory_limit', 'memory_limit'],
    ['time_limit', 'time_limit'],
    ['prover_crashed', 'prover_crashed'],
    ['setup_failed', 'prover_crashed'],
  ]
  it.each(failures)('is given back and costs only itself: %s as %s', async (behave, reason) => {
    const { queue, log } = h.coordinator
    const bad = await h.segment(1, behave)
    queue.push(bad, await h.segment(2))
    const node = await h.start()
    await until(() => log.accepted.length === 1)
    expect(log.released).toEqual([{ job: bad.id, reason }])
    expect(log.accepted[0]?.proof).toBe(h.segmentProof(2))
    expect(node.status()).toMatchObject({ released: { [reason]: 1 } })
    expect(node.status().lastFailure).not.toBeNull()
  })

  it('takes no inputs that are not JSON values', async () => {
    const { queue, log, put } = h.coordinator
    for (const text of ['[1]', '{"a":null}', 'no', '"x"']) {
      const job = await h.segment(1)
      if (job.kind === 'segment') job.segment.inputs = await put(new TextEncoder().encode(text))
      queue.push(job)
    }
    await h.start()
    await until(() => log.released.length === 4)
    expect(new Set(log.released.map(({ reason }) => reason))).toEqual(new Set(['bad_inputs']))
  })

  it('takes no inputs above the network’s limit', async () => {
    const { queue, log } = h.coordinator
    queue.push(await h.segment(1, undefined, { padding: 'x'.repeat(10_000) }))
    const node = await h.start()
    await until(() => log.released.length === 1)
    expect(node.status().lastFailure?.code).toBe('answer_too_large')
  })

  it.each([
    ['a segment under another id', async () => ({ ...(await h.segment(1)), id: (await h.segment(2)).id })],
    [
      'a merge under another id',
      async () => ({ ...(await h.merge(1, 'sequence', 'evm')), id: (await h.segment(2)).id }),
    ],
    [
      'children with a gap',
      async () => {
        const job = await h.merge(1, 'sequence', 'recursive')
        const other = await h.merge(3, 'sequence', 'recursive')
        if (job.kind === 'merge' && other.kind === 'merge') job.merge.right = other.merge.right
        return job
      },
    ],
    ['a segment for Ethereum', async () => ({ ...(await h.segment(1)), target: 'evm' as const })],
  ])('is refused: %s', async (_, job) => {
    const { queue, log } = h.coordinator
    queue.push(await job())
    await h.start()
    await until(() => log.released.length === 1)
    expect(log.released[0]?.reason).toBe('bad_inputs')
    expect(h.started).not.toContain('leaf')
  })
})

describe('a coordinator that lies', () => {
  it('gets no proof for other bytes than it named', async () => {
    const { queue, log, blobs, leaf } = h.coordinator
    blobs.set(leaf.artifact, new TextEncoder().encode('another program'))
    queue.push(await h.segment(1))
    const node = await h.start()
    await until(() => log.released.length === 1)
    expect(node.status().lastFailure?.code).toBe('digest_mismatch')
    expect(log.released[0]?.reason).toBe('prover_crashed')
    expect(h.started).not.toContain('leaf')
  })

  it('gets no proof for a program under another’s id', async () => {
    const { queue, log, programs, leaf, merge } = h.coordinator
    programs.set(leaf.id, { ...leaf, key: merge.key, keyHash: merge.keyHash })
    queue.push(await h.segment(1))
    const node = await h.start()
    await until(() => log.released.length === 1)
    expect(node.status().lastFailure?.code).toBe('lying_coordinator')
  })
})

describe('a finished proof', () => {
  it('waits for a coordinator that is away', async () => {
    const { queue, log, down, up } = h.coordinator
    const node = await h.start()
    h.hold(true)
    queue.push(await h.segment(1))
    await until(() => h.started.includes('leaf'))
    await down()
    h.hold(false)
    await until(() => node.status().coordinator?.code === 'coordinator_unreachable')
    expect(node.status().activity.kind).toBe('handing_in')
    await up()
    await until(() => log.accepted.length === 1)
    await until(() => node.status().coordinator === null)
    expect(log.accepted[0]?.proof).toBe(h.segmentProof(1))
  })

  it('is handed in by the node’s next life, before it asks for more', async () => {
    const { queue, log, down, up } = h.coordinator
    const first = await h.start()
    h.hold(true)
    queue.push(await h.segment(1))
    await until(() => h.started.includes('leaf'))
    await down()
    h.hold(false)
    await until(() => first.status().activity.kind === 'handing_in')
    await first.stop()
    expect(await outbox()).toHaveLength(1)
    await up()
    const polls = log.polls
    log.accepted.length = 0
    const submit = h.coordinator.handlers.submitProof
    h.coordinator.handlers.submitProof = (request) => {
      expect(log.polls).toBe(polls)
      return submit?.(request) as never
    }
    await h.start()
    await until(() => log.accepted.length === 1)
    expect(log.accepted[0]?.proof).toBe(h.segmentProof(1))
    await until(async () => (await outbox()).length === 0)
  })

  it.each(['job_already_proven', 'unknown_lease', 'invalid_proof'] as const)(
    'is dropped when it is refused for good: %s',
    async (code) => {
      const { queue, log, handlers } = h.coordinator
      const submit = handlers.submitProof
      handlers.submitProof = () => {
        handlers.submitProof = submit as never
        throw new ApiError(code, 'not this one')
      }
      queue.push(await h.segment(1), await h.segment(2))
      const node = await h.start()
      await until(() => log.accepted.length === 1)
      expect(log.accepted[0]?.proof).toBe(h.segmentProof(2))
      await until(async () => (await outbox()).length === 0)
      expect(node.status().lastFailure?.code).toBe(code === 'invalid_proof' ? code : undefined)
    },
  )

  it('is tried again while the coordinator cannot store it', async () => {
    const { queue, log, handlers } = h.coordinator
    const submit = handlers.submitProof
    const refusals = ['storage_full', 'storage_unavailable', 'verifier_unavailable', 'rate_limited'] as const
    let tries = 0
    handlers.submitProof = (request) => {
      const code = refusals[tries++]
      if (code !== undefined) throw new ApiError(code, 'later')
      return submit?.(request) as never
    }
    queue.push(await h.segment(1))
    await h.start()
    await until(() => log.accepted.length === 1)
    expect(tries).toBe(5)
  })

  it('that was torn by a crash is forgotten', async () => {
    await h.start().then((node) => node.stop())
    const { queue, log } = h.coordinator
    queue.push(await h.segment(1))
    const node = await h.start()
    await until(() => log.accepted.length === 1)
    await node.stop()
    await writeFile(join(h.folder, 'outbox', 'torn.json'), '{"lease":"lea')
    await h.start()
    await until(async () => (await outbox()).length === 0)
  })
})

describe('a node that cannot work', () => {
  it.each([
    ['srs_mismatch', { srs: 'ignition' }],
    ['wrong_deployment', { deployment: { chainId: 1, settlement: `0x${'5e'.repeat(20)}` } }],
  ] as const)('says so and ends: %s', async (code, options) => {
    const node = await h.start(options)
    await expect(node.ended).rejects.toMatchObject({ code })
    expect(node.status().activity.kind).toBe('stopped')
  })

  it('does not start with too little memory', async () => {
    await expect(h.start({ memoryBytes: 1024 })).rejects.toMatchObject({ code: 'memory_too_small' })
  })

  it('does not start when it fails its own test', async () => {
    const { system } = h
    const broken = { ...system, verify: async () => false }
    await expect(h.start({}, { system: broken })).rejects.toMatchObject({ code: 'self_test_failed' })
  })

  it('waits for a coordinator that is not there yet', async () => {
    const { queue, log, down, up } = h.coordinator
    await down()
    const node = await h.start()
    await until(() => node.status().coordinator !== null)
    queue.push(await h.segment(1))
    await up()
    await until(() => log.accepted.length === 1)
    expect(publicInput(h.claimOf(1, 500n))).toBe(log.accepted[0]?.proof.split(' ')[1])
  })
})
