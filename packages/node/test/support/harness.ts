import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { digestOf, type Job, type Network } from '@weft/api'
import { type Clock, createNode, type NodeDeps, type NodeOptions, type ProverNode } from '@weft/node'
import {
  jobOf,
  MERGE_WORK,
  parallelOf,
  publicInput,
  type Sequence,
  sequenceOf,
  type Transition,
  tag,
  toAddress,
  uintToBytes32,
} from '@weft/protocol'
import { privateKeyToAccount } from 'viem/accounts'
import { createCoordinator, deployment } from './coordinator.js'
import { type Behaviour, createTestSystem, keyOf, proofOf } from './system.js'

/** Real time, except that pauses are short; deadlines (5 s and more) are not. */
export const clock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) =>
    delay(ms < 5_000 ? Math.min(ms, 20) : ms, undefined, { signal }).catch(() => undefined),
}

/** Resolves once `holds` does; the test's own timeout bounds it. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await delay(5)
}

export const signer = privateKeyToAccount(uintToBytes32(11n))
export const prover = toAddress(signer.address)

const claimOf = (n: number, work: bigint): Transition => ({
  kind: 'transition',
  pre: uintToBytes32(BigInt(n)),
  post: uintToBytes32(BigInt(n + 1)),
  data: tag(`data ${n}`),
  prover,
  work,
})

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly [field: string]: unknown
}

/** One coordinator, one proof system, one folder, and as many lives of a node as the test starts. */
export const createHarness = async (settlement = deployment.settlement, market: Network['market'] = null) => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-node-'))
  const test = createTestSystem()
  const coordinator = await createCoordinator(test.system.id, settlement, market)
  const lines: LogLine[] = []
  const write = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ ...fields, level, message })
  }
  const logger = { info: write('info'), warn: write('warn'), error: write('error') }
  const nodes: ProverNode[] = []

  const start = async (options: Partial<NodeOptions> = {}, deps: Partial<NodeDeps> = {}) => {
    const key = keyOf('recursive', 'pad')
    const claim = claimOf(0, 8n)
    const { pre, post, data } = claim
    const node = await createNode(
      {
        coordinatorUrl: coordinator.url,
        name: 'node-1',
        version: '0.1.0',
        deployment,
        srs: 'dev',
        folder,
        threads: 1,
        memoryBytes: 2 ** 30,
        calibration: {
          artifact: { name: 'pad', bytes: new Uint8Array([1]) },
          key,
          gates: 1000,
          inputs: (by) => ({ pre, post, data, work: '8', prover: by }),
          publicInput: (by) => publicInput({ ...claim, prover: by }),
        },
        ...options,
      },
      { system: test.system, largestCircuit: (bytes) => bytes / 1024, signer, clock, logger, ...deps },
    )
    nodes.push(node)
    return node
  }

  /** A segment's job; `behave` tells the fake what to do with it. */
  const segment = async (n: number, behave?: Behaviour, changed: object = {}): Promise<Job> => {
    const { pre, post, data } = claimOf(n, 0n)
    const inputs = {
      pre,
      post,
      data,
      work: coordinator.leaf.work.toString(),
      ...(behave ? { behave } : {}),
      ...changed,
    }
    const bytes = new TextEncoder().encode(JSON.stringify(inputs))
    coordinator.blobs.set(await digestOf(bytes), bytes)
    const statement = { program: coordinator.leaf.id, pre, post, data }
    return {
      kind: 'segment',
      id: jobOf(statement),
      target: 'recursive',
      program: coordinator.leaf.id,
      gates: 1000,
      work: coordinator.leaf.work,
      segment: { pre, post, data, inputs: await digestOf(bytes) },
    }
  }

  /** The merge of segments n and n + 1, whose proofs are there. */
  const merge = async (
    n: number,
    mode: 'sequence' | 'parallel',
    target: 'recursive' | 'evm',
  ): Promise<Job> => {
    const children = [n, n + 1].map((i) => ({
      ...claimOf(i, coordinator.leaf.work),
      program: coordinator.leaf.id,
    }))
    if (mode === 'parallel') children.sort((a, b) => (jobOf(a) < jobOf(b) ? -1 : 1))
    const [left, right] = children as [(typeof children)[0], (typeof children)[0]]
    const by = { prover, work: MERGE_WORK, mergeKey: coordinator.merge.keyHash }
    const claim = (mode === 'sequence' ? sequenceOf : parallelOf)(left, right, by)
    const key = keyOf('recursive', 'leaf')
    const refs = await Promise.all(
      [left, right].map(async (child) => ({
        claim: child,
        proof: await coordinator.put(proofOf(key, publicInput(child))),
      })),
    )
    return {
      kind: 'merge',
      id: claim.kind === 'parallel' ? claim.job : jobOf(claim as Sequence),
      target,
      program: coordinator.merge.id,
      gates: 1000,
      work: MERGE_WORK,
      merge: { mode, left: refs[0] as never, right: refs[1] as never },
    }
  }

  /** What a proof of the segment has to be. */
  const segmentProof = (n: number) =>
    new TextDecoder().decode(
      proofOf(keyOf('recursive', 'leaf'), publicInput(claimOf(n, coordinator.leaf.work))),
    )

  const close = async () => {
    test.hold(false)
    for (const node of nodes) await node.stop()
    await coordinator.down()
    // A download that a failed job left behind may still be writing.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return { ...test, coordinator, folder, lines, start, segment, merge, segmentProof, close, claimOf }
}

export type Harness = Awaited<ReturnType<typeof createHarness>>
