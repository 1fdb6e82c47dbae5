import { createApiClient, type Lease, MERGED_SYSTEM, type ProofAccepted, sessionTypedData } from '@weft/api'
import { type Address, toAddress } from '@weft/protocol'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { type LeanConnection, openLean } from './lean-http.js'
import { NOOP_PROOF } from './noop.js'

/** What the benchmark tells this process: how many nodes to be, and of which coordinator. */
export interface NodesTask {
  readonly url: string
  readonly nodes: number
  readonly chainId: number
  readonly settlement: Address
}

/** What this process answers: `ready`; after a `stop`, how long the proofs took to be answered, and its own work. */
export type NodesReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'stopped'; readonly proofs: number; readonly p99Ms: number; readonly cpuSeconds: number }

const tell = (report: NodesReport) => process.send?.(report)

/** Registers a node; returns its token. */
const openNode = async (task: NodesTask, name: string): Promise<string> => {
  let token = ''
  const api = createApiClient({ url: task.url, token: () => token })
  const account = privateKeyToAccount(generatePrivateKey())
  const address = toAddress(account.address)
  const { nonce } = await api.challenge()
  const signature = await account.signTypedData(sessionTypedData(task, address, nonce))
  token = (await api.openSession({ body: { address, nonce, signature } })).token
  const size = { maxGates: 1e6, memoryBytes: 2 ** 33, threads: 1, gatesPerSecond: 1e6 }
  await api.registerNode({ body: { name, ...size, version: 'bench', srs: 'dev', systems: [MERGED_SYSTEM] } })
  return token
}

const NOTHING = new Uint8Array()
const latenciesMs: number[] = []
let stopped = false

const ask = async <T>(connection: LeanConnection, path: string, headers: string): Promise<T | undefined> => {
  const { status, body } = await connection.send('POST', path, headers, NOTHING)
  if (status === 204) return undefined
  if (status !== 200) throw new Error(`${path}: ${status} ${body}`)
  return JSON.parse(body) as T
}

const handIn = async (
  connection: LeanConnection,
  lease: Lease,
  headers: string,
): Promise<Lease | undefined> => {
  const startedMs = performance.now()
  const { status, body } = await connection.send(
    'PUT',
    `/v1/leases/${lease.id}/proof?next=1`,
    headers,
    NOOP_PROOF,
  )
  latenciesMs.push(performance.now() - startedMs)
  if (status !== 200) throw new Error(`proof: ${status} ${body}`)
  return (JSON.parse(body) as ProofAccepted).next
}

/** One outstanding job: hands in its proof and gets the next job in the answer. */
const work = async (url: string, token: string): Promise<void> => {
  const connection = openLean(url)
  const auth = `authorization: Bearer ${token}\r\n`
  while (!stopped) {
    let lease = await ask<Lease>(connection, '/v1/leases?waitMs=500', auth)
    while (lease) lease = await handIn(connection, lease, `${auth}content-type: application/octet-stream\r\n`)
  }
  connection.close()
}

const percentile99 = (values: number[]): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0

process.once('message', async (task: NodesTask) => {
  const tokens: string[] = []
  for (let i = 0; i < task.nodes; i++) tokens.push(await openNode(task, `node-${i}`))
  process.once('message', () => {
    stopped = true
  })
  const before = process.cpuUsage()
  const all = Promise.all(tokens.map((token) => work(task.url, token)))
  tell({ kind: 'ready' })
  await all
  const { user, system } = process.cpuUsage(before)
  const cpuSeconds = (user + system) / 1e6
  tell({ kind: 'stopped', proofs: latenciesMs.length, p99Ms: percentile99(latenciesMs), cpuSeconds })
  process.disconnect()
})
