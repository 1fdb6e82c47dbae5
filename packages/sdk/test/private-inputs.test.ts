import { ApiError, digestOf, PRIVATE_INPUTS, type Recipient, type SignedRequest } from '@weft/api'
import {
  type Address,
  type Bytes32,
  claimHash,
  claimPath,
  claimsRoot,
  ENCRYPTION_KEY,
  encryptionKeyId,
  jobOf,
  programId,
  requestId,
  tag,
  toAddress,
  typedData,
  uintToBytes32,
  WeftError,
} from '@weft/protocol'
import { createWeft, type ProgramSystem, type Sealed, stateless } from '@weft/sdk'
import { keyPairFrom, openInputs } from '@weft/sealing'
import { recoverAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { account, clock, deployment, L1_TX, view } from './support/fixtures.js'
import { domain, market, network, orderOf, status } from './support/market.js'
import { SYSTEM, testSystem } from './support/programs.js'
import { createScriptedServer, type ScriptedServer } from './support/server.js'
import { createUploads } from './support/uploads.js'

const [first, second, stranger] = [1n, 2n, 3n].map((n) => privateKeyToAccount(uintToBytes32(n)))
const addressOf = (key: { address: string } | undefined) => toAddress(key?.address ?? '')
const FOUR = stateless(uintToBytes32(4n))
const MARKER = '4'

/** The test's system with zero knowledge, apart from programs that make their claim by themselves. */
const system: ProgramSystem = {
  ...testSystem,
  load: async (source, signal) => {
    const prepared = await testSystem.load(source, signal)
    return { ...prepared, zk: prepared.work !== null && source.zk !== false }
  },
  open: async (...given) => ({ ...(await testSystem.open(...given)), zk: true }),
}

let server: ScriptedServer
let blobs: Map<string, Buffer>
let signed: SignedRequest
let requests: number
/** What is asked for at each look; the last stays. Settled once none is left. */
let looks: Recipient[][]
let sealed: { id: string; job: string; publicKey: string; bytes: Buffer }[]

const order = () => orderOf(signed, looks.length === 0 ? 'settled' : 'proving')

const seed = (n: number) => new Uint8Array(32).fill(n)
const recipientOf = async (
  by: typeof first,
  n: number,
  changes: { readonly prover?: Address; readonly lifeS?: number; readonly job?: Bytes32 } = {},
): Promise<Recipient> => {
  const { prover = addressOf(by), lifeS = 100_000 } = changes
  const { publicKey } = await keyPairFrom(seed(n))
  const key = { publicKey, expiry: Math.floor(Date.now() / 1000) + lifeS }
  const message = typedData(domain, ENCRYPTION_KEY, { ...key, prover: addressOf(by) })
  const signature = await (by as typeof account).signTypedData(message as never)
  const { keyHash } = await testSystem.load({ path: 'square' }, new AbortController().signal)
  const job = changes.job ?? jobOf({ program: programId(SYSTEM, keyHash), ...FOUR })
  return { job, prover, node: 'n', key: { ...key, signature } }
}

beforeEach(async () => {
  requests = 0
  looks = []
  sealed = []
  const uploads = createUploads()
  blobs = uploads.blobs
  const programs = new Map<Bytes32, never>()
  server = await createScriptedServer({
    ...uploads.handlers,
    network: () => network,
    program: ({ params }) => {
      const found = programs.get(params.id as Bytes32)
      if (!found) throw new ApiError('unknown_program', 'register it first')
      return found
    },
    registerProgram: ({ body }) => {
      programs.set(body.id, body as never)
      return undefined
    },
    getBlob: ({ params }) => blobs.get(params.digest ?? '') as Buffer,
    submitRequest: ({ body }) => {
      signed = body
      requests += 1
      return { id: requestId(domain, body.request), jobs: 1 }
    },
    request: () => order(),
    batch: () => view(looks.length === 0 ? 'settled' : 'proving'),
    status: () => status,
    recipients: () => looks.shift() ?? [],
    sealInputs: async ({ params, query, body, token }) => {
      if (token !== 'secret') throw new ApiError('unauthenticated', 'open a session')
      expect(await digestOf(body)).toBe(params.digest)
      const { job = '', publicKey = '' } = query
      sealed.push({ id: params.id ?? '', job, publicKey, bytes: body })
      return undefined
    },
    opening: () => {
      const { program, pre, data } = signed.request
      const claim = { program, pre, post: signed.post, data, work: 120_000n, payouts: tag('payouts') }
      const hashes = [tag('other'), claimHash(claim)]
      const path = claimPath(hashes, 1)
      return {
        claim,
        claimsRoot: claimsRoot(hashes),
        ...path,
        siblings: [...path.siblings],
        count: 2,
        l1Tx: L1_TX,
      }
    },
  })
})
afterEach(() => server.close())

const isSignedForProver = async (prover: Address, digest: Bytes32, signature: string) =>
  (await recoverAddress({ hash: digest, signature: signature as Bytes32 })).toLowerCase() === prover

const open = (chain: object = { isSignedForProver }) => {
  let drawn = 0
  return createWeft({
    coordinator: server.url,
    chain: {
      ...{ ...deployment, market },
      ...{ isProven: async () => true, isRecorded: async () => true, gasPriceWei: async () => 3n },
      ...chain,
    },
    account,
    systems: [system],
    clock,
    random: { bytes: (length) => new Uint8Array(length).fill(++drawn, length - 1) },
    pollMs: 10,
  })
}
const prove = async (changes: object = {}, weft = open(), path = 'square') => {
  const program = await weft.programs.register({ path, ...(path === 'claim' ? { work: 5n } : {}) })
  return weft.prove({ program, inputs: { x: MARKER }, maxPriceWei: 500n, private: true, ...changes })
}
const opened = async (at: number, n: number, prover: Address) => {
  const { id, job, bytes } = sealed[at] as (typeof sealed)[number]
  const sealedFor = { request: id as Bytes32, job: job as Bytes32, prover }
  return JSON.parse(`${Buffer.from(await openInputs(bytes, [await keyPairFrom(seed(n))], sealedFor))}`)
}

describe('private inputs', () => {
  it('are sealed to the matched prover’s node, and uploaded in no other way', async () => {
    looks = [[], [await recipientOf(first, 1)], []]
    const told: Sealed[] = []
    const weft = open()
    const program = await weft.programs.register({ path: 'square' })
    const uploads = blobs.size
    const request = { program, inputs: { x: MARKER }, maxPriceWei: 500n, private: true }
    await weft.prove(request, { onSealed: (one) => told.push(one) })
    expect(signed.segments[0]?.inputs).toBe(PRIVATE_INPUTS)
    expect(blobs.size).toBe(uploads)
    expect(sealed).toHaveLength(1)
    expect(sealed[0]?.id).toBe(requestId(domain, signed.request))
    expect(await opened(0, 1, addressOf(first))).toEqual({ inner: { x: MARKER } })
    expect(told).toEqual([{ prover: addressOf(first), node: 'n', times: 1 }])
  })

  it('are sealed anew for whoever takes over, and for who asks again, never twice with the same secret', async () => {
    const [a, b] = [await recipientOf(first, 1), await recipientOf(second, 2)]
    looks = [[a], [b], [b]]
    const told: Sealed[] = []
    const weft = open()
    const program = await weft.programs.register({ path: 'square' })
    const request = { program, inputs: { x: MARKER }, maxPriceWei: 500n, private: true }
    await weft.prove(request, { onSealed: (one) => told.push(one) })
    expect(told.map(({ prover, times }) => [prover, times])).toEqual([
      [addressOf(first), 1],
      [addressOf(second), 1],
      [addressOf(second), 2],
    ])
    expect(await opened(2, 2, addressOf(second))).toEqual({ inner: { x: MARKER } })
    expect(new Set(sealed.map(({ bytes }) => bytes.subarray(32, 64).toString('hex'))).size).toBe(3)
  })

  it('go on in another process', async () => {
    looks = [[], [await recipientOf(first, 1)]]
    const before = open()
    const program = await before.programs.register({ path: 'square' })
    const { request } = await before.submit({
      ...{ program, inputs: { x: MARKER }, maxPriceWei: 500n, private: true },
    })
    await expect(open().resume(request, { x: '5' })).rejects.toMatchObject({ code: 'bad_inputs' })
    const after = open()
    const resumed = await after.resume(request, { x: MARKER })
    expect(resumed).toMatchObject({ request, statement: FOUR })
    await after.follow(request, { asked: resumed.statement, privateInputs: resumed.privateInputs })
    expect(await opened(0, 1, addressOf(first))).toEqual({ inner: { x: MARKER } })
  })

  it.each<[string, () => Promise<Recipient>]>([
    ['of the coordinator’s own', () => recipientOf(stranger, 9, { prover: addressOf(first) })],
    ['for another job', () => recipientOf(first, 1, { job: tag('another') })],
    ['that has expired', () => recipientOf(first, 1, { lifeS: 60 })],
  ])('go to no key %s', async (_, make) => {
    looks = [[await make()], []]
    await expect(prove()).rejects.toMatchObject({ code: 'bad_recipient' })
    expect(sealed).toEqual([])
  })

  it('go to no key that was swapped under the prover’s signature', async () => {
    const real = await recipientOf(first, 1)
    const { publicKey } = await keyPairFrom(seed(9))
    looks = [[{ ...real, key: { ...real.key, publicKey } }], []]
    await expect(prove()).rejects.toMatchObject({ code: 'bad_recipient' })
    expect(sealed).toEqual([])
  })

  it('go to no prover that the request does not allow', async () => {
    looks = [[await recipientOf(first, 1)], []]
    await expect(prove({ provers: [addressOf(second)] })).rejects.toMatchObject({ code: 'bad_recipient' })
    expect(sealed).toEqual([])
    looks = [[await recipientOf(second, 2)], []]
    await prove({ provers: [addressOf(second)] })
    expect(sealed).toHaveLength(1)
  })

  it('wait for L1 where it has to be asked whose key it is', async () => {
    looks = [[await recipientOf(first, 1)], []]
    let asked = 0
    const flaky = async (...given: Parameters<typeof isSignedForProver>) => {
      asked += 1
      if (asked === 1) throw new WeftError('l1_unavailable', 'try again')
      return isSignedForProver(...given)
    }
    await prove({}, open({ isSignedForProver: flaky }))
    expect(asked).toBe(2)
    expect(sealed).toHaveLength(1)
  })

  it.each(['not_a_recipient', 'unknown_intent', 'not_the_owner'] as const)(
    'that are no longer waited for are no failure: %s',
    async (code) => {
      looks = [[await recipientOf(first, 1)], []]
      server.handlers.sealInputs = () => {
        throw new ApiError(code, 'somebody else has it now')
      }
      await prove()
    },
  )
})

describe('nothing is signed', () => {
  it('for a program whose proofs may tell of them', async () => {
    await expect(prove({ statement: FOUR }, open(), 'claim')).rejects.toMatchObject({
      code: 'not_zero_knowledge',
    })
    const weft = open()
    const program = await weft.programs.register({ path: 'square', zk: false })
    await expect(
      weft.prove({ program, inputs: { x: MARKER }, maxPriceWei: 500n, private: true }),
    ).rejects.toMatchObject({ code: 'not_zero_knowledge' })
    expect(requests).toBe(0)
  })

  it('where nobody tells a prover’s key from another', async () => {
    await expect(prove({}, open({}))).rejects.toMatchObject({ code: 'unsupported' })
  })
})

// The digest that provers sign is the one that is checked here.
it('a key’s digest binds every field', () => {
  const key = { prover: addressOf(first), publicKey: tag('key'), expiry: 7 }
  const ids = [
    encryptionKeyId(domain, key),
    encryptionKeyId(domain, { ...key, prover: addressOf(second) }),
    encryptionKeyId(domain, { ...key, publicKey: tag('other') }),
    encryptionKeyId(domain, { ...key, expiry: 8 }),
    encryptionKeyId({ ...domain, chainId: 1n }, key),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})
