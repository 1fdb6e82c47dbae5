import { createApiClient, type ErrorCode, errorBody } from '@weft/api'
import type { VerificationKey } from '@weft/proof'
import {
  type Child,
  dataNode,
  dataRoot,
  programId,
  publicInput,
  tag,
  toAddress,
  uintToBytes32,
} from '@weft/protocol'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  claimOfLease,
  Harness,
  leaseOf,
  mergeProgram,
  type ProverNode,
  padProgram,
  proofOf,
  prove,
  segmentProgram,
  system,
  TENANT,
  until,
} from './harness.js'
import { LIMITS } from './programs.mjs'

let h: Harness
let node: ProverNode
beforeAll(async () => {
  h = await Harness.start({
    limits: {
      maxSegments: 8,
      maxLeasesPerNode: 2,
      maxInputBytes: 4096,
      maxProgramBytes: 4096,
      requestsPerMinute: 1e6,
    },
    hashKey: async (key) => (await system.setup({ name: 'other', bytes: key }, 'recursive', NO_LIMITS)).hash,
  })
  node = await h.node()
})
afterAll(() => h.stop())

const NO_LIMITS = {
  signal: { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined },
  memoryBytes: 1,
  timeMs: 1,
}
const nothing = uintToBytes32(0n)
const refusal = (code: ErrorCode) => expect.objectContaining({ name: 'ApiError', code })

/** A request outside the typed client; resolves with the status and the refusal's code. */
const raw = async (
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<[number, string, string]> => {
  const response = await fetch(h.url + path, { method, ...init })
  const { error } = errorBody.parse(await response.json())
  return [response.status, error.code, error.message]
}
const json = (body: string) => ({ body, headers: { 'content-type': 'application/json' } })

describe('malformed requests', () => {
  it.each<[string, string, RequestInit, number, ErrorCode]>([
    ['POST', '/v1/sessions', json('{"address":'), 400, 'bad_request'],
    ['POST', '/v1/sessions', json('{"address":"0xZZ"}'), 400, 'bad_request'],
    ['POST', '/v1/sessions', { body: 'x', headers: { 'content-type': 'text/plain' } }, 400, 'bad_request'],
    ['POST', '/v1/sessions', json(`{"x":"${'y'.repeat(70_000)}"}`), 413, 'payload_too_large'],
    ['POST', '/v1/batches', json(`{"x":"${'y'.repeat(80_000)}"}`), 413, 'payload_too_large'],
    ['GET', '/v1/batches/nonsense', {}, 400, 'bad_request'],
    ['GET', `/v1/payouts/${TENANT}?after=-1`, {}, 400, 'bad_request'],
    ['GET', '/v1/events', {}, 400, 'bad_request'],
    ['GET', '/v1/nothing', {}, 404, 'unknown_route'],
    ['POST', '/v1/leases', {}, 401, 'unauthenticated'],
    ['POST', '/v1/leases', { headers: { authorization: 'Bearer x' } }, 401, 'unauthenticated'],
    ['GET', `/v1/blobs/${nothing}`, {}, 404, 'unknown_blob'],
    ['GET', `/v1/programs/${nothing}`, {}, 404, 'unknown_program'],
    ['GET', `/v1/batches/${nothing}`, {}, 404, 'unknown_batch'],
    ['GET', `/v1/batches/${nothing}/opening`, {}, 404, 'unknown_batch'],
    ['GET', `/v1/aggregates/${nothing}`, {}, 404, 'unknown_aggregate'],
  ])('%s %s is refused', async (method, path, init, status, code) => {
    const [actual, actualCode, message] = await raw(method, path, init)
    expect([actual, actualCode]).toEqual([status, code])
    expect(message.length).toBeGreaterThan(10)
  })

  it('names the field', async () => {
    const [, , message] = await raw('POST', '/v1/sessions', json('{"address":"0x1"}'))
    expect(message).toContain('body.address')
  })
})

describe('sessions', () => {
  const account = privateKeyToAccount(generatePrivateKey())
  const address = toAddress(account.address)
  const sign = (nonce: `0x${string}`, over: Partial<{ chainId: number }> = {}) =>
    account.signTypedData({
      domain: {
        name: 'weft',
        version: '1',
        chainId: 31337,
        verifyingContract: `0x${'5e'.repeat(20)}`,
        ...over,
      },
      types: {
        Session: [
          { name: 'account', type: 'address' },
          { name: 'nonce', type: 'bytes32' },
        ],
      },
      primaryType: 'Session',
      message: { account: address, nonce },
    })
  const open = (body: { address: typeof address; nonce: typeof nothing; signature: typeof nothing }) =>
    h.client().openSession({ body })

  it('take a signature once', async () => {
    const { nonce } = await h.client().challenge()
    const signature = await sign(nonce)
    const both = await Promise.allSettled([
      open({ address, nonce, signature }),
      open({ address, nonce, signature }),
    ])
    expect(both.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(open({ address, nonce, signature })).rejects.toEqual(refusal('challenge_expired'))
  })

  it('refuse a challenge that is made up, changed or old', async () => {
    const made = tag('made up')
    await expect(open({ address, nonce: made, signature: await sign(made) })).rejects.toEqual(
      refusal('challenge_expired'),
    )
    const { nonce } = await h.client().challenge()
    const later = `0xff${nonce.slice(4)}` as const
    await expect(open({ address, nonce: later, signature: await sign(later) })).rejects.toEqual(
      refusal('challenge_expired'),
    )
    h.clock.advance(60_000)
    await expect(open({ address, nonce, signature: await sign(nonce) })).rejects.toEqual(
      refusal('challenge_expired'),
    )
  })

  it('refuse another’s signature, one for another chain, and nonsense', async () => {
    const { nonce } = await h.client().challenge()
    const signature = await sign(nonce)
    await expect(open({ address: TENANT, nonce, signature })).rejects.toEqual(refusal('bad_signature'))
    const elsewhere = await sign(nonce, { chainId: 1 })
    await expect(open({ address, nonce, signature: elsewhere })).rejects.toEqual(refusal('bad_signature'))
    await expect(open({ address, nonce, signature: '0x1234' })).rejects.toEqual(refusal('bad_signature'))
  })

  it('expire', async () => {
    const fresh = await Harness.start({ timing: { sessionMs: 1000 } })
    const { token } = await fresh.session()
    const api = createApiClient({ url: fresh.url, token: () => token })
    await expect(api.lease({ query: {} })).rejects.toEqual(refusal('not_registered'))
    fresh.clock.advance(1000)
    await expect(api.lease({ query: {} })).rejects.toEqual(refusal('unauthenticated'))
    await fresh.stop()
  })

  it('of a node on another SRS are told so', async () => {
    await expect(h.node({ srs: 'ignition' })).rejects.toEqual(refusal('srs_mismatch'))
  })
})

describe('blobs', () => {
  it('are refused under a wrong name, or too large', async () => {
    const { token } = await h.session()
    const api = h.client(token)
    const digest = tag('other bytes')
    await expect(api.putBlob({ params: { digest }, body: new Uint8Array(9) })).rejects.toEqual(
      refusal('digest_mismatch'),
    )
    await expect(api.putBlob({ params: { digest }, body: new Uint8Array(5000) })).rejects.toEqual(
      refusal('payload_too_large'),
    )
    const endless = new ReadableStream<Uint8Array>({ pull: (c) => c.enqueue(new Uint8Array(1024)) })
    await expect(api.putBlob({ params: { digest }, body: endless })).rejects.toMatchObject({
      code: expect.stringMatching(/payload_too_large|coordinator_unreachable/),
    })
    await expect(h.client().getBlob({ params: { digest } })).rejects.toEqual(refusal('unknown_blob'))
  })
})

describe('batches', () => {
  it.each<[ErrorCode, () => Promise<unknown>]>([
    ['unknown_program', () => h.request(2, 1, { program: nothing })],
    ['too_many_segments', () => h.request(9, 1)],
    ['bad_segments', () => h.request(2, 1, { post: nothing })],
    ['deadline_passed', () => h.request(2, 1, { deadlineMs: h.clock.nowMs() })],
    ['not_a_tenant', () => h.request(2, 1, { tenant: `0x${'11'.repeat(20)}` })],
    ['bad_signature', () => h.request(2, 1, { signature: '0x' })],
    ['not_sequencer', async () => ({ ...(await h.request(2, 1)), deadlineMs: 2 ** 50 })],
    [
      'missing_blob',
      async () => {
        const request = await h.request(2, 1)
        return { ...request, segments: request.segments.map((s) => ({ ...s, inputs: tag('missing') })) }
      },
    ],
    [
      'bad_segments',
      async () => {
        const request = await h.request(3, 1)
        return { ...request, segments: request.segments.toReversed() }
      },
    ],
    ['bad_request', async () => ({ ...(await h.request(2, 1)), segments: [] })],
  ])('are refused: %s', async (code, request) => {
    const body = (await request()) as Awaited<ReturnType<Harness['request']>>
    await expect(h.client().submitBatch({ body })).rejects.toEqual(refusal(code))
  })

  it('are refused when a merge would state what a segment states, or when they are the filler', async () => {
    const word = (value: number) => uintToBytes32(BigInt(value))
    const [a, b, c, d] = [word(0), word(1), word(2), word(3)] as const
    const inputs = await h.upload(new TextEncoder().encode('{"segment":{}}'))
    const loop = [
      { pre: a, post: b, data: c, inputs },
      { pre: b, post: a, data: d, inputs },
      { pre: a, post: a, data: dataNode(c, d), inputs },
    ]
    const whole = { pre: a, post: a, data: dataRoot(loop.map(({ data }) => data)) }
    await expect(
      h.client().submitBatch({ body: await h.request(3, 1, { ...whole, segments: loop }) }),
    ).rejects.toMatchObject({
      code: 'bad_segments',
      message: expect.stringContaining('split the batch'),
      details: { fault: 'repeated_statement', segment: 0 },
    })
    const filler = { pre: a, post: b, data: a }
    const segments = [{ ...filler, inputs }]
    await expect(
      h.client().submitBatch({
        body: await h.request(1, 1, { ...filler, program: padProgram.id, segments }),
      }),
    ).rejects.toMatchObject({ code: 'bad_segments', details: { fault: 'filler' } })
  })

  it('are refused without funds, and while L1 cannot be asked', async () => {
    const body = await h.request(2, 1)
    h.l1.covered = false
    await expect(h.client().submitBatch({ body })).rejects.toEqual(refusal('insufficient_funds'))
    h.l1.covered = true
    h.l1.isDown = true
    await expect(h.client().submitBatch({ body })).rejects.toEqual(refusal('l1_unavailable'))
    h.l1.isDown = false
  })

  it('are one batch when sent twice, also at once, and taken when split otherwise', async () => {
    const body = await h.request(2, 7)
    const [a, b] = await Promise.all([h.client().submitBatch({ body }), h.client().submitBatch({ body })])
    expect(a).toEqual(b)
    expect(await h.client().submitBatch({ body: { ...body, deadlineMs: 1 } })).toEqual(a)
    const inputs = await h.upload(new TextEncoder().encode('other inputs'))
    const other = { ...body, segments: body.segments.map((s) => ({ ...s, inputs })) }
    await expect(h.client().submitBatch({ body: other })).rejects.toEqual(refusal('statement_taken'))
  })
})

describe('programs', () => {
  it('are added with a key whose id they have, and only so', async () => {
    const { token } = await h.session()
    const api = h.client(token)
    const artifact = await h.upload(new TextEncoder().encode('artifact'))
    const keyBytes = new TextEncoder().encode('a key')
    const key = await h.upload(keyBytes)
    const { hash: keyHash } = await system.setup({ name: 'other', bytes: keyBytes }, 'recursive', NO_LIMITS)
    const id = programId(system.id, keyHash)
    const body = { id, name: 'mine', system: 'ultrahonk', gates: 10, work: 10n, artifact, key, keyHash }
    await expect(api.registerProgram({ body: { ...body, id: nothing } })).rejects.toEqual(
      refusal('program_mismatch'),
    )
    await expect(api.registerProgram({ body: { ...body, artifact: nothing } })).rejects.toEqual(
      refusal('missing_blob'),
    )
    await api.registerProgram({ body })
    await api.registerProgram({ body })
    await expect(api.registerProgram({ body: { ...body, gates: 11 } })).rejects.toEqual(
      refusal('program_conflict'),
    )
    expect(await h.client().program({ params: { id } })).toEqual(body)
    await expect(h.client().registerProgram({ body })).rejects.toEqual(refusal('unauthenticated'))
  })

  it('cannot be added where the set is fixed', async () => {
    const fixed = await Harness.start()
    const { token } = await fixed.session()
    const { evmKey: _, ...body } = await fixed.client().program({ params: { id: segmentProgram.id } })
    await expect(fixed.client(token).registerProgram({ body })).rejects.toEqual(
      refusal('registration_closed'),
    )
    await fixed.stop()
  })
})

describe('proofs', () => {
  const submit = (by: ProverNode, id: string, body: Uint8Array) =>
    by.api.submitProof({ params: { id }, query: {}, body })

  /** A proof that is right with this key, which is not that of the job's program. */
  const foreignProof = (key: VerificationKey, claim: Child) =>
    system.prove(mergeProgram.artifact, key, new TextEncoder().encode(publicInput(claim)), LIMITS)

  /** Makes a wrong proof of two good ones, and of the claim of the first. */
  type Forge = (proof: Uint8Array, other: Uint8Array, claim: Child) => Uint8Array | Promise<Uint8Array>
  it.each<[string, Forge]>([
    ['truncated', (proof) => proof.slice(0, -1)],
    ['with a flipped bit', (proof) => proof.map((byte, i) => (i === 70 ? byte ^ 1 : byte))],
    ['empty', () => new Uint8Array()],
    ['of another job', (_, other) => other],
    [
      'of another program',
      (_, __, claim) => foreignProof(padProgram.key, { ...claim, program: padProgram.id } as Child),
    ],
    ['of this claim by another program', (_, __, claim) => foreignProof(padProgram.key, claim)],
    ['of this claim by a merge', (_, __, claim) => foreignProof(mergeProgram.key, claim)],
  ])('that are %s are refused, and the job goes to another', async (_name, forge) => {
    await h.batch(2, 11)
    const [cheat, honest] = [await h.node(), await h.node()]
    const lease = await leaseOf(cheat)
    const other = await leaseOf(cheat)
    const claim = claimOfLease(lease, cheat.address)
    const both = [await proofOf(lease, cheat.address), await proofOf(other, cheat.address)] as const
    const proof = await forge(...both, claim)
    await expect(submit(cheat, lease.id, proof)).rejects.toEqual(refusal('invalid_proof'))
    expect((await leaseOf(honest)).job.id).toBe(lease.job.id)
    h.clock.advance(10_000)
  })

  it('of the last merge with the key of the others, which L1 does not take, are refused', async () => {
    const fresh = await Harness.start()
    await fresh.batch(2)
    const cheat = await fresh.node()
    for (let i = 0; i < 2; i++) await prove(cheat, await leaseOf(cheat))
    const lease = await leaseOf(cheat)
    expect(lease.job).toMatchObject({ kind: 'merge', target: 'evm' })
    const proof = await foreignProof(mergeProgram.key, claimOfLease(lease, cheat.address))
    await expect(submit(cheat, lease.id, proof)).rejects.toEqual(refusal('invalid_proof'))
    await fresh.stop()
  })

  it('by another prover, under another’s lease, unknown leases and too large ones are refused', async () => {
    await h.batch(2, 12)
    const thief = await h.node()
    const lease = await leaseOf(node)
    const stolen = await proofOf(lease, node.address)
    await expect(submit(thief, lease.id, stolen)).rejects.toEqual(refusal('unknown_lease'))
    const own = await leaseOf(thief)
    await expect(submit(thief, own.id, stolen)).rejects.toEqual(refusal('invalid_proof'))
    await expect(submit(node, 'nonsense', stolen)).rejects.toEqual(refusal('unknown_lease'))
    await expect(submit(node, lease.id, new Uint8Array(2000))).rejects.toEqual(refusal('payload_too_large'))
    await expect(thief.api.heartbeat({ params: { id: lease.id }, body: {} })).rejects.toEqual(
      refusal('unknown_lease'),
    )
    await prove(node, lease)
  })

  it('that are invalid again and again pause their prover, who can read why', async () => {
    await h.batch(8, 13)
    const cheat = await h.node()
    for (let i = 0; i < 3; i++) {
      const lease = await leaseOf(cheat)
      await expect(submit(cheat, lease.id, new Uint8Array(3))).rejects.toEqual(refusal('invalid_proof'))
    }
    const refused = cheat.api.lease({ query: {} })
    await expect(refused).rejects.toMatchObject({
      code: 'paused',
      message: expect.stringContaining('3 invalid proofs'),
    })
    h.clock.advance(600_000)
    await leaseOf(cheat)
  })

  it('a node holds only so many leases', async () => {
    await h.batch(8, 14)
    const greedy = await h.node()
    await leaseOf(greedy)
    await leaseOf(greedy)
    await expect(greedy.api.lease({ query: {} })).rejects.toEqual(refusal('too_many_leases'))
  })

  it('that are sent again while they wait to be verified are verified once', async () => {
    const begun: (() => void)[] = []
    const verify: typeof system.verify = async (...proof) => {
      await new Promise<void>((resolve) => begun.push(resolve))
      return system.verify(...proof)
    }
    const slow = await Harness.start({ verifier: { verify }, limits: { verifications: 1 } })
    await slow.batch(2)
    const prover = await slow.node()
    const lease = await leaseOf(prover)
    const proof = await proofOf(lease, prover.address)
    const answers = Promise.all([1, 2, 3].map(() => submit(prover, lease.id, proof)))
    await until(async () => begun.length > 0)
    begun.pop()?.()
    const accepted = { accepted: true, late: false }
    expect(await answers).toEqual([accepted, accepted, accepted])
    expect(begun).toEqual([])
    await slow.stop()
  })

  it('that the verifier fails on are not the prover’s fault', async () => {
    let fails = true
    const verify: typeof system.verify = async (...proof) => {
      if (fails) throw new Error('out of memory')
      return system.verify(...proof)
    }
    const flaky = await Harness.start({ verifier: { verify } })
    await flaky.batch(2)
    const prover = await flaky.node()
    const lease = await leaseOf(prover)
    await expect(prove(prover, lease)).rejects.toEqual(refusal('verifier_unavailable'))
    fails = false
    expect(await prove(prover, lease)).toMatchObject({ accepted: true })
    await flaky.stop()
  })
})

describe('rate limits', () => {
  it('hold for those without a session', async () => {
    const strict = await Harness.start({ limits: { requestsPerMinute: 3 } })
    for (let i = 0; i < 3; i++) await strict.client().health()
    await expect(strict.client().health()).rejects.toEqual(refusal('rate_limited'))
    await strict.stop()
  })
})
