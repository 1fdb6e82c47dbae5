import { ProofError } from '@weft/proof'
import { rootOfUnity } from '../bn254.js'
import type { CircomVerificationKey } from '../proof.js'
import { all, type Check, is, isCommitment, isG1, isG2, isRecord, isScalar } from '../shapes.js'

/** The protocols whose keys have contracts of their own. */
export type ContractProtocol = 'plonk' | 'fflonk'

/** Both protocols' proofs are that many words. */
export const PROOF_WORDS = 24

/** Beyond that, contracts with every public signal spelt out grow too large for a chain. */
export const MAX_PUBLIC_SIGNALS = 100

interface Layout {
  /** Parts of a proof in the order in which its verifier takes them, points before numbers. */
  readonly points: readonly string[]
  readonly numbers: readonly string[]
  readonly key: Check
}

const isBetween =
  (least: number, most: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most

const common = {
  curve: is('bn128'),
  nPublic: isBetween(1, MAX_PUBLIC_SIGNALS),
  power: isBetween(1, 28),
  X_2: isG2,
}

export const LAYOUTS: Readonly<Record<ContractProtocol, Layout>> = {
  plonk: {
    points: 'A B C Z T1 T2 T3 Wxi Wxiw'.split(' '),
    numbers: 'eval_a eval_b eval_c eval_s1 eval_s2 eval_zw'.split(' '),
    key: isRecord({
      protocol: is('plonk'),
      ...common,
      ...all('Qm Ql Qr Qo Qc S1 S2 S3', isCommitment),
      ...all('k1 k2 w', isScalar),
    }),
  },
  fflonk: {
    points: 'C1 C2 W1 W2'.split(' '),
    numbers: 'ql qr qm qo qc s1 s2 s3 a b c z zw t1w t2w inv'.split(' '),
    key: isRecord({
      protocol: is('fflonk'),
      ...common,
      C0: isG1,
      ...all('k1 k2 w w3 w4 w8 wr', isScalar),
    }),
  },
}

/** Exactly one spelling of each key. */
export const canonicalJson = (key: CircomVerificationKey): string =>
  JSON.stringify(Object.fromEntries(Object.entries(key).sort(([one], [other]) => (one < other ? -1 : 1))))

/** What `canonicalJson` wrote; null for everything else. */
export const readCanonicalJson = (protocol: ContractProtocol, text: string): CircomVerificationKey | null => {
  try {
    const key = JSON.parse(text) as CircomVerificationKey
    return isContractKey(protocol, key) && canonicalJson(key) === text ? key : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Whether nothing but numbers goes from this key into a contract's source, and the domain is the one of its size. */
export const isContractKey = (protocol: ContractProtocol, key: CircomVerificationKey): boolean =>
  LAYOUTS[protocol].key(key) && key.w === String(rootOfUnity(key.power as number))

export const badKey = (why: string) => new ProofError('bad_key', `${why}: set the program up again`)
