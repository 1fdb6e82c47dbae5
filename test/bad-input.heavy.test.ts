import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { createApiClient, digestOf, sessionTypedData } from '@weft/api'
import { chainOf, readDeployment } from '@weft/client'
import { CONTRACT, GROTH16, keccak256, toAddress } from '@weft/protocol'
import { createWeft, type PreparedProgram, type ProgramSystem } from '@weft/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Weft } from '../apps/cli/test/support.js'
import { type Network, openNetwork } from './network.js'

// What strangers give to a running network. At the end it proves, as if nothing had been.

const GIGABYTE = 2 ** 30
const MANIFEST = '[package]\nname = "circuit"\ntype = "bin"\nauthors = []\n\n[dependencies]\n'
const MAIN =
  'fn main(x: Field, y: pub Field) {\n    assert(x != 0, "x is zero");\n    assert(x * x == y);\n}\n'

let network: Network

const project = async (name: string, main: string): Promise<string> => {
  const folder = join(network.folder, name)
  await mkdir(join(folder, 'src'), { recursive: true })
  await writeFile(join(folder, 'Nargo.toml'), MANIFEST)
  await writeFile(join(folder, 'src', 'main.nr'), main)
  return folder
}

const inputsFile = async (inputs: object): Promise<string> => {
  const path = join(network.folder, 'inputs.json')
  await writeFile(path, JSON.stringify(inputs))
  return path
}

/** The error that a command ends with. */
const refusal = async (...args: string[]) => {
  const weft = new Weft(...args, ...network.requester)
  expect(await weft.ended).not.toBe(0)
  return weft.lines.find(({ event }) => event === 'error')
}

beforeAll(async () => {
  network = await openNetwork()
})
afterAll(() => network?.close())

describe('a developer', () => {
  test('reads the compiler’s own message, with file and line', async () => {
    const broken = await project('broken', 'fn main(x: Field) {\n    assert(x == y);\n}\n')
    expect(await refusal('program', 'add', broken)).toMatchObject({
      code: 'compile_failed',
      message: expect.stringMatching(/main\.nr:2:\d+/),
    })
  })

  test('reads which input is wrong, and which assertion fails where, before anything is signed', async () => {
    const circuit = await project('circuit', MAIN)
    const prove = async (inputs: object) =>
      refusal('prove', circuit, '--inputs', await inputsFile(inputs), '--individual')
    expect(await prove({ x: '3' })).toMatchObject({
      code: 'bad_inputs',
      message: expect.stringContaining('inputs.y'),
    })
    expect(await prove({ x: '0', y: '0' })).toMatchObject({
      code: 'unsatisfied',
      message: expect.stringMatching(/x is zero.*main\.nr:2:/),
    })
  })
})

/** A session of a stranger's. */
const tokenOf = async (): Promise<string> => {
  const { account, url } = network
  const api = createApiClient({ url, token: () => undefined })
  const { nonce, chainId, settlement } = await api.challenge()
  const address = toAddress(account.address)
  const signature = await account.signTypedData(sessionTypedData({ chainId, settlement }, address, nonce))
  return (await api.openSession({ body: { address, nonce, signature } })).token
}

/** Begins an upload; sends until it is answered, and says what was answered and how much was sent. */
const upload = async (headers: Readonly<Record<string, string>>) => {
  const digest = await digestOf(Buffer.from('whatever'))
  const sending = httpRequest(`${network.url}/v1/blobs/${digest}`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/octet-stream',
      authorization: `Bearer ${await tokenOf()}`,
      ...headers,
    },
  })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sending.once('response', resolve)
    sending.once('error', reject)
  })
  let over = false
  const answer = answered.finally(() => {
    over = true
  })
  let sent = 0
  const chunk = Buffer.alloc(2 ** 20)
  while (!over && sent < 2 * GIGABYTE) {
    sent += chunk.length
    if (!sending.write(chunk)) await Promise.race([once(sending, 'drain'), answer.catch(() => undefined)])
  }
  const response = await answer
  const { error } = JSON.parse(await text(response)) as { error: { code: string } }
  sending.destroy()
  return { status: response.statusCode, code: error.code, sent }
}

/** A requester who uploads and registers whatever it likes, under any system's name. */
const registering = async (name: string, prepared: Partial<PreparedProgram>) => {
  const deployment = await readDeployment(network.deployment)
  const system: ProgramSystem = {
    name,
    id: name === 'groth16' ? GROTH16 : CONTRACT,
    load: async () => ({
      name: 'stranger',
      artifact: Buffer.from('{}'),
      key: Buffer.from('key'),
      keyHash: keccak256(Buffer.from('key')),
      gates: 1000,
      work: 1_000_000n,
      execute: () => Promise.reject(new Error('never')),
      ...prepared,
    }),
    open: () => Promise.reject(new Error('never')),
  }
  const sdk = createWeft({
    coordinator: network.url,
    ...{ chain: chainOf(deployment), account: network.account, systems: [system] },
  })
  return sdk.programs.register({ path: '', system: name })
}

describe('a stranger', () => {
  test('is stopped at the cap of an upload, announced or not', async () => {
    const announced = await upload({ 'content-length': String(2 * GIGABYTE) })
    expect(announced).toMatchObject({ status: 413, code: 'payload_too_large' })
    const streamed = await upload({ 'transfer-encoding': 'chunked' })
    expect(streamed).toMatchObject({ status: 413, code: 'payload_too_large' })
    for (const { sent } of [announced, streamed]) expect(sent).toBeLessThan(GIGABYTE)
  })

  test('has no archive unpacked beyond what a circuit can be', async () => {
    const bytecode = gzipSync(Buffer.alloc(GIGABYTE)).toString('base64')
    const artifact = Buffer.from(JSON.stringify({ bytecode, abi: { parameters: [], return_type: null } }))
    await expect(registering('honk', { artifact })).rejects.toMatchObject({ code: 'bad_artifact' })
  })

  test.each(['honk', 'groth16', 'plonk'])('registers no %s program that is none', async (name) => {
    for (const artifact of [Buffer.alloc(0), Buffer.from('{}'), randomBytes(5000)]) {
      await expect(registering(name, { artifact })).rejects.toMatchObject({ code: 'bad_artifact' })
    }
  })
})

test('the network proves after all that', async () => {
  const circuit = await project('good', MAIN)
  const inputs = await inputsFile({ x: '3', y: '9' })
  const lines = await network.run('prove', circuit, '--inputs', inputs, '--individual', ...network.requester)
  expect(lines.at(-1)).toMatchObject({ event: 'proven' })
})
