import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createDevnet, createL1Client, type Devnet, devAccount } from '@weft/chain'
import { abis, bytecodes } from '@weft/contracts'
import type { Artifact, DirectSystem } from '@weft/proof'
import { DIRECT_SYSTEM_LAWS, type DirectLawFixture } from '@weft/proof/testing'
import { bytesToHex, type Hex, uintToBytes32 } from '@weft/protocol'
import type { CircomSystem } from '@weft/system-circom'
import { createCommandSystem, readCommandConfig } from '@weft/system-command'
import { createWalletClient, http } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileCircuit } from './circuits.js'
import { contribution, generous, openSystem } from './direct-support.js'

// The example of an external prover that runs the `snarkjs` command, as it is documented.

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const EXAMPLES = join(ROOT, 'packages/systems/command/examples/systems.json')

let folder: string
let circom: CircomSystem
let system: DirectSystem
let fixture: DirectLawFixture
let devnet: Devnet

/** A tar file of circuit.wasm and circuit.zkey. */
const makeArtifact = async (name: string, powers: Uint8Array): Promise<Artifact> => {
  const { wasm, r1cs } = await compileCircuit(name)
  const zkey = await circom.setup({ protocol: 'plonk', r1cs, powers, contribution }, generous)
  await writeFile(join(folder, 'circuit.wasm'), wasm)
  await writeFile(join(folder, 'circuit.zkey'), zkey)
  const options = { encoding: 'buffer', maxBuffer: 2 ** 28 } as const
  const args = ['-cf', '-', '-C', folder, 'circuit.wasm', 'circuit.zkey']
  const { stdout } = await promisify(execFile)('tar', args, options)
  return { name, bytes: stdout }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-circom-'))
  circom = openSystem()
  const config = (await readCommandConfig(EXAMPLES)).find(({ name }) => name === 'snarkjs-plonk')
  if (config === undefined) throw new Error('no example for snarkjs')
  system = createCommandSystem({
    config,
    cacheFolder: join(folder, 'cache'),
    cacheBytes: 1e9,
    workFolder: join(folder, 'work'),
    path: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
    threads: 2,
    verifyLimits: generous,
  })
  const powers = await circom.makeInsecureDevPowers(10, generous)
  fixture = {
    system,
    artifact: await makeArtifact('range', powers),
    other: await makeArtifact('product', powers),
    broken: { name: 'broken', bytes: Buffer.from('no tar file') },
    inputs: { least: 10, most: '0xff', value: 10 },
    publicInputs: [1n, 10n, 255n].map(uintToBytes32),
    unsatisfied: { least: 10, most: 255, value: 9 },
    malformed: { least: 10, most: 255, value: [1, 2] },
  }
  devnet = await createDevnet({ chainId: 31337 })
})
afterAll(async () => {
  await devnet?.stop()
  await system?.close()
  await circom.close()
  await rm(folder, { recursive: true })
})

test.each(DIRECT_SYSTEM_LAWS)('$name', async ({ check }) => {
  await expect(check(fixture)).resolves.toBeUndefined()
})

test('L1 accepts a proof by the contract of its key, for its own public inputs alone', async () => {
  const { key } = await system.setup(fixture.artifact, generous)
  const onChain = await system.onChain(key)
  if (onChain.kind !== 'contract') throw new Error('no creation code')
  expect(onChain.takes).toBe('words')
  const client = createL1Client(devnet.url)
  const wallet = createWalletClient({ account: devAccount(0).account, transport: http(devnet.url) })
  const deploy = async (bytecode: Hex): Promise<Hex> => {
    const hash = await wallet.deployContract({ abi: [], bytecode, chain: null })
    const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
    return receipt.contractAddress as Hex
  }
  const verifiers = { address: await deploy(bytecodes.ContractVerifiers), abi: abis.ContractVerifiers }
  const args = [await deploy(bytesToHex(onChain.creationCode)), onChain.selector, 1] as const
  const hash = await wallet.writeContract({ ...verifiers, functionName: 'register', args, chain: null })
  await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })

  const { proof, publicInputs } = await system.prove(fixture.artifact, key, fixture.inputs, generous)
  const accepts = (words: readonly Hex[]) =>
    client.readContract({ ...verifiers, functionName: 'verify', args: [key.hash, bytesToHex(proof), words] })
  expect(await accepts(publicInputs)).toBe(true)
  expect(await accepts([...publicInputs.slice(0, -1), uintToBytes32(254n)])).toBe(false)
  expect(await accepts([...publicInputs, uintToBytes32(1n)])).toBe(false)
  expect(await accepts(publicInputs.slice(0, -1))).toBe(false)
})
