import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCoordinator, openBlobStore, openPglite, systemClock } from '@weft/coordinator'
import { createNode, type ProverNode } from '@weft/node'
import { type Address, publicInput, toAddress, uintToBytes32, ZERO_BYTES32 } from '@weft/protocol'
import { createTenant, type Trace } from '@weft/sdk'
import { largestCircuit, type NoirSystem, toLanes } from '@weft/system-noir'
import pino from 'pino'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { openSystem, type Programs } from './machine.js'

const DEPLOYMENT = { chainId: 31337, settlement: toAddress(`0x${'5e'.repeat(20)}`) }
const TENANT = toAddress(`0x${'7e'.repeat(20)}`)

const clock = {
  nowMs: () => Date.now(),
  sleep: async (ms: number, signal: AbortSignal) => {
    await sleep(ms, undefined, { signal }).catch(() => undefined)
  },
}

/** A coordinator and provers over HTTP, with a database and files; L1 takes no part in what is measured. */
export interface Network {
  /** Seconds from handing a trace in to its verified root proof. */
  prove(trace: Trace): Promise<number>
  close(): Promise<void>
}

/** An L1 that takes every proof: settling is measured elsewhere. */
const createL1 = (sequencer: Address) => {
  let arrived: () => void = () => undefined
  return {
    nextRoot: () =>
      new Promise<void>((resolve) => {
        arrived = resolve
      }),
    settler: {
      settle: async () => {
        arrived()
        return uintToBytes32(1n)
      },
      isSettled: async () => null,
      waits: () => null,
    },
    tenants: {
      sequencerOf: async () => sequencer,
      fundsFor: async () => ({ covered: true, availableWei: 1n, neededWei: 1n }),
    },
  }
}

const startNode = (
  url: string,
  folder: string,
  name: string,
  system: NoirSystem,
  { pad }: Programs,
  threads: number,
) =>
  createNode(
    {
      coordinatorUrl: url,
      name,
      version: '0.1.0',
      deployment: DEPLOYMENT,
      srs: 'dev',
      folder: join(folder, name),
      threads,
      memoryBytes: 6e9,
      calibration: {
        artifact: pad.artifact,
        key: pad.key,
        gates: pad.gates,
        inputs: (prover) => ({ output: toLanes(ZERO_BYTES32), prover }),
        publicInput: (prover) =>
          publicInput({
            kind: 'transition',
            pre: ZERO_BYTES32,
            post: ZERO_BYTES32,
            data: ZERO_BYTES32,
            prover,
            work: pad.work,
          }),
      },
    },
    {
      system,
      largestCircuit,
      signer: privateKeyToAccount(generatePrivateKey()),
      clock,
      logger: pino({ level: 'error' }, pino.destination(2)),
    },
  )

/** Starts a coordinator and `nodes` provers of `threads` threads each. */
export const startNetwork = async (programs: Programs, nodes: number, threads: number): Promise<Network> => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-bench-'))
  const signer = privateKeyToAccount(generatePrivateKey())
  const l1 = createL1(toAddress(signer.address))
  const verifier = await openSystem(threads)
  const coordinator = await createCoordinator(
    {
      version: '0.1.0',
      ...DEPLOYMENT,
      srs: 'dev',
      system: verifier.id,
      maxProofBytes: verifier.maxProofBytes,
      merge: programs.merge,
      programs: [programs.payments],
      timing: { windowMs: 1, stragglerAfterMs: 3_600_000 },
    },
    {
      database: await openPglite(join(folder, 'database')),
      blobs: await openBlobStore(join(folder, 'blobs'), clock.nowMs),
      clock: systemClock,
      random: { bytes: randomBytes },
      log: pino({ level: 'error' }, pino.destination(2)),
      verifier,
      settler: l1.settler,
      tenants: l1.tenants,
    },
  )
  const url = await coordinator.listen({ host: '127.0.0.1', port: 0 })
  const systems: NoirSystem[] = []
  const provers: ProverNode[] = []
  for (let i = 0; i < nodes; i++) {
    const system = await openSystem(threads)
    systems.push(system)
    provers.push(await startNode(url, folder, `node-${i + 1}`, system, programs, threads))
  }
  const tenant = createTenant({
    coordinatorUrl: url,
    signer,
    payment: { kind: 'deposit', tenant: TENANT },
    deployment: DEPLOYMENT,
    clock,
  })
  return {
    async prove(trace) {
      const root = l1.nextRoot()
      const startMs = performance.now()
      await tenant.submit(trace)
      await root
      return (performance.now() - startMs) / 1000
    },
    async close() {
      await Promise.all(provers.map((node) => node.stop()))
      await coordinator.close()
      await Promise.all([verifier, ...systems].map((system) => system.close()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
