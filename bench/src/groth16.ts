// SPDX-License-Identifier: GPL-3.0-or-later
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Artifact, DirectSystem, Inputs, VerificationKey } from '@weft/proof'
import type { Program } from '@weft/sdk'
import { createCircomDirectSystems, createCircomSystem, readCircomProgram } from '@weft/system-circom'
import { groth16 } from 'snarkjs'
import { type CircomNetwork, startCircomNetwork } from './circom-network.js'
import { CACHE, CORES, LIMITS, median, rounded, say } from './machine.js'

const ROUNDS = 5
/** Depths of Semaphore's published circuits. */
const DEPTHS = [10, 20, 32] as const

const require = createRequire(import.meta.url)
const artifacts = dirname(require.resolve('@zk-kit/semaphore-artifacts/package.json'))
const snarkjsCli = join(dirname(require.resolve('snarkjs')), 'cli.cjs')

interface Circuit {
  readonly depth: number
  readonly wasm: string
  readonly zkey: string
  readonly artifact: Artifact
  readonly key: VerificationKey
  readonly program: Program
}

/** The whole network; its proof system by itself; snarkjs as a library and as a command. */
type Side = 'network' | 'system' | 'library' | 'command'
const SIDES: readonly Side[] = ['network', 'system', 'library', 'command']

/** A member alone in its group, with another message each time. */
const inputsOf = (depth: number, message: number): Inputs => ({
  secret: '123456789',
  merkleProofLength: 0,
  merkleProofIndex: 0,
  merkleProofSiblings: Array.from({ length: depth }, () => '0'),
  scope: '7',
  message: String(message),
})

/** snarkjs leaves its threads running behind a global, and the process with them. */
const stopSnarkjs = async () => {
  const { curve_bn128: curve } = globalThis as { curve_bn128?: { terminate(): Promise<void> } }
  await curve?.terminate()
}

const openGroth16 = (): DirectSystem => {
  const system = createCircomSystem({
    threads: CORES,
    keyCacheBytes: 1e9,
    randomBytes: (length) => randomBytes(length),
    verifyLimits: LIMITS,
  })
  const [direct] = createCircomDirectSystems(system, { cacheFolder: join(CACHE, 'circom') })
  return direct as DirectSystem
}

const loadCircuit = async (system: DirectSystem, network: CircomNetwork, depth: number): Promise<Circuit> => {
  const path = (type: string) => join(artifacts, `semaphore-${depth}.${type}`)
  const artifact = await readCircomProgram(path('zkey'))
  const { key } = await system.setup(artifact, LIMITS)
  const program = await network.register(path('zkey'))
  return { depth, wasm: path('wasm'), zkey: path('zkey'), artifact, key, program }
}

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const startMs = performance.now()
  await work()
  return (performance.now() - startMs) / 1000
}

type Measure = (circuit: Circuit, inputs: Inputs) => Promise<number>

const sidesOf = (
  system: DirectSystem,
  network: CircomNetwork,
  folder: string,
): Readonly<Record<Side, Measure>> => ({
  network: ({ program }, inputs) => network.prove(program, inputs),
  system: ({ artifact, key }, inputs) =>
    secondsOf(async () => {
      const proof = await system.prove(artifact, key, inputs, LIMITS)
      if (!(await system.verify(key, proof))) throw new Error('a proof does not verify')
    }),
  library: ({ wasm, zkey }, inputs) => secondsOf(() => groth16.fullProve(inputs, wasm, zkey)),
  command: ({ wasm, zkey }, inputs) =>
    secondsOf(async () => {
      const path = (name: string) => join(folder, name)
      await writeFile(path('inputs.json'), JSON.stringify(inputs))
      const files = [path('inputs.json'), wasm, zkey, path('proof.json'), path('public.json')]
      await promisify(execFile)(process.execPath, [snarkjsCli, 'groth16', 'fullprove', ...files])
    }),
})

/** Seconds by depth and side, warm-ups left out. */
const measureRounds = async (circuits: readonly Circuit[], sides: Readonly<Record<Side, Measure>>) => {
  const seconds = new Map<string, number[]>()
  for (let round = 0; round <= ROUNDS; round++) {
    const order = SIDES.map((_, i) => SIDES[(i + round) % SIDES.length] as Side)
    for (const circuit of circuits) {
      for (const side of order) {
        const took = await sides[side](circuit, inputsOf(circuit.depth, round))
        const name = `${circuit.depth} ${side}`
        say(`${round === 0 ? 'warm-up' : `round ${round}`}: depth ${name} ${took.toFixed(3)} s`)
        if (round > 0) seconds.set(name, [...(seconds.get(name) ?? []), took])
      }
    }
  }
  return seconds
}

const resultOf = (seconds: ReadonlyMap<string, readonly number[]>) => {
  const medianOf = (depth: number, side: Side) => median(seconds.get(`${depth} ${side}`) ?? [])
  const total = (side: Side) => DEPTHS.reduce<number>((sum, depth) => sum + medianOf(depth, side), 0)
  const ratio = (side: Side, to: Side) => rounded(total(side) / total(to))
  return {
    ratio: ratio('network', 'library'),
    ratioToCommand: ratio('network', 'command'),
    systemRatio: ratio('system', 'library'),
    semaphore: DEPTHS.map((depth) => ({
      depth,
      medianSeconds: Object.fromEntries(SIDES.map((side) => [side, rounded(medianOf(depth, side))])),
      ratio: rounded(medianOf(depth, 'network') / medianOf(depth, 'library')),
    })),
    rounds: ROUNDS,
    threads: CORES,
  }
}

/**
 * From inputs to a proof that is verified: through a network of devnet, coordinator and node, executed, signed, matched,
 * committed to, proven, and verified by node and coordinator; against snarkjs' own `fullProve` from files, in a process
 * that stays. Everything is warmed up, so that keys are in memory there and in the file cache here. L1 records and pays
 * after that, while nothing else is measured.
 */
export const run = async () => {
  const [direct, requester] = [openGroth16(), openGroth16()]
  const folder = await mkdtemp(join(tmpdir(), 'weft-groth16-'))
  let network: CircomNetwork | undefined
  try {
    say('starting devnet, coordinator and node')
    network = await startCircomNetwork(folder, requester)
    const circuits: Circuit[] = []
    for (const depth of DEPTHS) circuits.push(await loadCircuit(direct, network, depth))
    return resultOf(await measureRounds(circuits, sidesOf(direct, network, folder)))
  } finally {
    await network?.close()
    await Promise.all([direct.close(), requester.close()])
    await stopSnarkjs()
    await rm(folder, { recursive: true, force: true })
  }
}
