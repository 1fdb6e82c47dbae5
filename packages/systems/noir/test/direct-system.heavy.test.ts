import { createDevnet, createL1Client, type Devnet, devAccount } from '@weft/chain'
import { type Artifact, type DirectSystem, decodeContractKey } from '@weft/proof'
import { DIRECT_SYSTEM_LAWS } from '@weft/proof/testing'
import { bytesToHex, type Hex, keccak256, uintToBytes32 } from '@weft/protocol'
import {
  createHonkDirectSystem,
  createNoirSystem,
  ensureDevSrs,
  findBb,
  type NoirSystem,
} from '@weft/system-noir'
import { concat, createWalletClient, encodeAbiParameters, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CACHE, generous, programOf } from './support.js'

const SQUARE = 'fn main(x: Field, y: pub Field) -> pub Field { assert(x != 0); assert(x * x == y); x + y }'
const OTHER = 'fn main(x: Field, y: pub Field) -> pub Field { assert(x == y); x + y }'
const INPUTS = { x: '3', y: '9' }
const PUBLIC = [9n, 12n].map(uintToBytes32)
const FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

let system: NoirSystem
let artifact: Artifact
let other: Artifact
let devnet: Devnet

beforeAll(async () => {
  const srs = await ensureDevSrs(`${CACHE}/dev-srs`, findBb(process.platform, process.arch), 2)
  system = createNoirSystem({ srs: { kind: 'dev', ...srs }, cacheFolder: `${CACHE}/noir`, threads: 2 })
  artifact = (await programOf('square', SQUARE, `${CACHE}/noir`)).artifact
  other = (await programOf('other', OTHER, `${CACHE}/noir`)).artifact
  devnet = await createDevnet({ chainId: 31337 })
})
afterAll(async () => {
  await system?.close()
  await devnet?.stop()
})

/** Puts the verifier of a key on a chain; says whether it accepts what it is called with. */
const deployed = async (direct: DirectSystem, program: Artifact) => {
  const { key } = await direct.setup(program, generous)
  const verifier = await direct.onChain(key)
  if (verifier.kind !== 'contract') throw new Error('it has no contract')
  const client = createL1Client(devnet.url)
  const wallet = createWalletClient({ account: devAccount(0).account, transport: http(devnet.url) })
  const data = bytesToHex(verifier.creationCode)
  const hash = await wallet.sendTransaction({ data, chain: null })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
  const to = contractAddress as Hex
  const parameters = [{ type: 'bytes' }, { type: 'bytes32[]' }] as const
  const accepts = (proof: Uint8Array, publicInputs: readonly Hex[]) =>
    client
      .call({
        to,
        data: concat([verifier.selector, encodeAbiParameters(parameters, [bytesToHex(proof), publicInputs])]),
      })
      .then(({ data: answer }) => answer === uintToBytes32(1n))
      .catch(() => false)
  return { key, code: (await client.getCode({ address: to })) as Hex, accepts }
}

describe.each([false, true])('with zero knowledge: %s', (zk) => {
  const direct = () => createHonkDirectSystem(system, zk)

  test.each(DIRECT_SYSTEM_LAWS.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    await law.check({
      system: direct(),
      artifact,
      other,
      broken: { name: 'broken', bytes: Buffer.from('{}') },
      inputs: INPUTS,
      publicInputs: PUBLIC,
      unsatisfied: { x: '4', y: '9' },
      malformed: { x: 'three', y: '9' },
    })
  })

  test('the key names the code that the chain has, which accepts the proof and no other spelling of it', async () => {
    const { key, code, accepts } = await deployed(direct(), artifact)
    expect(decodeContractKey(key).codeHash).toBe(keccak256(Buffer.from(code.slice(2), 'hex')))
    const { proof, publicInputs } = await direct().prove(artifact, key, INPUTS, generous)
    expect(await accepts(proof, publicInputs)).toBe(true)
    const respelled = [uintToBytes32(9n + FIELD), PUBLIC[1] as Hex]
    expect(await accepts(proof, respelled)).toBe(false)
    expect(await direct().verify(key, { proof, publicInputs: respelled as never })).toBe(false)
  })
})

test('zero knowledge has a verifier of its own: a program is another one with it', async () => {
  const [plain, blind] = [false, true].map((zk) => createHonkDirectSystem(system, zk))
  const [one, two] = [await plain?.setup(artifact, generous), await blind?.setup(artifact, generous)]
  expect(one?.key.hash).not.toBe(two?.key.hash)
  if (one === undefined || two === undefined) throw new Error('no key')
  await expect(blind?.onChain(one.key)).rejects.toMatchObject({ code: 'bad_key' })
})
