import {
  ApiError,
  type Capabilities,
  digestOf,
  type Job,
  type Lease,
  type Network,
  type Payouts,
  type ProgramInfo,
  type Terms,
} from '@weft/api'
import { type Address, type Bytes32, MERGE_WORK, programId, toAddress } from '@weft/protocol'
import { createScriptedServer, type Handlers } from '../../../sdk/test/support/server.js'
import { keyOf } from './system.js'

export const deployment = { chainId: 31337, settlement: toAddress(`0x${'5e'.repeat(20)}`) }
const utf8 = (text: string) => new TextEncoder().encode(text)

/** A coordinator in memory, scripted over real HTTP: it hands out `queue` and writes down what it is told. */
export const createCoordinator = async (
  system: Bytes32,
  settlement: Address = deployment.settlement,
  market: Network['market'] = null,
) => {
  const blobs = new Map<string, Uint8Array>()
  const put = async (bytes: Uint8Array) => {
    const digest = await digestOf(bytes)
    blobs.set(digest, bytes)
    return digest
  }
  const program = async (name: string, work: bigint, isMerge: boolean): Promise<ProgramInfo> => {
    const key = keyOf('recursive', name)
    return {
      id: programId(system, key.hash),
      name,
      system: 'ultrahonk',
      gates: 1000,
      work,
      artifact: await put(utf8(`artifact of ${name}`)),
      key: await put(key.bytes),
      keyHash: key.hash,
      ...(isMerge ? { evmKey: await put(keyOf('evm', name).bytes) } : {}),
    }
  }
  const leaf = await program('leaf', 500n, false)
  const merge = await program('merge', MERGE_WORK, true)
  const programs = new Map([leaf, merge].map((info) => [info.id, info]))

  const queue: Job[] = []
  /** By job: what its lease comes with. */
  const terms = new Map<Bytes32, Terms>()
  const leases = new Map<string, Job>()
  const log = {
    capabilities: [] as Capabilities[],
    polls: 0,
    beats: [] as string[],
    released: [] as { job: Bytes32; reason: string }[],
    accepted: [] as { job: Bytes32; proof: string }[],
  }
  let token = 'first'
  let payouts: Payouts = { claims: [], shared: [], cursor: null }
  let serial = 0

  const authorised = (given: string | undefined) => {
    if (given !== token) throw new ApiError('unauthenticated', 'open a session')
  }
  const next = (): Lease | undefined => {
    const job = queue.shift()
    if (job === undefined) return undefined
    const id = `lease-${serial++}`
    leases.set(id, job)
    const under = terms.get(job.id)
    return { id, expiresAtMs: Date.now() + 1000, heartbeatMs: 10, job, ...(under ? { terms: under } : {}) }
  }
  const jobOfLease = (id: string | undefined): Job => {
    const job = leases.get(id ?? '')
    if (job === undefined) throw new ApiError('unknown_lease', 'no such lease')
    return job
  }

  const handlers: Handlers = {
    network: () => ({
      version: '1',
      chainId: deployment.chainId,
      settlement,
      srs: 'dev',
      warning: 'dev SRS',
      system,
      systems: [{ name: 'ultrahonk', id: system }],
      mergeProgram: merge.id,
      market,
      windows: { aggregatedMs: 10, batchedMs: 10 },
      maxProofBytes: 1024,
      maxInputBytes: 10_000,
      heartbeatMs: 10,
    }),
    challenge: () => ({
      nonce: leaf.id,
      expiresAtMs: Date.now() + 60_000,
      chainId: deployment.chainId,
      settlement,
    }),
    openSession: () => ({ token, expiresAtMs: Date.now() + 60_000 }),
    registerNode: ({ token: given, body }) => {
      authorised(given)
      log.capabilities.push(body)
      return undefined
    },
    program: ({ params }) => {
      const info = programs.get(params.id as Bytes32)
      if (info === undefined) throw new ApiError('unknown_program', 'no such program')
      return info
    },
    getBlob: ({ params }) => {
      const bytes = blobs.get(params.digest ?? '')
      if (bytes === undefined) throw new ApiError('unknown_blob', 'no such blob')
      return bytes
    },
    lease: ({ token: given }) => {
      authorised(given)
      log.polls += 1
      return next()
    },
    heartbeat: ({ token: given, params }) => {
      authorised(given)
      jobOfLease(params.id)
      log.beats.push(params.id ?? '')
      return { expiresAtMs: Date.now() + 1000 }
    },
    releaseLease: ({ token: given, params, body }) => {
      authorised(given)
      log.released.push({ job: jobOfLease(params.id).id, reason: body.reason })
      leases.delete(params.id ?? '')
      return undefined
    },
    submitProof: ({ token: given, params, query, body }) => {
      authorised(given)
      const job = jobOfLease(params.id)
      leases.delete(params.id ?? '')
      log.accepted.push({ job: job.id, proof: body.toString() })
      const lease = query.next === '1' ? next() : undefined
      return { accepted: true as const, late: false, ...(lease ? { next: lease } : {}) }
    },
    payouts: () => payouts,
  }
  let server = await createScriptedServer(handlers)
  const { url } = server
  return {
    url,
    handlers,
    leaf,
    merge,
    programs,
    queue,
    terms,
    leases,
    blobs,
    put,
    log,
    /** Every session so far is over. */
    expireSessions: () => {
      token = `${token}+`
    },
    pay: (told: Payouts) => {
      payouts = told
    },
    down: () => server.close(),
    up: async () => {
      server = await createScriptedServer(handlers, Number(new URL(url).port))
    },
  }
}

export type TestCoordinator = Awaited<ReturnType<typeof createCoordinator>>
