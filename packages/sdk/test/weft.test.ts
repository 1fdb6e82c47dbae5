import {
  ApiError,
  MERGED_SYSTEM,
  type OfferView,
  type OrderView,
  type ProgramInfo,
  type SignedRequest,
} from '@weft/api'
import {
  type Bytes32,
  type Claim,
  claimHash,
  claimPath,
  claimsRoot,
  programId,
  requestId,
  tag,
  toAddress,
  uintToBytes32,
} from '@weft/protocol'
import { createWeft, type ProgramSystem, type ProofProgress, stateless } from '@weft/sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { account, clock, deployment, L1_TX, view } from './support/fixtures.js'
import { domain, market, network, orderOf, status } from './support/market.js'
import { SYSTEM, testSystem } from './support/programs.js'
import { createScriptedServer, type ScriptedServer } from './support/server.js'
import { createUploads } from './support/uploads.js'

const owner = toAddress(account.address)
const FOUR = stateless(uintToBytes32(4n))

let server: ScriptedServer
let programs: Map<Bytes32, ProgramInfo>
let signed: SignedRequest[]
let states: OrderView['state'][]
let blobs: Map<string, Buffer>
let asked: object[]

const claimOf = ({ request, post }: SignedRequest): Claim => ({
  program: request.program,
  pre: request.pre,
  post,
  data: request.data,
  work: 120_000n,
  payouts: tag('payouts'),
})
const openingOf = (claim: Claim) => {
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
}
const last = () => signed.at(-1) as SignedRequest
beforeEach(async () => {
  programs = new Map()
  signed = []
  states = ['matching', 'proving', 'settled']
  asked = []
  const uploads = createUploads()
  blobs = uploads.blobs
  server = await createScriptedServer({
    ...uploads.handlers,
    network: () => network,
    programs: () => [...programs.values()],
    program: ({ params }) => {
      const found = programs.get(params.id as Bytes32)
      if (!found) throw new ApiError('unknown_program', 'register it first')
      return found
    },
    registerProgram: ({ body, token }) => {
      if (token !== 'secret') throw new ApiError('unauthenticated', 'open a session')
      if (!blobs.has(body.artifact) || !blobs.has(body.key)) throw new ApiError('missing_blob', 'upload it')
      programs.set(body.id, body)
      return undefined
    },
    getBlob: ({ params }) => blobs.get(params.digest ?? '') as Buffer,
    submitRequest: ({ body }) => {
      signed.push(body)
      return { id: requestId(domain, body.request), jobs: 1 }
    },
    request: () => orderOf(last(), (states.length > 1 ? states.shift() : states[0]) as OrderView['state']),
    batch: () => {
      const state = states.length > 1 ? 'proving' : states[0]
      return view(state === 'settled' || state === 'failed' ? state : 'proving')
    },
    status: () => status,
    opening: () => openingOf(claimOf(last())),
  })
})
afterEach(() => server.close())

const open = (systems: readonly ProgramSystem[] = [testSystem]) => {
  let nonce = 0
  return createWeft({
    coordinator: server.url,
    chain: {
      ...deployment,
      market,
      isProven: async (opening) => {
        asked.push(opening)
        return true
      },
      isRecorded: async (record) => {
        asked.push(record)
        return true
      },
      gasPriceWei: async () => 3n,
    },
    account,
    systems,
    clock,
    random: { bytes: (length) => new Uint8Array(length).fill(++nonce, length - 1) },
    pollMs: 10,
  })
}
const prove = async (changes: object = {}) => {
  const weft = open()
  const program = await weft.programs.register({ path: 'square' })
  return weft.prove({ program, inputs: { x: '4' }, maxPriceWei: 500n, ...changes })
}

describe('a program', () => {
  it('is uploaded and registered once, under the id of its key', async () => {
    const weft = open()
    const { prepared, ...info } = await weft.programs.register({ path: 'square' })
    expect(info).toMatchObject({ id: programId(SYSTEM, prepared.keyHash), name: 'square', work: 120_000n })
    expect(await weft.programs.list()).toEqual([info])
    server.handlers.registerProgram = () => {
      throw new ApiError('program_conflict', 'registered before')
    }
    expect(await weft.programs.register({ path: 'square' })).toMatchObject(info)
  })

  it('that makes its claim by itself needs its author’s word for its work', async () => {
    const weft = open()
    await expect(weft.programs.register({ path: 'claim' })).rejects.toMatchObject({ code: 'work_needed' })
    expect(await weft.programs.register({ path: 'claim', work: 5n })).toMatchObject({ work: 5n })
    await expect(weft.programs.register({ path: 'claim', work: 6n })).rejects.toMatchObject({
      code: 'program_conflict',
      details: { work: '5' },
    })
    await expect(weft.programs.register({ path: 'square', work: 6n })).rejects.toMatchObject({
      code: 'bad_claim',
    })
  })

  it('has a name that logs can show', async () => {
    expect(await open().programs.register({ path: `é\n${'x'.repeat(100)}` })).toMatchObject({
      name: `??${'x'.repeat(62)}`,
    })
  })

  it('is opened by its id, in whatever process', async () => {
    const { id } = await open().programs.register({ path: 'square' })
    const proof = await open().prove({ program: id, inputs: { x: '4' }, maxPriceWei: 500n })
    expect(proof).toMatchObject({ kind: 'claim', statement: { program: id, ...FOUR } })
  })

  it('that is another one than that of the id is refused', async () => {
    const { id } = await open().programs.register({ path: 'square' })
    const other = await open().programs.register({ path: 'cube' })
    programs.set(id, { ...other, id })
    await expect(open().programs.open(id)).rejects.toMatchObject({ code: 'bad_program' })
  })

  it('whose bytes were changed on the way is refused', async () => {
    const { id, artifact } = await open().programs.register({ path: 'square' })
    blobs.set(artifact, Buffer.from('artifact:cube'))
    await expect(open().programs.open(id)).rejects.toMatchObject({ code: 'digest_mismatch' })
  })

  it('of a system that is not given is refused', async () => {
    await expect(open([]).programs.register({ path: 'square' })).rejects.toMatchObject({
      code: 'unknown_system',
      details: { system: MERGED_SYSTEM },
    })
  })
})

describe('a proof', () => {
  it('is of what the program says here, and L1 is asked for it', async () => {
    const proof = await prove()
    expect(last()).toMatchObject({
      post: FOUR.post,
      request: { owner, pre: FOUR.pre, data: FOUR.data, maxPriceWei: 500n, maxTotalWei: 935n, delivery: 1 },
    })
    const [segment] = last().segments
    expect(JSON.parse(String(blobs.get(segment?.inputs ?? '')))).toEqual({ inner: { x: '4' } })
    expect(proof.request).toBe(requestId(domain, last().request))
    expect(asked).toEqual([])
    expect(await proof.verifyOnChain()).toBe(true)
    expect(asked).toEqual([openingOf(claimOf(last()))])
  })

  it('is followed stage by stage, by its id as well', async () => {
    const weft = open()
    const program = await weft.programs.register({ path: 'square' })
    const { request } = await weft.submit({ program, inputs: { x: '4' }, maxPriceWei: 500n })
    const seen: ProofProgress[] = []
    const proof = await open().follow(request, { onProgress: (progress) => seen.push(progress) })
    expect(seen.at(-1)?.stage).toBe('settled')
    expect(seen.length).toBeGreaterThan(1)
    expect(await open().proof(request)).toMatchObject({ request, statement: proof.statement })
  })

  it('says its id as soon as it is accepted', async () => {
    const weft = open()
    const program = await weft.programs.register({ path: 'square' })
    const accepted: Bytes32[] = []
    const request = { program, inputs: { x: '4' }, maxPriceWei: 500n }
    const proof = await weft.prove(request, { onAccepted: (id) => accepted.push(id) })
    expect(accepted).toEqual([proof.request])
  })

  it('stops being waited for when the signal aborts', async () => {
    states = ['matching']
    const stop = new AbortController()
    const weft = open()
    const program = await weft.programs.register({ path: 'square' })
    const waiting = weft.prove(
      { program, inputs: { x: '4' }, maxPriceWei: 500n },
      { signal: stop.signal, onProgress: () => stop.abort(new Error('interrupted')) },
    )
    await expect(waiting).rejects.toThrow('interrupted')
  })

  it.each<[string, object, string]>([
    ['inputs that are not the program’s', { inputs: {} }, 'bad_inputs'],
    ['inputs that do not satisfy it', { inputs: { x: 'wrong' } }, 'unsatisfied'],
    ['a delivery of its own', { delivery: 'individual' }, 'unsupported'],
    ['terms that cannot be', { startPriceWei: 501n }, 'bad_terms'],
  ])('is not asked for with %s', async (_, changes, code) => {
    await expect(prove(changes)).rejects.toMatchObject({ code })
    expect(signed).toEqual([])
  })

  it('of a program that makes its claim by itself is of the statement that its author says', async () => {
    const weft = open()
    const program = await weft.programs.register({ path: 'claim', work: 120_000n })
    const request = { program, inputs: { x: '4' }, maxPriceWei: 500n }
    await expect(weft.prove(request)).rejects.toMatchObject({ code: 'statement_needed' })
    const wrong = { ...request, statement: stateless(tag('other')) }
    await expect(weft.prove(wrong)).rejects.toMatchObject({ code: 'bad_claim' })
    expect(signed).toEqual([])
    expect((await weft.prove({ ...request, statement: FOUR })).statement).toMatchObject(FOUR)
  })

  it('that failed says why', async () => {
    states = ['failed']
    await expect(prove()).rejects.toMatchObject({
      code: 'batch_failed',
      message: expect.stringContaining('unsatisfied'),
    })
  })
})

describe('a coordinator that lies', () => {
  it('cannot show another request', async () => {
    server.handlers.request = () => {
      const one = last()
      const request = { ...one.request, program: tag('other') }
      return { ...orderOf({ ...one, request }, 'settled'), id: requestId(domain, one.request) }
    }
    await expect(prove()).rejects.toMatchObject({ code: 'bad_answer' })
  })

  it.each(['program', 'pre', 'post', 'data'] as const)('cannot open another %s', async (part) => {
    server.handlers.opening = () => openingOf({ ...claimOf(last()), [part]: tag('other') })
    await expect(prove()).rejects.toMatchObject({ code: 'bad_opening' })
  })

  it('cannot change the state after, which the request’s id leaves open', async () => {
    const other = () => ({ ...last(), post: tag('other') })
    server.handlers.request = () => orderOf(other(), 'settled')
    server.handlers.opening = () => openingOf(claimOf(other()))
    states = ['settled']
    await expect(prove()).rejects.toMatchObject({ code: 'bad_opening' })
  })

  it('cannot give a path that leads elsewhere', async () => {
    server.handlers.opening = () => ({ ...openingOf(claimOf(last())), claimsRoot: tag('other') })
    await expect(prove()).rejects.toMatchObject({ code: 'bad_opening' })
  })
})

it('an estimate asks for the program’s offers, and signs nothing', async () => {
  const weft = open()
  const program = await weft.programs.register({ path: 'square' })
  const queries: object[] = []
  server.handlers.offers = ({ query }): OfferView[] => {
    queries.push(query)
    return []
  }
  expect(await weft.estimate({ program, maxPriceWei: 500n })).toMatchObject({
    ...{ maxWei: 935n, offers: 0 },
    deliveries: [{ delivery: 'aggregated', sharedBy: 1, seconds: 15 }],
  })
  expect(queries).toEqual([{ target: program.id }])
  expect(signed).toEqual([])
})
