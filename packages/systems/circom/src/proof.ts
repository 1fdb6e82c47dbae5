import { ProofError } from '@weft/proof'
import { PROTOCOLS, type Protocol } from './headers.js'
import { all, type Check, is, isCommitment, isG1, isG2, isRecord, isScalar } from './shapes.js'

/** A proof and its public signals (outputs, then public inputs, in decimal) as snarkjs writes and reads them. */
export interface CircomProof {
  readonly protocol: Protocol
  readonly publicSignals: readonly string[]
  readonly proof: object
}

/** A verification key as snarkjs writes and reads it. */
export interface CircomVerificationKey {
  readonly protocol: Protocol
  readonly curve: string
  readonly nPublic: number
  readonly [part: string]: unknown
}

const curve = { curve: is('bn128') }
const SHAPES: Readonly<Record<Protocol, Check>> = {
  groth16: isRecord({ pi_a: isG1, pi_b: isG2, pi_c: isG1, protocol: is('groth16'), ...curve }),
  plonk: isRecord({
    ...all('A B C Z T1 T2 T3 Wxi Wxiw', isCommitment),
    ...all('eval_a eval_b eval_c eval_s1 eval_s2 eval_zw', isScalar),
    protocol: is('plonk'),
    ...curve,
  }),
  fflonk: isRecord({
    polynomials: isRecord(all('C1 C2 W1 W2', isCommitment)),
    evaluations: isRecord(all('ql qr qm qo qc s1 s2 s3 a b c z zw t1w t2w inv', isScalar)),
    protocol: is('fflonk'),
    ...curve,
  }),
}

/** Whether this is a well-formed proof and set of public signals for that key; says nothing of its truth. */
export const isWellFormed = (
  key: CircomVerificationKey,
  publicSignals: readonly unknown[],
  proof: unknown,
): proof is object =>
  Array.isArray(publicSignals) &&
  publicSignals.length === key.nPublic &&
  publicSignals.every(isScalar) &&
  SHAPES[key.protocol](proof)

/** Errors: `bad_key`. */
export const checkKey = (key: CircomVerificationKey): void => {
  const { protocol, nPublic, IC } = key
  const wrong = !PROTOCOLS.includes(protocol)
    ? 'protocol'
    : key.curve !== 'bn128'
      ? 'curve'
      : !Number.isSafeInteger(nPublic) || nPublic < 0
        ? 'nPublic'
        : protocol === 'groth16' && !(Array.isArray(IC) && IC.length === nPublic + 1)
          ? 'IC'
          : null
  if (wrong === null) return
  throw new ProofError(
    'bad_key',
    `the verification key has a wrong ${wrong}: export it from its zkey again`,
    {
      part: wrong,
    },
  )
}
