import { gunzipSync, gzipSync } from 'node:zlib'
import { createDevnet, createL1Client, type Devnet, devAccount, type L1Client } from '@weft/chain'
import { abis, bytecodes } from '@weft/contracts'
import type { VerificationKey } from '@weft/proof'
import { type Bytes32, bytesToHex, type Hex, programId, ULTRAHONK, uintToBytes32 } from '@weft/protocol'
import {
  createNoirSystem,
  type DirectProof,
  ensureDevSrs,
  findBb,
  type NoirProgram,
  type NoirSystem,
} from '@weft/system-noir'
import { type Abi, createWalletClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytecodeOf } from '../src/artifact.js'
import { BbProcess } from '../src/bb-process.js'
import { CACHE, generous, programOf } from './support.js'

// A program proven for Ethereum by itself, verified by its own contract.

const MAIN = `
struct Pair { a: i8, b: bool }
fn main(secret: Field, name: pub str<2>, pair: Pair, t: pub (u8, [bool; 2])) -> pub (Field, Pair) {
    assert(secret != 0);
    (secret * secret + name.as_bytes()[0] as Field + t.0 as Field, pair)
}`
const INPUTS = { secret: '5', name: 'hi', pair: { a: -3, b: true }, t: [7, [false, true]] }
const CHAIN_ID = 31337

let srs: Awaited<ReturnType<typeof ensureDevSrs>>
let system: NoirSystem
let program: NoirProgram
let key: VerificationKey
let devnet: Devnet
let client: L1Client

beforeAll(async () => {
  srs = await ensureDevSrs(`${CACHE}/dev-srs`, findBb(process.platform, process.arch), 2)
  system = createNoirSystem({ srs: { kind: 'dev', ...srs }, cacheFolder: `${CACHE}/noir`, threads: 2 })
  program = await programOf('direct', MAIN, `${CACHE}/noir`)
  key = await system.setup(program.artifact, 'evm', generous)
  devnet = await createDevnet({ chainId: CHAIN_ID })
  client = createL1Client(devnet.url)
})
afterAll(async () => {
  await system?.close()
  await devnet?.stop()
})

const prove = async (zk: boolean, inputs = INPUTS): Promise<DirectProof> => {
  const { witness } = await system.run(program.artifact, inputs, generous)
  return system.proveDirect(program.artifact, key, witness, generous, zk)
}

const wallet = () => createWalletClient({ account: devAccount(0).account, transport: http(devnet.url) })

const deploy = async (bytecode: Hex, abi: Abi = [], args: readonly unknown[] = []): Promise<Hex> => {
  const hash = await wallet().deployContract({ abi, bytecode, args, chain: null })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
  if (contractAddress == null) throw new Error('nothing was deployed')
  return contractAddress
}

/** The verifier of the program, behind a router that knows it by the program. */
const register = async (zk: boolean) => {
  const verifier = await deploy(bytesToHex((await system.verifierCode(key, zk)).creationCode))
  const roles = [devAccount(0).address, devAccount(1).address]
  const router = await deploy(bytecodes.VerifierRouter, abis.VerifierRouter, roles)
  const id = programId(ULTRAHONK, key.hash)
  const call = { address: router, abi: abis.VerifierRouter } as const
  const hash = await wallet().writeContract({
    ...call,
    functionName: 'register',
    args: [id, verifier],
    chain: null,
  })
  await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
  const accepts = (proof: Uint8Array, publicInputs: readonly Bytes32[]) =>
    client
      .readContract({ ...call, functionName: 'verify', args: [id, bytesToHex(proof), publicInputs] })
      // The generated verifier reverts on most of what it does not accept.
      .catch((error: { name: string }) => {
        if (error.name === 'ContractFunctionExecutionError') return false
        throw error
      })
  return { accepts, code: await client.getCode({ address: verifier }) }
}

test('the key is what bb makes of the same circuit for Ethereum', async () => {
  const bb = new BbProcess({ ...srs, threads: 2 })
  const circuit = { name: 'direct', bytecode: bytecodeOf(program.artifact) }
  const flags = { ipaAccumulation: false, disableZk: true, optimizedSolidityVerifier: true }
  const settings = { ...flags, oracleHashType: 'keccak' }
  const made = await bb.ask(generous, (api) => api.circuitComputeVk({ circuit, settings }))
  await bb.destroy()
  expect(bytesToHex(key.bytes)).toBe(bytesToHex(made.bytes))
  expect(key.hash).toBe(bytesToHex(made.hash))
})

test('the public inputs of a run are those of its proof', async () => {
  const { publicInputs } = await system.run(program.artifact, INPUTS, generous)
  expect((await prove(false)).publicInputs).toEqual(publicInputs)
  expect(publicInputs).toEqual([104n, 105n, 7n, 0n, 1n, 136n, 253n, 1n].map(uintToBytes32))
})

describe.each([
  ['without zero knowledge', false],
  ['with zero knowledge', true],
])('%s', (_, zk) => {
  test('a proof verifies here and on Ethereum, for its own public inputs alone', async () => {
    const { accepts, code } = await register(zk)
    expect((code?.length ?? 0) / 2 - 1).toBeLessThanOrEqual(24_576)
    const direct = await prove(zk)
    const { publicInputs, proof } = direct
    expect(await system.verifyDirect(key, direct)).toBe(true)
    expect(await accepts(proof, publicInputs)).toBe(true)

    const changed = publicInputs.map((value, i) => (i === 5 ? uintToBytes32(137n) : value))
    const bad: [Uint8Array, readonly Bytes32[]][] = [
      [proof, changed],
      [proof, publicInputs.slice(1)],
      [proof, []],
      [proof.map((byte, i) => (i === proof.length - 1 ? byte ^ 1 : byte)), publicInputs],
      [proof.subarray(32), publicInputs],
      [(await prove(zk, { ...INPUTS, secret: '6' })).proof, publicInputs],
      [(await prove(!zk)).proof, publicInputs],
    ]
    for (const [badProof, inputs] of bad) {
      expect(await system.verifyDirect(key, { publicInputs: inputs, proof: badProof, zk })).toBe(false)
      expect(await accepts(badProof, inputs)).toBe(false)
    }
  })
})

test('there is no key for bytecode that is none', async () => {
  const json = JSON.parse(Buffer.from(program.artifact.bytes).toString())
  const raw = gunzipSync(Buffer.from(json.bytecode, 'base64'))
  for (const bad of [Buffer.alloc(0), Buffer.from('hello'), raw.subarray(0, raw.length >> 1)]) {
    const bytecode = gzipSync(bad).toString('base64')
    const artifact = { name: 'bad', bytes: Buffer.from(JSON.stringify({ ...json, bytecode })) }
    await expect(system.setup(artifact, 'evm', generous)).rejects.toMatchObject({ code: 'bad_artifact' })
    await expect(system.estimate(artifact, generous)).rejects.toMatchObject({ code: 'bad_artifact' })
  }
})

test('a recursive key has no verifier on Ethereum', async () => {
  const recursive = await system.setup(program.artifact, 'recursive', generous)
  await expect(system.verifierCode(recursive)).rejects.toMatchObject({ code: 'bad_key' })
})

test('zero knowledge blinds a proof: two of the same run differ; without it they are the same', async () => {
  const isSame = async (zk: boolean) => {
    const [one, other] = [await prove(zk), await prove(zk)]
    return bytesToHex(one.proof) === bytesToHex(other.proof)
  }
  expect([await isSame(false), await isSame(true)]).toEqual([true, false])
})
