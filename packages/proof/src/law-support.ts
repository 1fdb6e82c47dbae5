import { ProofError, type ProofErrorCode } from './error.js'
import type { CancelSignal, Limits } from './system.js'

/** One law; `check` rejects when it does not hold. */
export interface LawOf<Fixture> {
  readonly name: string
  readonly check: (fixture: Fixture) => Promise<void>
}

const never: CancelSignal = {
  aborted: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}
export const generous: Limits = { signal: never, memoryBytes: 8e9, timeMs: 300_000 }
export const aborted: Limits = { ...generous, signal: { ...never, aborted: true } }

export const demand = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

export const demandError = async (code: ProofErrorCode, work: () => Promise<unknown>): Promise<void> => {
  const error = await work().then(
    () => null,
    (reason: unknown) => reason,
  )
  demand(error instanceof ProofError && error.code === code, `expected ${code}, got ${String(error)}`)
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

/** What looks like a proof and is none: cut, flipped, blank. */
export const spoiled = (proof: Uint8Array): readonly Uint8Array[] => [
  new Uint8Array(0),
  proof.subarray(0, proof.length - 1),
  proof.subarray(0, proof.length - 32),
  flipped(proof, 0),
  flipped(proof, proof.length >> 1),
  flipped(proof, proof.length - 1),
  new Uint8Array(proof.length),
  new Uint8Array(proof.length).fill(255),
]
