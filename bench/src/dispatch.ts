import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BatchRequest, batchTypedData, createApiClient, digestOf, sessionTypedData } from '@weft/api'
import { createCoordinator, openBlobStore, openPglite, systemClock } from '@weft/coordinator'
import { type Bytes32, dataRoot, toAddress } from '@weft/protocol'
import { pino } from 'pino'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { NodesReport, NodesTask } from './dispatch-nodes.js'
import { NOOP_SYSTEM, noopMerge, noopSegment, noopVerifier, word } from './noop.js'

/*
 * No-op jobs from plan to collected result: batches are posted over HTTP, their jobs leased and their proofs handed
 * in over HTTP by nodes in another process, all of it durable before it is answered, until the aggregate's root
 * proof is handed to the settler. Outstanding jobs = nodes.
 */

interface Load {
  readonly nodes: number
  readonly batches: number
  readonly segments: number
}
const LOADS: readonly Load[] = [
  { nodes: 1, batches: 1, segments: 600 },
  { nodes: 8, batches: 4, segments: 800 },
  { nodes: 64, batches: 8, segments: 1000 },
]

const DEPLOYMENT = { chainId: 31337, settlement: toAddress(`0x${'5e'.repeat(20)}`) }
const tenant = toAddress(`0x${'7e'.repeat(20)}`)
const sequencer = privateKeyToAccount(generatePrivateKey())

const jobsOf = ({ batches, segments }: Load): number => batches * (2 * segments - 1) + (batches - 1)

const openCoordinator = async (folder: string, { batches }: Load, onSettle: () => void) =>
  createCoordinator(
    {
      version: 'bench',
      ...DEPLOYMENT,
      srs: 'dev',
      system: NOOP_SYSTEM,
      maxProofBytes: 1024,
      merge: noopMerge,
      programs: [noopSegment],
      timing: { windowMs: 3_600_000 },
      limits: { maxClaims: batches, requestsPerMinute: 1e6 },
    },
    {
      database: await openPglite(join(folder, 'db')),
      blobs: await openBlobStore(join(folder, 'blobs'), systemClock.nowMs),
      clock: systemClock,
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      log: pino({ level: 'error' }),
      verifier: noopVerifier,
      settler: {
        isSettled: async () => null,
        waits: () => null,
        settle: async () => {
          onSettle()
          return word(1)
        },
      },
      tenants: {
        sequencerOf: async () => toAddress(sequencer.address),
        fundsFor: async () => ({ covered: true, availableWei: 1n, neededWei: 1n }),
      },
    },
  )

const requestOf = async (batch: number, count: number, inputs: Bytes32): Promise<BatchRequest> => {
  const at = (i: number) => word(batch * 1_000_000 + i)
  const segments = Array.from({ length: count }, (_, i) => ({
    pre: at(i),
    post: at(i + 1),
    data: at(i),
    inputs,
  }))
  const data = dataRoot(segments.map((segment) => segment.data))
  const body = {
    tenant,
    program: noopSegment.id,
    pre: at(0),
    post: at(count),
    data,
    segments,
    deadlineMs: 2 ** 50,
  }
  return { ...body, signature: await sequencer.signTypedData(batchTypedData(DEPLOYMENT, body)) }
}

/** Signed requests, their inputs uploaded. */
const prepareRequests = async (url: string, { batches, segments }: Load): Promise<BatchRequest[]> => {
  let token = ''
  const api = createApiClient({ url, token: () => token })
  const address = toAddress(sequencer.address)
  const { nonce } = await api.challenge()
  const signature = await sequencer.signTypedData(sessionTypedData(DEPLOYMENT, address, nonce))
  token = (await api.openSession({ body: { address, nonce, signature } })).token
  const inputs = new TextEncoder().encode('{}')
  const digest = await digestOf(inputs)
  await api.putBlob({ params: { digest }, body: inputs })
  return Promise.all(Array.from({ length: batches }, (_, batch) => requestOf(batch + 1, segments, digest)))
}

const reportOf = async (child: ChildProcess): Promise<NodesReport> => {
  const [report] = (await once(child, 'message')) as [NodesReport]
  return report
}

interface Measured {
  readonly jobsPerSecond: number
  readonly p99Ms: number
  /** Of the coordinator, both its threads, and of all nodes together. */
  readonly cpuSeconds: { readonly coordinator: number; readonly nodes: number }
}

const measure = async (load: Load): Promise<Measured> => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-bench-'))
  let settled: () => void = () => undefined
  const isSettled = new Promise<void>((resolve) => {
    settled = resolve
  })
  const coordinator = await openCoordinator(folder, load, () => settled())
  const child = fork(new URL('./dispatch-nodes.js', import.meta.url))
  try {
    const url = await coordinator.listen({ host: '127.0.0.1', port: 0 })
    const requests = await prepareRequests(url, load)
    child.send({ url, nodes: load.nodes, ...DEPLOYMENT } satisfies NodesTask)
    await reportOf(child)

    const [startedMs, before] = [performance.now(), process.cpuUsage()]
    const api = createApiClient({ url })
    for (const body of requests) await api.submitBatch({ body })
    await isSettled
    const seconds = (performance.now() - startedMs) / 1000
    const { user, system } = process.cpuUsage(before)

    const [stopped, ended] = [reportOf(child), once(child, 'exit')]
    child.send('stop')
    const report = await stopped
    await ended
    if (report.kind !== 'stopped' || report.proofs !== jobsOf(load)) {
      throw new Error(`${jobsOf(load)} jobs, but the nodes report ${JSON.stringify(report)}`)
    }
    return {
      jobsPerSecond: Math.round(jobsOf(load) / seconds),
      p99Ms: Math.round(report.p99Ms * 10) / 10,
      cpuSeconds: { coordinator: (user + system) / 1e6, nodes: report.cpuSeconds },
    }
  } finally {
    child.kill()
    await coordinator.close()
    await rm(folder, { recursive: true, force: true })
  }
}

export const run = async (): Promise<object> => {
  const jobsPerSecond: Record<string, number> = {}
  const p99Ms: Record<string, number> = {}
  for (const load of LOADS) {
    const result = await measure(load)
    const perJob = (seconds: number) => `${Math.round((seconds * 1e6) / jobsOf(load))} µs`
    const { coordinator, nodes } = result.cpuSeconds
    console.error(
      `${load.nodes} nodes, ${jobsOf(load)} jobs: ${result.jobsPerSecond}/s, p99 ${result.p99Ms} ms, ` +
        `CPU per job: coordinator ${perJob(coordinator)}, nodes ${perJob(nodes)}`,
    )
    jobsPerSecond[load.nodes] = result.jobsPerSecond
    p99Ms[load.nodes] = result.p99Ms
  }
  return { jobsPerSecond, p99Ms, rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) }
}
