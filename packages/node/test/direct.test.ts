import { digestOf, type Job, type ProgramInfo } from '@weft/api'
import { type DirectSystem, decodeDirectProof, encodeDirectProof } from '@weft/proof'
import { fakeDirectSystem } from '@weft/proof/testing'
import {
  type Bytes32,
  DIRECT_WORK,
  jobOf,
  programId,
  publicInputsHash,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { until } from './support/harness.js'
import { createMarketHarness, type MarketHarness } from './support/market.js'

const utf8 = (text: string) => new TextEncoder().encode(text)
const never = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined }
const LIMITS = { signal: never, memoryBytes: 1e9, timeMs: 1e6 }
const ARTIFACT = utf8('circuit')
const VALUE = [uintToBytes32(7n)]

/** A direct system, and how often it set a program up. */
const counted = (changes: Partial<DirectSystem> = {}) => {
  const fake = fakeDirectSystem('circom-groth16')
  const count = { setups: 0 }
  const system: DirectSystem = {
    ...fake,
    setup: (...given) => {
      count.setups += 1
      return fake.setup(...given)
    },
    ...changes,
  }
  return { system, count }
}

let h: MarketHarness
beforeEach(async () => {
  h = await createMarketHarness()
})
afterEach(() => h.close())

/** The program that the coordinator serves, as its artifact makes it but for the changes. */
const serve = async (changes: Partial<ProgramInfo> = {}): Promise<ProgramInfo> => {
  const { system } = counted()
  const { key, cost } = await system.setup({ name: 'circuit', bytes: ARTIFACT }, LIMITS)
  const info: ProgramInfo = {
    id: programId(system.id, key.hash),
    name: 'circuit',
    system: system.name,
    gates: cost.gates,
    work: DIRECT_WORK,
    artifact: await h.coordinator.put(ARTIFACT),
    key: await h.coordinator.put(key.bytes),
    keyHash: key.hash,
    ...changes,
  }
  h.coordinator.programs.set(info.id, info)
  return info
}

/** A job of the program, to which the inputs belong or not. */
const jobFor = async (
  program: ProgramInfo,
  publicInputs: readonly Bytes32[] | string = VALUE,
): Promise<Job> => {
  const bytes = utf8(JSON.stringify({ publicInputs }))
  h.coordinator.blobs.set(await digestOf(bytes), bytes)
  const data = publicInputsHash(VALUE)
  const statement = { pre: ZERO_BYTES32, post: ZERO_BYTES32, data }
  return {
    kind: 'segment',
    id: jobOf({ program: program.id, ...statement }),
    target: 'evm',
    program: program.id,
    gates: program.gates,
    work: program.work,
    segment: { ...statement, inputs: await digestOf(bytes) },
  }
}

/** Puts a job into the queue, under terms. */
const lease = async (program: ProgramInfo, job: Job, changes = {}) => {
  await h.match(job, { request: { program: program.id, delivery: 0, ...changes } })
  h.coordinator.queue.push(job)
}

it('proves what nothing merges: sets up once, names no prover, verifies and hands in', async () => {
  const { log, handlers } = h.coordinator
  const { system, count } = counted()
  const program = await serve()
  const bodies: Uint8Array[] = []
  const submit = handlers.submitProof
  Object.assign(handlers, {
    submitProof: (request: Parameters<NonNullable<typeof submit>>[0]) => {
      bodies.push(new Uint8Array(request.body as Uint8Array))
      return submit?.(request)
    },
  })
  await h.start({}, {}, { systems: [system] })
  await lease(program, await jobFor(program))
  await until(() => log.accepted.length === 1)
  await lease(program, await jobFor(program))
  await until(() => log.accepted.length === 2)
  expect(log.capabilities[0]?.systems).toEqual(['ultrahonk', 'circom-groth16'])
  expect(count.setups).toBe(1)
  const proof = decodeDirectProof(bodies[0] as Uint8Array)
  expect(proof?.publicInputs).toEqual(VALUE)
  const key = { target: 'evm', bytes: ARTIFACT, hash: program.keyHash } as const
  expect(proof && (await system.verify(key, proof))).toBe(true)
  expect(encodeDirectProof(proof as NonNullable<typeof proof>)).toEqual(bodies[0])
})

it('offers only what it has the proof system for, and without the merges', async () => {
  const program = await serve({ gates: 7000 })
  const other = await serve({ id: uintToBytes32(5n), system: 'circom-plonk' })
  const { system } = counted()
  // Too small for merges, not for this.
  const merge = { ...h.coordinator.merge, gates: 2 ** 40 }
  h.coordinator.programs.set(merge.id, merge)
  await h.start({}, {}, { systems: [system] })
  await until(() => h.log.offers.length > 0)
  expect(h.log.offers.map(({ target }) => target)).toEqual([program.id])
  expect(h.log.offers.map(({ target }) => target)).not.toContain(other.id)
})

it('asks for more time as long as a program is not set up', async () => {
  const { system } = counted()
  const program = await serve()
  await h.start({}, {}, { systems: [system] })
  await until(() => h.log.offers.some(({ target }) => target === program.id))
  await lease(program, await jobFor(program))
  await until(() => h.coordinator.log.accepted.length === 1)
  const offered = () => h.log.offers.filter(({ target }) => target === program.id)
  await until(() => offered().length === 2)
  const [before, after] = offered()
  expect(before?.turnaroundMs).toBe(2n * (after?.turnaroundMs ?? 0n) + 15_000n)
  expect(before?.priceWei).toBe(after?.priceWei)
})

it.each([
  ['inputs that satisfy nothing', 'unsatisfied', 'unsatisfied', 'a constraint failed'],
  ['public inputs that the request does not name', [uintToBytes32(8n)], 'unsatisfied', 'other public inputs'],
  ['inputs of another shape', 'text', 'bad_inputs', 'no publicInputs'],
] as const)('blames the requester for %s, and says why', async (_, publicInputs, reason, message) => {
  const { system } = counted()
  const released: { reason: string; message?: string | undefined }[] = []
  const { releaseLease } = h.coordinator.handlers
  Object.assign(h.coordinator.handlers, {
    releaseLease: (request: Parameters<NonNullable<typeof releaseLease>>[0]) => {
      released.push(request.body)
      return releaseLease?.(request)
    },
  })
  const program = await serve()
  await h.start({}, {}, { systems: [system] })
  await lease(program, await jobFor(program, publicInputs))
  await until(() => released.length > 0)
  expect(released[0]).toMatchObject({ reason, message: expect.stringContaining(message) })
  expect(h.l1.sent).toEqual([])
})

it.each([
  ['says that it takes less', { gates: 1 }],
  ['says that it is more work', { work: 2n * DIRECT_WORK }],
] as const)('does not believe a coordinator that %s', async (_, changes) => {
  const { system } = counted()
  const program = await serve(changes)
  const node = await h.start({}, {}, { systems: [system] })
  await lease(program, await jobFor(program))
  await until(() => h.coordinator.log.released.length > 0)
  expect(h.coordinator.log.released[0]?.reason).toBe('prover_crashed')
  expect(node.status().lastFailure).toMatchObject({ code: 'lying_coordinator' })
})

it('does not believe a coordinator that gives another artifact, or asks without a matcher', async () => {
  const { system } = counted()
  const program = await serve({ artifact: await h.coordinator.put(utf8('another circuit')) })
  const node = await h.start({}, {}, { systems: [system] })
  await lease(program, await jobFor(program))
  await until(() => h.coordinator.log.released.length > 0)
  expect(node.status().lastFailure).toMatchObject({ code: 'lying_coordinator' })
  await lease(program, await jobFor(program), { matcher: `0x${'00'.repeat(20)}` })
  await until(() => h.coordinator.log.released.length > 1)
  expect(node.status().lastFailure).toMatchObject({ code: 'no_matcher' })
})

it('pays L1 nothing for a job that it cannot finish: there is no default to prevent', async () => {
  const { system } = counted({ prove: () => Promise.reject(new Error('out of order')) })
  const program = await serve()
  await h.start({}, {}, { systems: [system] })
  await lease(program, await jobFor(program))
  await until(() => h.coordinator.log.released.length > 0)
  expect(h.coordinator.log.released[0]?.reason).toBe('prover_crashed')
  expect(h.l1.sent).toEqual([])
})
