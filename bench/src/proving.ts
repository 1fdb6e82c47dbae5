import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Artifact, MergeChild, Program, VerificationKey } from '@weft/proof'
import { type Address, type Child, publicInput, sequenceOf, type Transition } from '@weft/protocol'
import type { Segment } from '@weft/rollup'
import type { NoirSystem } from '@weft/system-noir'
import { CORES, LIMITS, median, openSystem, type Programs, preparePrograms, rounded, say } from './machine.js'
import { startNetwork } from './network.js'
import { transferSegments } from './transfers.js'

const ROUNDS = 3
const PROVER: Address = `0x${'a1'.repeat(20)}`
const TARGETS = { recursive: 'noir-recursive-no-zk', evm: 'evm-no-zk' } as const

/** One `bb prove` from files, as its manual says it; the key is given. Resolves with the proof and seconds. */
const plainProve = async (
  system: NoirSystem,
  folder: string,
  artifact: Artifact,
  key: VerificationKey,
  witness: Uint8Array,
): Promise<{ proof: Uint8Array; seconds: number }> => {
  const path = (name: string) => join(folder, name)
  await writeFile(path('circuit.json'), artifact.bytes)
  await writeFile(path('vk'), key.bytes)
  await writeFile(path('witness.gz'), gzipSync(witness, { level: 1 }))
  const files = ['-b', path('circuit.json'), '-w', path('witness.gz'), '-k', path('vk'), '-o', folder]
  const startMs = performance.now()
  const code = await new Promise((resolve, reject) => {
    const child = spawn(system.srs.bbPath, ['prove', ...files, '-t', TARGETS[key.target]], {
      stdio: 'ignore',
      env: { HOME: folder, CRS_PATH: system.srs.crsPath, HARDWARE_CONCURRENCY: String(CORES) },
    })
    child.once('error', reject)
    child.once('exit', resolve)
  })
  const seconds = (performance.now() - startMs) / 1000
  if (code !== 0) throw new Error(`bb prove ended with code ${code}`)
  return { proof: await readFile(path('proof')), seconds }
}

/** Both leaves and their merge for Ethereum, proven by the plain binary one after the other; seconds of `bb` alone. */
const plain = async (
  system: NoirSystem,
  { payments, merge }: Programs,
  segments: readonly Segment[],
): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-plain-'))
  await mkdir(folder, { recursive: true })
  let total = 0
  const prove = async (
    program: Program,
    key: VerificationKey,
    inputs: Parameters<NoirSystem['execute']>[1],
    claim: Child,
  ) => {
    const witness = await system.execute(program.artifact, inputs, LIMITS)
    const { proof, seconds } = await plainProve(system, folder, program.artifact, key, witness)
    if (!(await system.verify(key, publicInput(claim), proof)))
      throw new Error('the plain proof does not verify')
    total += seconds
    return proof
  }
  const children: MergeChild[] = []
  for (const { pre, post, data, inputs } of segments) {
    const claim: Transition = { kind: 'transition', pre, post, data, prover: PROVER, work: payments.work }
    const child = { ...claim, program: payments.id }
    const proof = await prove(payments, payments.key, { ...inputs, prover: PROVER } as never, child)
    children.push({ claim: child, key: payments.key, proof })
  }
  const [left, right] = children as [MergeChild, MergeChild]
  const by = { prover: PROVER, mergeKey: merge.key.hash }
  const root = sequenceOf(left.claim, right.claim, { ...by, work: merge.work })
  await prove(merge, merge.evmKey, system.mergeInputs('sequence', left, right, by), root)
  await rm(folder, { recursive: true })
  return total
}

/** The same jobs by the plain `bb` binary and through coordinator and node, in turns. */
export const run = async () => {
  const system = await openSystem(CORES)
  const programs = await preparePrograms(system, 2)
  const network = await startNetwork(programs, 1, CORES)
  const ours: number[] = []
  const theirs: number[] = []
  try {
    // Round 0 warms both up: programs are downloaded, files cached.
    for (let round = 0; round <= ROUNDS; round++) {
      const segments = await transferSegments(Date.now() % 1_000_000, 2, 2)
      const trace = { program: programs.payments.id, segments }
      const measure = {
        plain: () => plain(system, programs, segments),
        network: () => network.prove(trace),
      }
      const order = round % 2 === 0 ? (['plain', 'network'] as const) : (['network', 'plain'] as const)
      for (const side of order) {
        const seconds = await measure[side]()
        say(`${round === 0 ? 'warm-up' : `round ${round}`}: ${side} ${seconds.toFixed(2)} s`)
        if (round > 0) (side === 'plain' ? theirs : ours).push(seconds)
      }
    }
  } finally {
    await network.close()
    await system.close()
  }
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
  const pairs = ours.map((seconds, i) => seconds / (theirs[i] as number))
  return {
    ratio: rounded(sum(ours) / sum(theirs)),
    ratios: pairs.map((ratio) => rounded(ratio)),
    medianSeconds: { network: rounded(median(ours)), plain: rounded(median(theirs)) },
    rounds: ROUNDS,
    threads: CORES,
  }
}
