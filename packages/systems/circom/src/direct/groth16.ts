import { ProofError, type VerificationKey } from '@weft/proof'
import { GROTH16, keccak256 } from '@weft/protocol'
import type { CircomVerificationKey } from '../proof.js'
import { isCommitment, isG1, isG2 } from '../shapes.js'
import type { Format } from './format.js'
import { decodeWords, encodeWords } from './words.js'

// Points as EIP-196 and EIP-197 have them: imaginary parts first, and zeros for the point at infinity. snarkjs has real
// parts first and a third coordinate.

type G1 = readonly string[]
type G2 = readonly (readonly string[])[]

/** What a contract can hold of a key. */
const MAX_PUBLIC_SIGNALS = 375
/** Words before the points of the constant and the public inputs, two each. */
const FIXED_WORDS = 14
const PROOF_WORDS = 8

const INFINITY: G1 = ['0', '1', '0']

const g1Words = ([x, y, z]: G1): readonly string[] => (z === '0' ? ['0', '0'] : [x as string, y as string])
const g2Words = ([x, y]: G2): readonly string[] =>
  [x?.[1], x?.[0], y?.[1], y?.[0]].map((coordinate) => coordinate as string)

const g1Of = (words: readonly string[], at: number): G1 => [...words.slice(at, at + 2), '1']
const inputOf = (words: readonly string[], at: number): G1 =>
  words[at] === '0' && words[at + 1] === '0' ? INFINITY : g1Of(words, at)
const g2Of = (words: readonly string[], at: number): G2 => {
  const [x1, x0, y1, y0] = words.slice(at, at + 4) as [string, string, string, string]
  return [
    [x0, x1],
    [y0, y1],
    ['1', '0'],
  ]
}

interface Points {
  readonly vk_alpha_1: G1
  readonly vk_beta_2: G2
  readonly vk_gamma_2: G2
  readonly vk_delta_2: G2
  readonly IC: readonly G1[]
}

const isKey = (key: object): key is Points => {
  const { vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC } = key as Partial<Points>
  return (
    isG1(vk_alpha_1) && [vk_beta_2, vk_gamma_2, vk_delta_2].every(isG2) && IC?.every(isCommitment) === true
  )
}

const encodeKey = (key: CircomVerificationKey): VerificationKey => {
  if (!isKey(key)) throw new ProofError('bad_artifact', 'a point of the zkey is at infinity: set it up again')
  const { vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC } = key
  const g2 = [vk_beta_2, vk_gamma_2, vk_delta_2].flatMap(g2Words)
  const bytes = encodeWords([...g1Words(vk_alpha_1), ...g2, ...IC.flatMap(g1Words)])
  return { target: 'evm', bytes, hash: keccak256(bytes) }
}

const decodeKey = ({ bytes, hash }: VerificationKey): CircomVerificationKey => {
  const words = decodeWords(bytes)
  if (keccak256(bytes) !== hash || words === null || words.length <= FIXED_WORDS || words.length % 2 !== 0) {
    throw new ProofError('bad_key', 'the bytes are no Groth16 key of that hash: set the program up again')
  }
  const count = (words.length - FIXED_WORDS) / 2
  return {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: count - 1,
    vk_alpha_1: g1Of(words, 0),
    vk_beta_2: g2Of(words, 2),
    vk_gamma_2: g2Of(words, 6),
    vk_delta_2: g2Of(words, 10),
    IC: Array.from({ length: count }, (_, i) => inputOf(words, FIXED_WORDS + 2 * i)),
  }
}

const decodeProof = (bytes: Uint8Array): object => {
  const words = decodeWords(bytes) ?? []
  return {
    pi_a: g1Of(words, 0),
    pi_b: g2Of(words, 2),
    pi_c: g1Of(words, 6),
    protocol: 'groth16',
    curve: 'bn128',
  }
}

/** As the contract for every Groth16 key takes them (contracts/DELIVERY.md). */
export const groth16Format: Format = {
  protocol: 'groth16',
  id: GROTH16,
  proofBytes: 32 * PROOF_WORDS,
  maxPublicSignals: MAX_PUBLIC_SIGNALS,
  encodeKey: async (key) => encodeKey(key),
  decodeKey: async (key) => decodeKey(key),
  onChain: async () => ({ kind: 'groth16' }),
  encodeProof(proof) {
    const { pi_a, pi_b, pi_c } = proof as { pi_a: G1; pi_b: G2; pi_c: G1 }
    return encodeWords([...g1Words(pi_a), ...g2Words(pi_b), ...g1Words(pi_c)])
  },
  decodeProof,
  isComplete: () => true,
}
