import { readFileSync } from 'node:fs'
import {
  createDirectSettler,
  createProofReader,
  type DeliverableProof,
  type DirectSettler,
  directJobOf,
  type ProofReader,
} from '@weft/chain'
import { abis, bytecodes } from '@weft/contracts/testing'
import {
  type Address,
  type Bytes32,
  bytesToHex,
  CONTRACT,
  DIRECT_WORK,
  finish,
  GROTH16,
  type Hex,
  hashWords,
  hexToBytes,
  keccak256,
  type Order,
  payoutPaths,
  programId,
  publicInputsHash,
  type Request,
  toAddress,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'
import type { Finished } from './claims.js'
import { OPERATOR, openMarket, type TestMarket } from './market.js'

const inputOf = (n: number): Bytes32 => uintToBytes32(BigInt(n))

const groth16 = (
  keyBytes: Uint8Array,
  publicInputs: readonly Bytes32[],
  proof: Uint8Array,
): DeliverableProof => {
  const made = { system: GROTH16, key: keccak256(keyBytes), publicInputs, proof }
  return { ...made, keyBytes, verifier: { kind: 'groth16' }, job: directJobOf(made) }
}

/** What snarkjs proved: two proofs each of two circom programs, whose keys are of one ceremony. */
export const snarkjsProofs = (): DeliverableProof[] => {
  const file = new URL('../../../contracts/test/vectors/groth16.json', import.meta.url)
  const { keys, proofs, inputs } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Hex[]>
  return (keys ?? []).map((key, i) => {
    const words = hexToBytes(inputs?.[i] ?? '0x')
    const publicInputs = Array.from({ length: words.length / 32 }, (_, at) =>
      bytesToHex(words.subarray(32 * at, 32 * at + 32)),
    )
    return groth16(hexToBytes(key), publicInputs, hexToBytes(proofs?.[i] ?? '0x'))
  })
}

/** A proof of a program whose verifier is the mock: it says yes where the proof is its public input. */
export const mockProof = (
  n: number,
  runtime: Hex,
  changes: Partial<DeliverableProof> = {},
): DeliverableProof => {
  const selector = '0xea50d0e4'
  const words = [keccak256(hexToBytes(runtime)), `0x${selector.slice(2).padEnd(64, '0')}`] as const
  const made = {
    system: CONTRACT,
    key: hashWords(...words, ZERO_BYTES32),
    publicInputs: [inputOf(n)],
    proof: hexToBytes(inputOf(n)),
  }
  return {
    ...made,
    keyBytes: hexToBytes(`0x${words[0].slice(2)}${words[1].slice(2)}00`),
    verifier: {
      kind: 'contract',
      creationCode: hexToBytes(bytecodes.MockVerifier),
      selector,
      takes: 'bytes',
    },
    job: directJobOf(made),
    ...changes,
  }
}

export interface TestDelivery extends TestMarket {
  readonly settler: DirectSettler
  readonly proofs: ProofReader
  /** The operator's settler as after a restart. */
  restarted(): Promise<DirectSettler>
  /** Another's. */
  settlerOf(part: number): Promise<DirectSettler>
  /** A new proof of a program of `inputs` public inputs; programs of one ceremony share α, β and γ. */
  prove(program: { ceremony: number; circuit: number; inputs: number }): Promise<DeliverableProof>
  /** A request for a proof, which a prover committed to. */
  directOrder(proof: DeliverableProof, prover: Address, changes?: Partial<Request>): Promise<Order>
}

/** The claim of a direct proof as its order has it. */
const finishedOf = ({ system, key, publicInputs, job }: DeliverableProof, prover: Address): Finished => {
  const statement = { pre: ZERO_BYTES32, post: ZERO_BYTES32, data: publicInputsHash(publicInputs) }
  const claim = finish(
    { kind: 'transition', ...statement, prover, work: DIRECT_WORK },
    programId(system, key),
  )
  return { claim, paths: payoutPaths({ entry: { prover, work: DIRECT_WORK, job } }) }
}

/** A market with a prover of everything: it knows the secrets of its setups. */
export const openDelivery = async (): Promise<TestDelivery> => {
  const market = await openMarket()
  const { client, addresses } = market
  const operator = await market.senderOf(OPERATOR)
  const created = await operator.send({
    id: 'prover',
    to: null,
    data: bytecodes.Groth16Prover,
    valueWei: 0n,
  })
  const prover = { address: toAddress(String(created.contractAddress)), abi: abis.Groth16Prover } as const
  const options = { client, addresses, fromBlock: 0n }
  let made = 0

  return {
    ...market,
    settler: createDirectSettler(operator, options),
    proofs: createProofReader({ client, registry: addresses.registry, fromBlock: 0n }),
    restarted: async () => createDirectSettler(await market.reopen(OPERATOR), options),
    settlerOf: async (part) => createDirectSettler(await market.senderOf(part), options),
    async prove({ ceremony, circuit, inputs }) {
      const setup = { ceremony: BigInt(ceremony), circuit: BigInt(circuit), inputs: BigInt(inputs) }
      const publicInputs = Array.from({ length: inputs }, () => inputOf(++made))
      const [key, proof] = await Promise.all([
        client.readContract({ ...prover, functionName: 'keyOf', args: [setup] }),
        client.readContract({
          ...prover,
          functionName: 'prove',
          args: [setup, publicInputs, BigInt(++made)],
        }),
      ])
      return groth16(hexToBytes(key), publicInputs, hexToBytes(proof))
    },
    directOrder: (proof, by, changes) => market.order(finishedOf(proof, by), 0, { delivery: 0, ...changes }),
  }
}
