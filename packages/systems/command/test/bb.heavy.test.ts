import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createDevnet, createL1Client, type Devnet, devAccount } from '@weft/chain'
import { abis, bytecodes } from '@weft/contracts'
import type { Artifact, DirectSystem } from '@weft/proof'
import { DIRECT_SYSTEM_LAWS, type DirectLawFixture } from '@weft/proof/testing'
import { bytesToHex, type Hex, uintToBytes32 } from '@weft/protocol'
import { createCommandSystem, readCommandConfig } from '@weft/system-command'
import { ensureDevSrs, findBb, loadProgram } from '@weft/system-noir'
import { createWalletClient, http } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generous, never, newFolder } from './support.js'

// The example for `bb` as it is documented, with the binary of the development SRS in PATH.

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url))
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const CACHE = join(ROOT, '.cache/weft')

/** Public parameters in no order, a public return value, an assertion. */
const MAIN = `
fn main(secret: Field, name: pub str<2>, t: pub (u8, [bool; 2])) -> pub (Field, i8) {
    assert(secret != 0, "secret is zero");
    (secret * secret + name.as_bytes()[0] as Field + t.0 as Field, -3)
}`
const OTHER = 'fn main(secret: Field, double: pub Field) { assert(secret + secret == double); }'
const INPUTS = { secret: '5', name: 'hi', t: [7, [false, true]] }

const SCALAR_FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

let system: DirectSystem
let fixture: DirectLawFixture
let devnet: Devnet

/** A folder as the document has an operator make it: the examples, their packages, an SRS, `bb` in PATH. */
const install = async (): Promise<{ folder: string; path: string }> => {
  const srs = await ensureDevSrs(join(CACHE, 'dev-srs'), findBb(process.platform, process.arch), 2)
  const folder = await newFolder()
  await cp(EXAMPLES, folder, { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await symlink(srs.crsPath, join(folder, 'crs'))
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const patch = fileURLToPath(new URL('./patch-verifier.mjs', import.meta.url))
  const script = `#!/bin/sh\nset -e\n'${srs.bbPath}' "$@"\ntest "$1" != write_solidity_verifier || node '${patch}' "$5"\n`
  await writeFile(join(bin, 'bb'), script, { mode: 0o755 })
  return { folder, path: `${bin}:${process.env.PATH}` }
}

const compile = async (name: string, main: string): Promise<Artifact> => {
  const folder = await newFolder()
  await mkdir(join(folder, 'src'))
  await writeFile(
    join(folder, 'Nargo.toml'),
    `[package]\nname = "${name}"\ntype = "bin"\nauthors = ["A"]\n\n[dependencies]\n`,
  )
  await writeFile(join(folder, 'src/main.nr'), main)
  const options = { cacheFolder: join(CACHE, 'noir'), libraries: [], signal: never }
  return (await loadProgram(folder, options)).artifact
}

beforeAll(async () => {
  const { folder, path } = await install()
  const configs = await readCommandConfig(join(folder, 'systems.json'))
  const config = configs.find(({ name }) => name === 'bb')
  if (config === undefined) throw new Error('no example for bb')
  system = createCommandSystem({
    config,
    cacheFolder: join(folder, 'cache'),
    cacheBytes: 1e9,
    workFolder: join(folder, 'work'),
    path,
    threads: 2,
    verifyLimits: generous,
  })
  const artifact = await compile('external', MAIN)
  fixture = {
    system,
    artifact,
    other: await compile('other', OTHER),
    broken: { name: 'broken', bytes: artifact.bytes.slice(0, -1) },
    inputs: INPUTS,
    publicInputs: [104n, 105n, 7n, 0n, 1n, 136n, 253n].map(uintToBytes32),
    unsatisfied: { ...INPUTS, secret: '0' },
    malformed: { ...INPUTS, t: 'seven' },
  }
  devnet = await createDevnet({ chainId: 31337 })
})
afterAll(async () => {
  await system?.close()
  await devnet?.stop()
})

test.each(DIRECT_SYSTEM_LAWS)('$name', async ({ check }) => {
  await expect(check(fixture)).resolves.toBeUndefined()
})

test('an assertion that fails says so', async () => {
  const { artifact, unsatisfied } = fixture
  await expect(system.execute(artifact, unsatisfied ?? {}, generous)).rejects.toMatchObject({
    code: 'unsatisfied',
    message: expect.stringMatching(/secret is zero/),
  })
})

test('bytecode that is none is a bad artifact', async () => {
  const json = JSON.parse(Buffer.from(fixture.artifact.bytes).toString())
  const bytes = Buffer.from(JSON.stringify({ ...json, bytecode: 'aGVsbG8=' }))
  const artifact = { name: 'bad', bytes }
  await expect(system.setup(artifact, generous)).rejects.toMatchObject({ code: 'bad_artifact' })
})

test('L1 accepts a proof by the contract of its key, for its own public inputs alone', async () => {
  const { key } = await system.setup(fixture.artifact, generous)
  const onChain = await system.onChain(key)
  if (onChain.kind !== 'contract') throw new Error('no creation code')
  const client = createL1Client(devnet.url)
  const wallet = createWalletClient({ account: devAccount(0).account, transport: http(devnet.url) })
  const deploy = async (bytecode: Hex): Promise<Hex> => {
    const hash = await wallet.deployContract({ abi: [], bytecode, chain: null })
    const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
    return receipt.contractAddress as Hex
  }
  const verifiers = { address: await deploy(bytecodes.ContractVerifiers), abi: abis.ContractVerifiers }
  const args = [await deploy(bytesToHex(onChain.creationCode)), onChain.selector, 0] as const
  const hash = await wallet.writeContract({ ...verifiers, functionName: 'register', args, chain: null })
  await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })

  const { proof, publicInputs } = await system.prove(fixture.artifact, key, INPUTS, generous)
  // The key is the one that L1 makes: nothing else is known there.
  const accepts = (words: readonly Hex[]) =>
    client.readContract({ ...verifiers, functionName: 'verify', args: [key.hash, bytesToHex(proof), words] })
  expect(await accepts(publicInputs)).toBe(true)
  expect(await accepts([...publicInputs.slice(0, -1), uintToBytes32(1n)])).toBe(false)
  expect(await accepts([...publicInputs, uintToBytes32(0n)])).toBe(false)
  const otherSpelling = publicInputs.map((word) => uintToBytes32(BigInt(word) + SCALAR_FIELD))
  expect(await accepts(otherSpelling)).toBe(false)
  expect(await system.verify(key, { proof, publicInputs: otherSpelling })).toBe(false)
})
