import {
  type Artifact,
  type DirectSystem,
  decodeContractKey,
  encodeContractKey,
  type Inputs,
  type Limits,
  ProofError,
  type VerificationKey,
} from '@weft/proof'
import { CONTRACT, type Hex, keccak256 } from '@weft/protocol'
import { parseArtifact } from './artifact.js'
import { MAX_PROOF_BYTES } from './honk.js'
import type { NoirSystem } from './system.js'

/** `verify(bytes,bytes32[])`, of every generated verifier. */
const SELECTOR: Hex = '0xea50d0e4'

/** Room for the public inputs beside a proof, in bytes. */
const MAX_PUBLIC_BYTES = 64 * 1024

/** A program's key is for its `evm` proofs, behind the contract that it makes. */
const splitKey = (key: VerificationKey): VerificationKey => {
  const { own } = decodeContractKey(key)
  return { target: 'evm', bytes: own, hash: key.hash }
}

/** Wrappers are for merging. Errors: `bad_artifact`. */
const checkPlain = (artifact: Artifact): void => {
  if (parseArtifact(artifact).inner === undefined) return
  throw new ProofError(
    'bad_artifact',
    `${artifact.name} is wrapped for aggregation: give the program itself to have it proven alone`,
  )
}

/**
 * Noir programs whose proofs go to Ethereum alone: any number of public inputs, each program behind its own verifier.
 * `honk-zk` says nothing of private inputs. The system's processes are shared, and are its owner's to close.
 */
export const createHonkDirectSystem = (system: NoirSystem, zk: boolean): DirectSystem => {
  const verifierOf = async (key: VerificationKey) => {
    const verifier = await system.verifierCode(splitKey(key), zk)
    if (keccak256(verifier.runtimeCode) === decodeContractKey(key).codeHash) return verifier
    throw new ProofError('bad_key', 'the key names another contract than its own: set up its program again')
  }
  const run = (artifact: Artifact, inputs: Inputs, limits: Limits) => {
    checkPlain(artifact)
    return system.run(artifact, inputs, limits)
  }
  return {
    name: zk ? 'honk-zk' : 'honk',
    id: CONTRACT,
    maxProofBytes: MAX_PROOF_BYTES + MAX_PUBLIC_BYTES,
    async setup(artifact, limits) {
      checkPlain(artifact)
      const key = await system.setup(artifact, 'evm', limits)
      const { runtimeCode } = await system.verifierCode(key, zk)
      const call = { codeHash: keccak256(runtimeCode), selector: SELECTOR, takes: 'bytes' } as const
      return {
        key: encodeContractKey(call, key.bytes),
        cost: await system.estimate(artifact, limits),
      }
    },
    async onChain(key) {
      const { creationCode } = await verifierOf(key)
      return { kind: 'contract', creationCode, selector: SELECTOR, takes: 'bytes' }
    },
    execute: async (artifact, inputs, limits) => (await run(artifact, inputs, limits)).publicInputs,
    async prove(artifact, key, inputs, limits) {
      const { witness } = await run(artifact, inputs, limits)
      const { publicInputs, proof } = await system.proveDirect(artifact, splitKey(key), witness, limits, zk)
      return { publicInputs, proof }
    },
    verify: (key, { publicInputs, proof }) => system.verifyDirect(splitKey(key), { publicInputs, proof, zk }),
    close: async () => undefined,
  }
}
