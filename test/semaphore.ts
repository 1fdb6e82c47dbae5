import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { L1Client } from '@weft/chain'
import { type Address, type Bytes32, bytesToHex, type Hex, toAddress, WeftError } from '@weft/protocol'
import { parseAbi } from 'viem'

const require = createRequire(import.meta.url)
const CONTRACTS = dirname(require.resolve('@semaphore-protocol/contracts/package.json'))
const ARTIFACTS = dirname(require.resolve('@zk-kit/semaphore-artifacts/package.json'))
const VERIFIER = 'base/SemaphoreVerifier.sol'
const ABI = parseAbi([
  'function verifyProof(uint256[2] a, uint256[2][2] b, uint256[2] c, uint256[4] publicSignals, uint256 depth) view returns (bool)',
])

/** The published circuit of a depth: its proving key, beside its wasm. */
export const semaphoreAt = (depth: number): string => join(ARTIFACTS, `semaphore-${depth}.zkey`)

/** A group of one, whose member says 9 in scope 7. */
export const semaphoreInputs = (depth: number) => ({
  secret: '123456789',
  merkleProofLength: 0,
  merkleProofIndex: 0,
  merkleProofSiblings: Array.from({ length: depth }, () => '0'),
  scope: '7',
  message: '9',
})

/** The creation code of Semaphore's published verifier. */
const compileVerifier = async (): Promise<Hex> => {
  const { default: solc } = await import('solc')
  const names = [VERIFIER, 'base/SemaphoreVerifierKeyPts.sol', 'base/Constants.sol']
  const sources = await Promise.all(
    names.map(async (name) => [name, { content: await readFile(join(CONTRACTS, name), 'utf8') }] as const),
  )
  const settings = { outputSelection: { '*': { SemaphoreVerifier: ['evm.bytecode.object'] } } }
  const input = { language: 'Solidity', sources: Object.fromEntries(sources), settings }
  const output = JSON.parse(solc.compile(JSON.stringify(input)))
  return `0x${output.contracts[VERIFIER].SemaphoreVerifier.evm.bytecode.object}`
}

/** Deploys it as anybody would. */
export const deploySemaphoreVerifier = async (client: L1Client, from: Address): Promise<Address> => {
  const transaction = { from, data: await compileVerifier(), gas: '0x1000000' }
  const hash = await client.request({ method: 'eth_sendTransaction', params: [transaction] } as never)
  const { contractAddress } = await client.waitForTransactionReceipt({ hash })
  if (contractAddress) return toAddress(contractAddress)
  throw new WeftError('not_deployed', 'the verifier was not deployed', { hash })
}

/** What the published verifier says of a proof. */
export const semaphoreAccepts = async (
  client: L1Client,
  verifier: Address,
  { proof, publicInputs }: { readonly proof: Uint8Array; readonly publicInputs: readonly Bytes32[] },
  depth: number,
): Promise<boolean> => {
  const word = (i: number) => BigInt(bytesToHex(proof.subarray(32 * i, 32 * (i + 1))))
  const pair = (i: number) => [word(i), word(i + 1)] as const
  const signals = publicInputs.map(BigInt) as unknown as readonly [bigint, bigint, bigint, bigint]
  const args = [pair(0), [pair(2), pair(4)], pair(6), signals, BigInt(depth)] as const
  return client.readContract({ address: verifier, abi: ABI, functionName: 'verifyProof', args })
}
