import { type L1Client, registerKeyCall, type Sender } from '@weft/chain'
import { abis, bytecodes } from '@weft/contracts'
import { bytecodes as mockBytecodes, abis as mocks } from '@weft/contracts/testing'
import { type DirectProof, type DirectSystem, ProofError, type VerificationKey } from '@weft/proof'
import { type Bytes32, bytesToHex, GROTH16, hexToBytes, keccak256, toAddress } from '@weft/protocol'

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** A circuit that is no more than its setup, as the contract that proves everything takes it. */
const circuitOf = (bytes: Uint8Array) => {
  const [ceremony, circuit, inputs] = textOf(bytes).split(',').map(BigInt)
  if (ceremony === undefined || circuit === undefined || inputs === undefined) {
    throw new ProofError('bad_artifact', 'an artifact is three numbers')
  }
  return { ceremony, circuit, inputs }
}

const deploy = async (sender: Sender, name: string, data: `0x${string}`) => {
  const { contractAddress } = await sender.send({ id: name, to: null, data, valueWei: 0n })
  return toAddress(String(contractAddress))
}

/**
 * Groth16 by a contract that knows the secrets of its setups: its proofs are proofs to every verifier. Artifacts are
 * `ceremony,circuit,inputs`; inputs name the public inputs. `isSatisfied` says which can be proven.
 */
export const groth16OfEverything = async (
  client: L1Client,
  sender: Sender,
  isSatisfied: (publicInputs: readonly Bytes32[]) => boolean,
): Promise<DirectSystem> => {
  const prover = {
    address: await deploy(sender, 'prover of everything', mockBytecodes.Groth16Prover),
    abi: mocks.Groth16Prover,
  } as const
  // Another than the deployment's, which learns keys from the coordinator alone.
  const verifier = {
    address: await deploy(sender, 'verifier of everything', bytecodes.Groth16Verifier),
    abi: abis.Groth16Verifier,
  } as const
  let proofs = 0n

  const keyOf = async (bytes: Uint8Array): Promise<VerificationKey> => {
    const args = [circuitOf(bytes)] as const
    const key = hexToBytes(await client.readContract({ ...prover, functionName: 'keyOf', args }))
    return { target: 'evm', bytes: key, hash: keccak256(key) }
  }
  const execute: DirectSystem['execute'] = async ({ name }, { publicInputs }) => {
    const words = publicInputs as readonly Bytes32[]
    if (!isSatisfied(words)) throw new ProofError('unsatisfied', `${name}: a constraint failed`)
    return words
  }
  return {
    name: 'groth16',
    id: GROTH16,
    maxProofBytes: 4096,
    setup: async ({ bytes }) => {
      const key = await keyOf(bytes)
      await sender.send(registerKeyCall(verifier.address, key.bytes))
      return { key, cost: { gates: 1000, memoryBytes: 1e6 } }
    },
    onChain: async () => ({ kind: 'groth16' }),
    execute,
    async prove(artifact, _key, inputs, limits): Promise<DirectProof> {
      const publicInputs = await execute(artifact, inputs, limits)
      const args = [circuitOf(artifact.bytes), publicInputs, ++proofs] as const
      const proof = await client.readContract({ ...prover, functionName: 'prove', args })
      return { publicInputs, proof: hexToBytes(proof) }
    },
    verify: ({ hash }, { publicInputs, proof }) =>
      client.readContract({
        ...verifier,
        functionName: 'verify',
        args: [hash, bytesToHex(proof), publicInputs],
      }),
    close: async () => undefined,
  }
}
