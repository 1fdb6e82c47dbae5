import { decodeContractKey, encodeContractKey, ProofError, type VerificationKey } from '@weft/proof'
import { bytesToHex, CONTRACT, keccak256 } from '@weft/protocol'
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

type Part = string | readonly string[]

const encodeKey = (
  protocol: ContractProtocol,
  key: CircomVerificationKey,
  { runtimeCode }: Verifier,
): VerificationKey => {
  const call = {
    codeHash: keccak256(runtimeCode),
    selector: selectorOf(protocol, key.nPublic),
    takes: 'words',
  } as const
  return encodeContractKey(call, Buffer.from(canonicalJson(key)))
}

/** PLONK and FFLONK: every key has a contract of its own, which follows from the key. */
export const contractFormat = (protocol: ContractProtocol, compiler: VerifierCompiler): Format => {
  const { points, numbers } = LAYOUTS[protocol]

  /** A key's contract is compiled again from what else the key says, so that it cannot be another one. */
  const open = async (key: VerificationKey) => {
    const { own } = decodeContractKey(key)
    const content = readCanonicalJson(protocol, Buffer.from(own).toString())
    if (content === null) throw badKey(`the bytes are no ${protocol} key`)
    const verifier = await compiler.compile(content)
    if (bytesToHex(encodeKey(protocol, content, verifier).bytes) !== bytesToHex(key.bytes)) {
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
