import {
  ApiError,
  digestOf,
  type OrderView,
  type ProgramInfo,
  type RecordOpening,
  type SignedRequest,
} from '@weft/api'
import { type Artifact, encodeDirectProof } from '@weft/proof'
import { fakeDirectSystem } from '@weft/proof/testing'
import {
  type Bytes32,
  claimPath,
  claimsRoot,
  DELIVERIES,
  DIRECT_WORK,
  directStatement,
  jobOf,
  programId,
  publicInputsHash,
  requestId,
  tag,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'
import { createWeft, directProgramSystem, type ProgramSystem, type RecordProof } from '@weft/sdk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { account, clock, deployment, L1_TX, view } from './support/fixtures.js'
import { domain, market, network, orderOf, status } from './support/market.js'
import { testSystem } from './support/programs.js'
import { createScriptedServer, type ScriptedServer } from './support/server.js'
import { createUploads } from './support/uploads.js'

const INPUTS = [uintToBytes32(7n), uintToBytes32(9n)]
const groth16 = directProgramSystem(fakeDirectSystem('groth16'), async (path) => ({
  name: path,
  bytes: new TextEncoder().encode(path),
}))

let server: ScriptedServer
let programs: Map<string, ProgramInfo>
let signed: SignedRequest[]
let state: OrderView['state']
let asked: object[]

const last = () => signed.at(-1) as SignedRequest
/** The second of two jobs that were recorded together. */
const recordOf = (one: SignedRequest): RecordOpening => {
  const job = jobOf({ ...one.request, post: one.post })
  const path = claimPath([tag('other'), job], 1)
  return {
    ...{ kind: 'record', job, root: claimsRoot([tag('other'), job]), l1Tx: L1_TX, publicInputs: INPUTS },
    ...{ index: path.index, siblings: [...path.siblings], proof: tag('proof') },
  }
}

beforeEach(async () => {
  programs = new Map()
  signed = []
  asked = []
  state = 'settled'
  const { blobs, handlers } = createUploads()
  server = await createScriptedServer({
    ...handlers,
    network: () => network,
    status: () => status,
    offers: () => [],
    program: ({ params }) => {
      const found = programs.get(params.id ?? '')
      if (!found) throw new ApiError('unknown_program', 'register it first')
      return found
    },
    registerProgram: ({ body }) => {
      programs.set(body.id, body)
      return undefined
    },
    getBlob: ({ params }) => blobs.get(params.digest ?? '') as Buffer,
    submitRequest: ({ body }) => {
      signed.push(body)
      return { id: requestId(domain, body.request), jobs: 1 }
    },
    request: () => orderOf(last(), state),
    batch: () => view(state === 'settled' || state === 'failed' ? state : 'proving'),
    opening: () => recordOf(last()),
  })
})
afterEach(() => server.close())

const open = (systems: readonly ProgramSystem[] = [testSystem, groth16]) =>
  createWeft({
    coordinator: server.url,
    chain: {
      ...{ ...deployment, market },
      isProven: async () => false,
      isRecorded: async (record) => {
        asked.push(record)
        return true
      },
      gasPriceWei: async () => 3n,
    },
    ...{ account, systems, clock, pollMs: 10 },
    random: { bytes: (length) => new Uint8Array(length).fill(1) },
  })

const register = () => open().programs.register({ path: 'age', system: 'groth16' })
const prove = async (changes: object = {}) => {
  const request = { program: await register(), inputs: { publicInputs: INPUTS }, maxPriceWei: 500n }
  return (await open().prove({ ...request, ...changes })) as RecordProof
}

describe('a program whose proofs nothing merges', () => {
  it('is registered under its system, and is the work of one proof', async () => {
    const { prepared, ...info } = await register()
    expect(info).toMatchObject({
      ...{ system: 'groth16', name: 'age', work: DIRECT_WORK },
      id: programId(groth16.id, prepared.keyHash),
    })
  })

  it('is executed as it is here, and published as its system says', async () => {
    const published = ({ name }: Artifact): Artifact => ({ name, bytes: new TextEncoder().encode('public') })
    const system = fakeDirectSystem('groth16')
    const read = async (name: string): Promise<Artifact> => ({
      name,
      bytes: new TextEncoder().encode('all of it'),
    })
    const { prepared } = await open([directProgramSystem(system, read, { published })]).programs.register({
      ...{ path: 'age', system: 'groth16' },
    })
    expect(Buffer.from(prepared.artifact).toString()).toBe('public')
    const shown = published({ name: 'age', bytes: new Uint8Array() })
    const limits = { signal: new AbortController().signal, timeMs: 1_000, memoryBytes: 1e9 }
    const { key } = await system.setup(shown, limits)
    expect(prepared.keyHash).toBe(key.hash)
  })

  it('is opened by its id, with the system that it names', async () => {
    const { id } = await register()
    expect(await prove({ program: id })).toMatchObject({ kind: 'record', statement: { program: id } })
    await expect(open([testSystem]).programs.open(id)).rejects.toMatchObject({
      code: 'unknown_system',
      details: { system: 'groth16' },
    })
  })

  it('is not another’s for a coordinator that says so', async () => {
    const { id } = await register()
    programs.set(id, { ...(programs.get(id) as ProgramInfo), system: 'ultrahonk' })
    await expect(open().programs.open(id)).rejects.toMatchObject({ code: 'bad_artifact' })
  })

  it('is refused by a coordinator that does not prove with its system', async () => {
    const [merged] = network.systems
    server.handlers.network = () => ({ ...network, systems: merged ? [merged] : [] })
    await expect(register()).rejects.toMatchObject({ code: 'unknown_system' })
  })
})

describe('its proof', () => {
  it('states its public inputs, and the registry is asked for it', async () => {
    const proof = await prove()
    expect(last()).toMatchObject({
      post: ZERO_BYTES32,
      request: { pre: ZERO_BYTES32, data: publicInputsHash(INPUTS), maxPriceWei: 500n, maxTotalWei: 500n },
    })
    const { index, siblings } = recordOf(last())
    expect(proof).toMatchObject({
      ...{ kind: 'record', request: requestId(domain, last().request), publicInputs: INPUTS, l1Tx: L1_TX },
      path: { aggregated: false, work: 0n, payouts: ZERO_BYTES32, index, siblings },
    })
    expect(asked).toEqual([])
    expect(await proof.verifyOnChain()).toBe(true)
    expect(asked).toEqual([recordOf(last())])
  })

  it('is downloaded for other contracts, and checked', async () => {
    const proof = await prove()
    const bytes = new Uint8Array([1, 2, 3])
    const give = async (publicInputs: readonly Bytes32[]) => {
      const encoded = Buffer.from(encodeDirectProof({ publicInputs, proof: bytes }))
      const digest = await digestOf(encoded)
      server.handlers.opening = () => ({ ...recordOf(last()), proof: digest })
      server.handlers.getBlob = () => encoded
      return ((await open().proof(proof.request)) as RecordProof).download()
    }
    expect(await give(INPUTS)).toEqual(bytes)
    await expect(give([])).rejects.toMatchObject({ code: 'bad_answer' })
  })

  it('is taken up again by its id', async () => {
    const { request } = await prove()
    expect(await open().follow(request)).toMatchObject({ kind: 'record', publicInputs: INPUTS })
    const other = directStatement([uintToBytes32(1n)])
    await expect(open().follow(request, { asked: other })).rejects.toMatchObject({ code: 'bad_opening' })
  })

  it.each<[string, object, string]>([
    ['individual', {}, 'individual'],
    ['batched, when it is told so', { delivery: 'batched' }, 'batched'],
  ])('is delivered %s', async (_, changes, delivery) => {
    await prove(changes)
    expect(DELIVERIES[last().request.delivery]).toBe(delivery)
  })

  it('is delivered together with others when there are some', async () => {
    server.handlers.status = () => ({ ...status, batches: { ...status.batches, proving: 20 } })
    await prove()
    expect(DELIVERIES[last().request.delivery]).toBe('batched')
    await prove({ proveWithinMs: 20_000 })
    expect(DELIVERIES[last().request.delivery]).toBe('individual')
  })

  it.each<[string, object, string]>([
    ['inputs that it has not', { inputs: {} }, 'bad_inputs'],
    ['inputs that do not satisfy it', { inputs: { publicInputs: 'unsatisfied' } }, 'unsatisfied'],
    ['an aggregate', { delivery: 'aggregated' }, 'unsupported'],
    ['another statement', { statement: directStatement([]) }, 'bad_claim'],
  ])('is not asked for with %s', async (_, changes, code) => {
    await expect(prove(changes)).rejects.toMatchObject({ code })
    expect(signed).toEqual([])
  })

  it('says what provers say of its inputs', async () => {
    state = 'failed'
    server.handlers.request = () => ({
      ...orderOf(last(), 'failed'),
      failure: { code: 'unsatisfied', message: 'template Age, line 7' },
    })
    await expect(prove()).rejects.toMatchObject({
      code: 'unsatisfied',
      message: expect.stringContaining('template Age, line 7'),
    })
  })
})

describe('a coordinator that lies', () => {
  const other = tag('other') as Bytes32
  it.each<[string, Partial<RecordOpening>]>([
    ['another job', { job: other }],
    ['other public inputs', { publicInputs: [other] }],
    ['another root', { root: other }],
    ['a path that is too long for its siblings', { index: 3n }],
  ])('cannot show %s', async (_, changes) => {
    server.handlers.opening = () => ({ ...recordOf(last()), ...changes })
    await expect(prove()).rejects.toMatchObject({ code: 'bad_opening' })
  })
})

describe('a program that is merged, or proven for Ethereum alone', () => {
  const both = () => open().programs.register({ path: 'both' })
  const proveBoth = async (changes: object) =>
    open().prove({
      ...{ program: await both(), inputs: { x: '4', publicInputs: INPUTS }, maxPriceWei: 500n },
      ...changes,
    })

  it('is added as it is, and as the other one when somebody asks for that', async () => {
    const { id } = await both()
    expect([...programs.keys()]).toEqual([id])
    const proof = await proveBoth({ delivery: 'individual' })
    const [, lone] = programs.values()
    expect(lone).toMatchObject({ system: 'groth16', name: 'both', work: DIRECT_WORK })
    expect(proof).toMatchObject({ kind: 'record', statement: { program: lone?.id }, publicInputs: INPUTS })
    expect(last().request).toMatchObject({ program: lone?.id, maxTotalWei: 500n })
    await proveBoth({ program: id, delivery: 'individual' })
    expect(programs.size).toBe(2)
  })

  it('is estimated in all its ways, and nothing is added for that', async () => {
    const program = await both()
    const { deliveries } = await open().estimate({ program, maxPriceWei: 500n })
    const lone = await open().programs.alone(program)
    expect(deliveries).toMatchObject([
      { delivery: 'aggregated', program: program.id, maxWei: 935n },
      { delivery: 'individual', program: lone?.id, maxWei: 500n },
      { delivery: 'batched', program: lone?.id, maxWei: 500n },
    ])
    expect(programs.size).toBe(1)
  })

  it('is the other one where that is cheaper, or alone in time', async () => {
    await proveBoth({ proveWithinMs: 10_000 })
    expect(DELIVERIES[last().request.delivery]).toBe('individual')
    expect(last().request.program).not.toBe((await both()).id)
  })

  it('is merged alone where nobody proves the other', async () => {
    const [merged] = network.systems
    server.handlers.network = () => ({ ...network, systems: merged ? [merged] : [] })
    const program = await both()
    expect(await open().programs.alone(program)).toBeNull()
    await expect(proveBoth({ delivery: 'individual' })).rejects.toMatchObject({ code: 'unsupported' })
    expect(await open([testSystem]).programs.alone(program)).toBeNull()
  })
})
