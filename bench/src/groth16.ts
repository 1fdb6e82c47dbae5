// SPDX-License-Identifier: GPL-3.0-or-later
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Inputs } from '@weft/proof'
import { type CircomProgram, type CircomVerificationKey, createCircomSystem } from '@weft/system-circom'
import { groth16 } from 'snarkjs'
import { CORES, LIMITS, median, rounded, say } from './machine.js'

const ROUNDS = 7
/** Depths of Semaphore's published circuits. */
const DEPTHS = [10, 20, 32] as const

const require = createRequire(import.meta.url)
const artifacts = dirname(require.resolve('@zk-kit/semaphore-artifacts/package.json'))
const snarkjsCli = join(dirname(require.resolve('snarkjs')), 'cli.cjs')

interface Circuit {
  readonly depth: number
  readonly wasm: string
  readonly zkey: string
  readonly program: CircomProgram
  readonly key: CircomVerificationKey
}

type Side = 'ours' | 'library' | 'cli'
const SIDES: readonly Side[] = ['ours', 'library', 'cli']

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

/**
 * From inputs to a proof: here, verified as a node does it, against snarkjs' own `fullProve` from files, both as a
 * library in a process that stays and as its command. Everything is warmed up, so that keys are in memory here and
 * in the file cache there.
 */
export const run = async () => {
  const system = createCircomSystem({
    threads: CORES,
    keyCacheBytes: 1e9,
    randomBytes: (length) => randomBytes(length),
    verifyLimits: LIMITS,
  })
  const folder = await mkdtemp(join(tmpdir(), 'weft-groth16-'))
  const circuits: Circuit[] = []
  for (const depth of DEPTHS) {
    const [wasm, zkey] = ['wasm', 'zkey'].map((type) => join(artifacts, `semaphore-${depth}.${type}`)) as [
      string,
      string,
    ]
    const files = { wasm: await readFile(wasm), zkey: await readFile(zkey) }
    const program = system.load({ protocol: 'groth16', ...files })
    circuits.push({ depth, wasm, zkey, program, key: await system.verificationKey(program, LIMITS) })
  }

  const sides: Readonly<Record<Side, (circuit: Circuit, inputs: Inputs) => Promise<boolean>>> = {
    async ours({ program, key }, inputs) {
      const { proof, publicSignals } = await system.prove(program, inputs, LIMITS)
      return system.verify(key, publicSignals, proof)
    },
    async library({ wasm, zkey }, inputs) {
      const { publicSignals } = await groth16.fullProve(inputs, wasm, zkey)
      return publicSignals.length > 0
    },
    async cli({ wasm, zkey }, inputs) {
      const path = (name: string) => join(folder, name)
      await writeFile(path('inputs.json'), JSON.stringify(inputs))
      const files = [path('inputs.json'), wasm, zkey, path('proof.json'), path('public.json')]
      await promisify(execFile)(process.execPath, [snarkjsCli, 'groth16', 'fullprove', ...files])
      return true
    },
  }

  const seconds = new Map<string, number[]>()
  const measure = async (side: Side, circuit: Circuit, round: number) => {
    const inputs = inputsOf(circuit.depth, round)
    const startMs = performance.now()
    if (!(await sides[side](circuit, inputs))) throw new Error(`${side}: the proof does not verify`)
    const took = (performance.now() - startMs) / 1000
    say(`${round === 0 ? 'warm-up' : `round ${round}`}: depth ${circuit.depth}, ${side} ${took.toFixed(3)} s`)
    if (round === 0) return
    const name = `${circuit.depth} ${side}`
    seconds.set(name, [...(seconds.get(name) ?? []), took])
  }
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const order = SIDES.map((_, i) => SIDES[(i + round) % SIDES.length] as Side)
      for (const circuit of circuits) for (const side of order) await measure(side, circuit, round)
    }
  } finally {
    await system.close()
    await stopSnarkjs()
    await rm(folder, { recursive: true })
  }

  const medianOf = (depth: number, side: Side) => median(seconds.get(`${depth} ${side}`) ?? [])
  const total = (side: Side) => DEPTHS.reduce<number>((sum, depth) => sum + medianOf(depth, side), 0)
  return {
    ratio: rounded(total('ours') / total('library')),
    ratioToCommand: rounded(total('ours') / total('cli')),
    semaphore: DEPTHS.map((depth) => ({
      depth,
      medianSeconds: Object.fromEntries(SIDES.map((side) => [side, rounded(medianOf(depth, side))])),
      ratio: rounded(medianOf(depth, 'ours') / medianOf(depth, 'library')),
    })),
    rounds: ROUNDS,
    threads: CORES,
  }
}
