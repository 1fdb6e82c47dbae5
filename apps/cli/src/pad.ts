import { PAD } from '@weft/circuits'
import type { Inputs, Program } from '@weft/proof'
import { type Address, publicInput, type Transition, uintToBytes32, ZERO_BYTES32 } from '@weft/protocol'
import { toLanes } from '@weft/system-noir'

/** The statement that the pad program proves of an output: no state, no data. */
const padStatement = (output: bigint) => ({
  pre: ZERO_BYTES32,
  post: uintToBytes32(output),
  data: ZERO_BYTES32,
})

const padInputs = (output: bigint): Inputs => ({ output: toLanes(uintToBytes32(output)) })

const padClaim = (output: bigint, prover: Address): Transition => ({
  kind: 'transition',
  ...padStatement(output),
  prover,
  work: PAD.work,
})

/** What a node proves at its start to measure the machine. */
export const padCalibration = (pad: Program) => ({
  artifact: pad.artifact,
  key: pad.key,
  gates: pad.gates,
  inputs: (prover: Address): Inputs => ({ ...padInputs(1n), prover }),
  publicInput: (prover: Address) => publicInput(padClaim(1n, prover)),
})

/** What keeps a lone leaf company in an aggregate. */
export const padFiller = (pad: Program) => ({
  program: pad,
  segment: padStatement(0n),
  inputs: Buffer.from(JSON.stringify(padInputs(0n))),
})
