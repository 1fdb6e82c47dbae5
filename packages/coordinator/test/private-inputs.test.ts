import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ApiClient,
  type Capabilities,
  digestOf,
  PRIVATE_INPUTS,
  type Recipient,
  readCapped,
} from '@weft/api'
import { type Bytes32, CANCELLATION, ENCRYPTION_KEY, type Request, typedData } from '@weft/protocol'
import { type KeyPair, keyPairFrom, openInputs, sealInputs } from '@weft/sealing'
import { afterEach, describe, expect, test } from 'vitest'
import { Harness, leaseOf, type Overrides, proofOf, prove, until } from './harness.js'
import { DOMAIN, MarketHarness, type MarketNode } from './market-harness.js'

const MARKER = 'the-requesters-secret-8f2c41'
const INPUTS = new TextEncoder().encode(JSON.stringify({ secret: MARKER }))

let m: MarketHarness
let owner: ApiClient
afterEach(() => m.h.stop())

const start = async (overrides: Overrides = {}) => {
  m = await MarketHarness.start({ timing: { inputsMs: 10_000, leaseMs: 6_500 }, ...overrides })
  owner = m.h.client((await m.h.session(m.owner)).token)
}

interface PrivateNode extends MarketNode {
  readonly pair: KeyPair
}

let made = 0
const announced = async (
  node: MarketNode,
  pair: KeyPair,
  by = node,
  lifeS = 172_800,
): Promise<Capabilities> => {
  const key = { publicKey: pair.publicKey, expiry: Math.floor(m.h.clock.nowMs() / 1000) + lifeS }
  const signature = await by.account.signTypedData(
    typedData(DOMAIN, ENCRYPTION_KEY, { ...key, prover: node.address }),
  )
  const about = { name: 'n', maxGates: 1e7, memoryBytes: 1e9, threads: 1, gatesPerSecond: 1e5, version: '0' }
  return { ...about, srs: 'dev', systems: ['ultrahonk'], encryptionKey: { ...key, signature } }
}

/** A prover whose node takes private inputs. */
const prover = async (priceWei = 1_000n): Promise<PrivateNode> => {
  const node = await m.prover()
  const pair = await keyPairFrom(new Uint8Array(32).fill(++made))
  await node.api.registerNode({ body: await announced(node, pair) })
  await m.offer(node, { priceWei })
  return { ...node, pair }
}

/** A request for one private segment. */
const request = async (changes: Partial<Request> = {}): Promise<Bytes32> => {
  const signed = await m.signRequest(1, made, changes)
  const segments = signed.segments.map((segment) => ({ ...segment, inputs: PRIVATE_INPUTS }))
  return (await m.h.client().submitRequest({ body: { ...signed, segments } })).id
}

const recipients = (id: Bytes32) => m.h.client().recipients({ params: { id } })
const only = async (id: Bytes32): Promise<Recipient> => {
  const all = await recipients(id)
  expect(all).toHaveLength(1)
  return all[0] as Recipient
}

const seal = async (id: Bytes32, to: Recipient, api = owner) => {
  const { job, prover: by, key } = to
  const body = await sealInputs(
    INPUTS,
    key.publicKey,
    { request: id, job, prover: by },
    new Uint8Array(32).fill(7),
  )
  const params = { id, digest: await digestOf(body) }
  await api.sealInputs({ params, query: { job, publicKey: key.publicKey }, body })
}

const idle = async (node: MarketNode) =>
  expect(await node.api.lease({ query: { waitMs: '0' } })).toBeUndefined()

/** What its holder reads. */
const opened = async (node: PrivateNode, lease: Awaited<ReturnType<typeof leaseOf>>) => {
  const sealed = await readCapped(await node.api.sealedInputs({ params: { id: lease.id } }), 1e6)
  const request = lease.terms?.commitment.request as Bytes32
  return openInputs(sealed, [node.pair], { request, job: lease.job.id, prover: node.address })
}

const ciphertexts = async () => {
  const names = await readdir(join(m.h.folder, 'sealed'), { recursive: true, withFileTypes: true })
  return names.filter((entry) => entry.isFile()).length
}

/** Whether any file of the coordinator's has the inputs in clear. */
const isLeaked = async () => {
  const entries = await readdir(m.h.folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(10)
  const found = await Promise.all(
    files.map(async ({ parentPath, name }) => (await readFile(join(parentPath, name))).includes(MARKER)),
  )
  return found.includes(true)
}

const gone = () => until(async () => (await ciphertexts()) === 0)

describe('private inputs', () => {
  test('go to the matched prover alone, never in clear, and are deleted when they are proven', async () => {
    await start()
    const [node, other] = [await prover(), await prover(1_500n)]
    const id = await request()
    const to = await only(id)
    expect(to).toMatchObject({ prover: node.address, node: 'n', key: { publicKey: node.pair.publicKey } })
    await idle(node)

    await seal(id, to)
    expect(await recipients(id)).toEqual([])
    await idle(other)
    const lease = await leaseOf(node)
    expect(lease.job).toMatchObject({ kind: 'segment', segment: { inputs: PRIVATE_INPUTS } })
    expect(await opened(node, lease)).toEqual(INPUTS)
    // Nobody else has them: by lease, or as a blob.
    await expect(other.api.sealedInputs({ params: { id: lease.id } })).rejects.toMatchObject({
      code: 'unknown_lease',
    })
    expect(await ciphertexts()).toBe(1)

    // It signs when it has proven, and keeps the lease until then.
    await node.api.heartbeat({ params: { id: lease.id }, body: {} })
    await expect(prove(node, lease)).rejects.toMatchObject({ code: 'commitment_missing' })
    await prove(node, await m.commit(node, lease))
    await gone()
    await expect(node.api.sealedInputs({ params: { id: lease.id } })).rejects.toMatchObject({
      code: 'unknown_blob',
    })
    expect(await isLeaked()).toBe(false)
  })

  test('are sealed anew for whoever takes over, and what the other had is deleted', async () => {
    await start()
    const [first, second] = [await prover(), await prover(1_500n)]
    const id = await request()
    await seal(id, await only(id))
    const lease = await leaseOf(first)
    m.h.clock.advance(7_000)
    const to = await only(id)
    expect(to.prover).toBe(second.address)
    await gone()
    await idle(second)
    await seal(id, to)
    const taken = await leaseOf(second)
    expect(await opened(second, taken)).toEqual(INPUTS)
    // Who was replaced before it signed is not paid.
    const body = await proofOf(lease, first.address)
    await expect(first.api.submitProof({ params: { id: lease.id }, query: {}, body })).rejects.toMatchObject({
      code: 'commitment_missing',
    })
    await prove(second, await m.commit(second, taken))
    await gone()
    expect(await isLeaked()).toBe(false)
  })

  test('that do not come end the request, and cost the prover nothing', async () => {
    await start()
    const node = await prover()
    const id = await request()
    m.h.clock.advance(9_000)
    expect((await m.order(id)).state).toBe('proving')
    m.h.clock.advance(1_500)
    const view = await m.order(id)
    expect(view.state).toBe('failed')
    expect(view.waits).toMatch(/sealed no private inputs/)
    const known = await m.h.client().prover({ params: { prover: node.address } })
    expect(known.standings).toEqual([])
    expect(known.lockedWei).toBe(0n)
    await expect(recipients(id)).rejects.toMatchObject({ code: 'unknown_intent' })
  })

  test('are asked for again by a node that cannot use them; two such provers end the request, and tell', async () => {
    await start()
    const nodes = [await prover(), await prover(1_500n)]
    const id = await request()
    for (const node of nodes) {
      const to = await only(id)
      expect(to.prover).toBe(node.address)
      await seal(id, to)
      const { id: lease } = await m.commit(node, await leaseOf(node))
      await node.api.releaseLease({ params: { id: lease }, body: { reason: 'bad_inputs' } })
      await gone()
    }
    expect(await m.order(id)).toMatchObject({ state: 'failed', waits: expect.stringMatching(/bad_inputs/) })
    // Nobody else can tell whether they tried, so nobody pays them for it, and nobody is accused.
    m.h.clock.advance(30_000)
    expect(m.l1.attempts).toEqual([])
    expect(m.l1.accused).toEqual([])
  })

  test('are deleted when the request is taken back', async () => {
    await start()
    await prover()
    const id = await request()
    await seal(id, await only(id))
    expect(await ciphertexts()).toBe(1)
    const message = { owner: m.ownerAddress, intent: id }
    const signature = await m.owner.signTypedData(typedData(DOMAIN, CANCELLATION, message))
    await m.h.client().cancelIntent({ body: { ...message, signature } })
    await gone()
  })

  test.each([
    ['restart', () => m.h.restart()],
    ['kill', () => m.h.kill().then(() => m.h.open())],
  ])('survive a %s of the coordinator, and what is no longer needed does not', async (_, end) => {
    await start()
    const node = await prover()
    const id = await request()
    await seal(id, await only(id))
    // As an upload whose row was not stored before a crash.
    const orphan = join(m.h.folder, 'sealed', '00')
    await mkdir(orphan, { recursive: true })
    await writeFile(join(orphan, '1'.repeat(62)), 'left over')
    await end()
    const api = m.h.client((await m.h.session(node.account)).token)
    await api.registerNode({ body: await announced(node, node.pair) })
    const again = { ...node, api }
    const lease = await leaseOf(again)
    expect(await opened(again, lease)).toEqual(INPUTS)
    await until(async () => (await ciphertexts()) === 1)
    await prove(again, await m.commit(again, lease))
    await gone()
  })

  test('are not given to another node of the same prover', async () => {
    await start()
    const node = await prover()
    const id = await request()
    await seal(id, await only(id))
    const { token } = await m.h.session(node.account)
    const sibling = m.h.client(token)
    const { encryptionKey: _, ...body } = await announced(node, node.pair)
    await sibling.registerNode({ body: { ...body, name: 'sibling' } })
    expect(await sibling.lease({ query: { waitMs: '0' } })).toBeUndefined()
    await leaseOf(node)
  })

  test('wait for no prover without a node that takes them: the next one gets the job', async () => {
    await start()
    const plain = await m.prover()
    await m.offer(plain, { priceWei: 500n })
    const node = await prover()
    const id = await request()
    expect(await recipients(id)).toEqual([])
    m.h.clock.advance(7_000)
    await seal(id, await only(id))
    await leaseOf(node)
  })
})

describe('bad uploads and keys', () => {
  test('of strangers, to strangers, of other bytes, for no request, and too large ones are refused', async () => {
    await start({ limits: { maxInputBytes: 4096 } })
    const [node, other] = [await prover(), await prover(1_500n)]
    const id = await request()
    const to = await only(id)
    const stranger = m.h.client((await m.h.session()).token)
    await expect(seal(id, to, stranger)).rejects.toMatchObject({ code: 'not_the_owner' })
    await expect(seal(id, to, m.h.client())).rejects.toMatchObject({ code: 'unauthenticated' })
    const toOther = { ...to, key: { ...to.key, publicKey: other.pair.publicKey } }
    await expect(seal(id, toOther)).rejects.toMatchObject({ code: 'not_a_recipient' })
    await expect(seal(id, { ...to, job: id })).rejects.toMatchObject({ code: 'not_a_recipient' })
    await expect(seal(to.job, to)).rejects.toMatchObject({ code: 'unknown_intent' })
    const query = { job: to.job, publicKey: node.pair.publicKey }
    const put = (digest: Bytes32, body: Uint8Array) =>
      owner.sealInputs({ params: { id, digest }, query, body })
    await expect(put(id, INPUTS)).rejects.toMatchObject({ code: 'digest_mismatch' })
    const huge = new Uint8Array(64 * 1024)
    await expect(put(await digestOf(huge), huge)).rejects.toMatchObject({ code: 'payload_too_large' })
    const streamed = new Blob([huge]).stream() as never
    await expect(put(await digestOf(huge), streamed)).rejects.toMatchObject({ code: 'payload_too_large' })
    expect(await ciphertexts()).toBe(0)
    // Twice, because the first answer got lost, is once.
    await seal(id, to)
    await seal(id, to)
    expect(await ciphertexts()).toBe(1)
  })

  test('a key that another prover signed is refused', async () => {
    await start()
    const [node, other] = [await prover(), await prover()]
    const body = await announced(node, node.pair, other)
    await expect(node.api.registerNode({ body })).rejects.toMatchObject({ code: 'bad_signature' })
  })

  test('a key that expires soon is no recipient', async () => {
    await start()
    const node = await prover()
    await node.api.registerNode({ body: await announced(node, node.pair, node, 3_000) })
    expect(await recipients(await request())).toEqual([])
  })

  test('a coordinator without a place for ciphertexts, or without a market, takes no private inputs', async () => {
    await start({ noSealed: true })
    await prover()
    await expect(request()).rejects.toMatchObject({ code: 'unsupported' })
    const h = await Harness.start()
    const batch = await h.request(1)
    const segments = batch.segments.map((segment) => ({ ...segment, inputs: PRIVATE_INPUTS }))
    await expect(h.client().submitBatch({ body: { ...batch, segments } })).rejects.toMatchObject({
      code: 'unsupported',
    })
    await h.stop()
  })
})
