import type { Artifact, Inputs, Limits, ProofSystem, VerificationKey } from '@weft/proof'
import { type Address, type Bytes32, WeftError } from '@weft/protocol'
import type { Clock } from './ports.js'

/** A small program that a node proves at its start. */
export interface Calibration {
  readonly artifact: Artifact
  readonly key: VerificationKey
  readonly gates: number
  /** Its inputs for a prover. */
  inputs(prover: Address): Inputs
  /** The public input of the right proof. */
  publicInput(prover: Address): Bytes32
}

/**
 * Proves and verifies the calibration program: how many gates this machine proves in a second, at least 1.
 * Throws `self_test_failed` where it cannot prove at all.
 */
export const measureGatesPerSecond = async (
  system: ProofSystem,
  calibration: Calibration,
  prover: Address,
  limits: Limits,
  clock: Clock,
): Promise<number> => {
  const { artifact, key } = calibration
  try {
    const witness = await system.execute(artifact, calibration.inputs(prover), limits)
    const startMs = clock.nowMs()
    const proof = await system.prove(artifact, key, witness, limits)
    const seconds = Math.max(1, clock.nowMs() - startMs) / 1000
    if (!(await system.verify(key, calibration.publicInput(prover), proof))) {
      throw new Error('its own proof does not verify')
    }
    return Math.max(1, Math.floor(calibration.gates / seconds))
  } catch (cause) {
    throw new WeftError(
      'self_test_failed',
      `this machine cannot prove ${artifact.name} (${cause instanceof Error ? cause.message : cause}): ` +
        'check memory limit, SRS and cache folder',
      { program: artifact.name },
      { cause },
    )
  }
}
