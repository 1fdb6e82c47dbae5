import { ProofError, type VerificationKey } from '@weft/proof'
import { bytesToHex, CONTRACT, type Hex, hashWords, keccak256, uintToBytes32 } from '@weft/protocol'
import type { CircomVerificationKey } from '../proof.js'
import { isInverse } from './fflonk-inverse.js'
import type { Format } from './format.js'
import {
  badKey,
  type ContractProtocol,
  canonicalJson,
  isContractKey,
  LAYOUTS,
  MAX_PUBLIC_SIGNALS,
  PROOF_WORDS,
  readCanonicalJson,
} from './layout.js'
import { selectorOf } from './solidity-source.js'
import type { Verifier, VerifierCompiler } from './verifier-compiler.js'
import { decodeWords, encodeWords } from './words.js'

/** The verifier takes the proof and the public inputs as so many words. */
const TAKES_WORDS = 1
/** The code's hash (a word), the selector (a word, to the left), what it takes (a byte): all that L1 knows of a key. */
const HEAD_BYTES = 65

type Part = string | readonly string[]

/** Hash and first bytes of a key, from its contract. */
const headOf = (verifier: Verifier, selector: Hex) => {
  const codeHash = keccak256(verifier.runtimeCode)
  const selectorWord: Hex = `0x${selector.slice(2).padEnd(64, '0')}`
  const head = Buffer.from(`${codeHash.slice(2)}${selectorWord.slice(2)}0${TAKES_WORDS}`, 'hex')
  return { hash: hashWords(codeHash, selectorWord, uintToBytes32(BigInt(TAKES_WORDS))), head }
}

const encodeKey = (
  protocol: ContractProtocol,
  key: CircomVerificationKey,
  verifier: Verifier,
): VerificationKey => {
  const { hash, head } = headOf(verifier, selectorOf(protocol, key.nPublic))
  return { target: 'evm', bytes: Buffer.concat([head, Buffer.from(canonicalJson(key))]), hash }
}

/** PLONK and FFLONK: every key has a contract of its own, which follows from the key. */
export const contractFormat = (protocol: ContractProtocol, compiler: VerifierCompiler): Format => {
  const { points, numbers } = LAYOUTS[protocol]

  /** A key's contract is compiled again from what else the key says, so that it cannot be another one. */
  const open = async (key: VerificationKey) => {
    const json = Buffer.from(key.bytes.subarray(HEAD_BYTES)).toString()
    const content = readCanonicalJson(protocol, json)
    if (content === null) throw badKey(`the bytes are no ${protocol} key`)
    const verifier = await compiler.compile(content)
    const expected = encodeKey(protocol, content, verifier)
    if (expected.hash !== key.hash || bytesToHex(expected.bytes) !== bytesToHex(key.bytes)) {
      throw badKey('the key names another contract than its own')
    }
    return { content, verifier }
  }

  return {
    protocol,
    id: CONTRACT,
    proofBytes: 32 * PROOF_WORDS,
    maxPublicSignals: MAX_PUBLIC_SIGNALS,
    async encodeKey(key, limits) {
      if (key.nPublic === 0) {
        throw new ProofError('bad_artifact', 'the circuit makes nothing public: give it an output')
      }
      if (!isContractKey(protocol, key)) {
        throw new ProofError('bad_artifact', `the zkey has no ${protocol} key: set it up again`, {
          file: 'zkey',
        })
      }
      return encodeKey(protocol, key, await compiler.compile(key, limits))
    },
    decodeKey: async (key) => (await open(key)).content,
    async onChain(key) {
      const { content, verifier } = await open(key)
      const { creationCode } = verifier
      return {
        kind: 'contract',
        creationCode,
        selector: selectorOf(protocol, content.nPublic),
        takes: 'words',
      }
    },
    encodeProof(proof) {
      const { polynomials, evaluations } = proof as Record<string, Record<string, Part>>
      const parts = { ...(proof as Record<string, Part>), ...polynomials, ...evaluations }
      // The point at infinity is (0, 1, 0) and has no words: its contract refuses whatever stands for it.
      const coordinates = points.flatMap((name) => parts[name]?.slice(0, 2) as string[])
      return encodeWords([...coordinates, ...numbers.map((name) => parts[name] as string)])
    },
    decodeProof(bytes) {
      const words = decodeWords(bytes) ?? []
      const point = (name: string, i: number) => [name, [words[2 * i], words[2 * i + 1], '1']]
      const number = (name: string, i: number) => [name, words[2 * points.length + i]]
      const [polynomials, evaluations] = [
        Object.fromEntries(points.map(point)),
        Object.fromEntries(numbers.map(number)),
      ]
      const parts = protocol === 'plonk' ? { ...polynomials, ...evaluations } : { polynomials, evaluations }
      return { ...parts, protocol, curve: 'bn128' }
    },
    isComplete: (statement) => protocol === 'plonk' || isInverse(statement),
  }
}
