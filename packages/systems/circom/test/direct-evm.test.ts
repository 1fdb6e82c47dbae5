import { createDevnet, createL1Client, type Devnet, devAccount, type L1Client } from '@weft/chain'
import { abis, bytecodes } from '@weft/contracts'
import type { Artifact, DirectProof, DirectSystem, VerificationKey } from '@weft/proof'
import { type Bytes32, bytesToHex, type Hex, hashWords, keccak256, uintToBytes32 } from '@weft/protocol'
import { type Abi, createWalletClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Direct, generous, openDirect } from './direct-support.js'

// What L1 says of proofs: by the contract for every Groth16 key, and by the contracts of PLONK and FFLONK keys.

const INPUTS = { least: 10, most: 255, value: 10 }
const PUBLIC = [1n, 10n, 255n].map(uintToBytes32)
const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

let circom: Direct
let devnet: Devnet
let client: L1Client

beforeAll(async () => {
  circom = await openDirect()
  devnet = await createDevnet({ chainId: 31337 })
  client = createL1Client(devnet.url)
})
afterAll(async () => {
  await circom?.close()
  await devnet?.stop()
})

const wallet = () => createWalletClient({ account: devAccount(0).account, transport: http(devnet.url) })

const deploy = async (bytecode: Hex, abi: Abi = []): Promise<Hex> => {
  const hash = await wallet().deployContract({ abi, bytecode, chain: null })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
  if (contractAddress == null) throw new Error('nothing was deployed')
  return contractAddress
}

const proveRange = async (name: 'groth16' | 'plonk' | 'fflonk') => {
  const direct = circom.system(name)
  const artifact: Artifact = await circom.makeArtifact('range', name)
  const { key } = await direct.setup(artifact, generous)
  const proof = await direct.prove(artifact, key, INPUTS, generous)
  expect(await direct.verify(key, proof)).toBe(true)
  return { direct, key, proof }
}

/** A false for what reverts too: L1 takes both for a refusal. */
const refusals = (error: { name: string }): false => {
  if (error.name === 'ContractFunctionExecutionError' || error.name === 'CallExecutionError') return false
  throw error
}

describe('groth16', () => {
  test('the contract for every key takes key and proof as they are', async () => {
    const { key, proof } = await proveRange('groth16')
    const { abi } = { abi: abis.Groth16Verifier }
    const address = await deploy(bytecodes.Groth16Verifier)
    const bytes = bytesToHex(key.bytes)
    const hash = await wallet().writeContract({
      address,
      abi,
      functionName: 'register',
      args: [bytes],
      chain: null,
    })
    await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
    expect(await client.readContract({ address, abi, functionName: 'keyOf', args: [key.hash] })).toBe(bytes)

    const accepts = (publicInputs: readonly Bytes32[]) =>
      client
        .readContract({
          address,
          abi,
          functionName: 'verify',
          args: [key.hash, bytesToHex(proof.proof), publicInputs],
        })
        .catch(refusals)
    expect(await accepts(PUBLIC)).toBe(true)
    expect(await accepts(PUBLIC.with(0, uintToBytes32(0n)))).toBe(false)
    expect(await accepts(PUBLIC.with(1, uintToBytes32(SCALAR_FIELD + 10n)))).toBe(false)
  })
})

describe.each(['plonk', 'fflonk'] as const)('%s', (name) => {
  let key: VerificationKey
  let proof: DirectProof
  let direct: DirectSystem
  let address: Hex
  let selector: Hex

  beforeAll(async () => {
    ;({ direct, key, proof } = await proveRange(name))
    const verifier = await direct.onChain(key)
    if (verifier.kind !== 'contract') throw new Error('a key has no contract')
    expect(verifier.takes).toBe('words')
    address = await deploy(bytesToHex(verifier.creationCode))
    selector = verifier.selector
  })

  const accepts = async (proof: Uint8Array, publicInputs: readonly Bytes32[]) => {
    const words = [bytesToHex(proof), ...publicInputs].map((hex) => hex.slice(2)).join('')
    const answer = await client.call({ to: address, data: `${selector}${words}` }).catch(refusals)
    return answer !== false && answer.data === uintToBytes32(1n)
  }

  test('the key names the code that its contract has on L1', async () => {
    const code = (await client.getCode({ address })) as Hex
    const words = [keccak256(Buffer.from(code.slice(2), 'hex')), selector.padEnd(66, '0') as Hex] as const
    expect(bytesToHex(key.bytes.subarray(0, 65))).toBe(`0x${words[0].slice(2)}${words[1].slice(2)}01`)
    expect(key.hash).toBe(hashWords(...words, uintToBytes32(1n)))
  })

  test('its contract takes a proof, for its own public inputs alone', async () => {
    expect(await accepts(proof.proof, PUBLIC)).toBe(true)
    for (const i of PUBLIC.keys()) {
      expect(await accepts(proof.proof, PUBLIC.with(i, uintToBytes32(77n)))).toBe(false)
    }
    // Every word of a proof is looked at, there and here.
    for (let at = 31; at < proof.proof.length; at += 32) {
      const changed = proof.proof.map((byte, i) => (i === at ? byte ^ 1 : byte))
      expect(await accepts(changed, PUBLIC)).toBe(false)
      expect(await direct.verify(key, { ...proof, proof: changed })).toBe(false)
    }
  })

  test('the registered contract of the key takes it', async () => {
    const abi = abis.ContractVerifiers
    const contract = { address: await deploy(bytecodes.ContractVerifiers), abi } as const
    const hash = await wallet().writeContract({
      ...contract,
      functionName: 'register',
      args: [address, selector, 1],
      chain: null,
    })
    await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
    const verify = (publicInputs: readonly Bytes32[]) =>
      client.readContract({
        ...contract,
        functionName: 'verify',
        args: [key.hash, bytesToHex(proof.proof), publicInputs],
      })
    expect(await verify(PUBLIC)).toBe(true)
    expect(await verify(PUBLIC.with(2, uintToBytes32(254n)))).toBe(false)
    expect(await verify([...PUBLIC, uintToBytes32(77n)])).toBe(false)
  })

  test('public inputs beyond the field stand for nothing', async () => {
    const [first, ...rest] = PUBLIC
    const beyond = uintToBytes32(SCALAR_FIELD + BigInt(first as Bytes32))
    expect(await accepts(proof.proof, [beyond, ...rest])).toBe(false)
  })

  test('words behind the last public input are not ignored', async () => {
    // Else the proof could go with its public inputs in it, and stand for whatever follows.
    const whole = Buffer.concat([
      proof.proof,
      Buffer.from(PUBLIC.map((word) => word.slice(2)).join(''), 'hex'),
    ])
    expect(await accepts(whole, [77n, 77n, 77n].map(uintToBytes32))).toBe(false)
    expect(await accepts(proof.proof, [...PUBLIC, uintToBytes32(77n)])).toBe(false)
    expect(await accepts(proof.proof, PUBLIC.slice(1))).toBe(false)
  })
})
