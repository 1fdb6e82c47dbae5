import {
  checkDelivery,
  createL1Client,
  createProofReader,
  type DeliverableProof,
  directJobOf,
} from '@weft/chain'
import { abis } from '@weft/contracts'
import { GROTH16, type Hex, keccak256, tag, toAddress, ZERO_BYTES32 } from '@weft/protocol'
import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mockProof, openDelivery, snarkjsProofs, type TestDelivery } from './delivery.js'
import { addressOf, GUARDIAN, OPERATOR, STRANGER } from './market.js'
import { clock, creation } from './support.js'

let l1: TestDelivery
let runtime: Hex
beforeAll(async () => {
  l1 = await openDelivery()
  runtime = (await l1.client.getCode({ address: l1.addresses.verifier })) ?? '0x'
})
afterAll(() => l1.close())

const sentBy = (part: number) => l1.client.getTransactionCount({ address: addressOf(part) })

/** A proof whose public inputs are another's. */
const forged = (proof: DeliverableProof, like: DeliverableProof): DeliverableProof => {
  const made = { ...proof, proof: like.proof }
  return { ...made, job: directJobOf(made) }
}

/** Runtime code of a verifier that says yes to everything. */
const YES = '600160005260206000f3'

const one = (circuit: number) => l1.prove({ ceremony: 1, circuit, inputs: 2 })

describe('a proof alone', () => {
  it('of snarkjs is recorded, its key registered on the way, and found again', async () => {
    const [proof] = snarkjsProofs() as [DeliverableProof]
    await expect(l1.proofs.verifyOnL1(proof)).rejects.toMatchObject({ code: 'unknown_key' })
    expect(await l1.settler.recordOf(proof.job)).toBeNull()
    const [record] = await l1.settler.record([proof])
    expect(record).toMatchObject({ root: proof.job, index: 0, siblings: [] })
    expect(await l1.settler.recordOf(proof.job)).toEqual(record)
    expect(await l1.proofs.recordOf(proof.job)).toEqual(record)
    expect(await l1.proofs.isProven(proof.job, { index: 0, siblings: [] })).toBe(true)
    expect(await l1.proofs.isProven(tag('other'), { index: 0, siblings: [] })).toBe(false)
    expect(await l1.proofs.verifyOnL1(proof)).toBe(true)
  })

  it('is not sent again, by whomever it was recorded', async () => {
    const proof = await one(1)
    const stranger = await l1.settlerOf(STRANGER)
    const [record] = await stranger.record([proof])
    const before = await sentBy(OPERATOR)
    expect(await l1.settler.record([proof, proof])).toEqual([record, record])
    expect(await sentBy(OPERATOR)).toBe(before)
  })

  it('that is wrong costs nothing, and is named', async () => {
    const proof = forged(await one(2), await one(2))
    await l1.settler.record([await one(2)])
    const before = await sentBy(OPERATOR)
    await expect(l1.settler.record([proof])).rejects.toMatchObject({
      code: 'invalid_proof',
      details: { job: proof.job },
    })
    expect(await sentBy(OPERATOR)).toBe(before)
    expect(await l1.proofs.verifyOnL1(proof)).toBe(false)
    for (const malformed of [new Uint8Array(), new Uint8Array(255), new Uint8Array(256).fill(255)]) {
      expect(await l1.proofs.verifyOnL1({ ...proof, proof: malformed })).toBe(false)
      await expect(l1.settler.record([{ ...proof, proof: malformed }])).rejects.toMatchObject({
        details: { job: proof.job },
      })
    }
  })

  it('has to be what its job says, and its key what its bytes say', async () => {
    const proof = await one(3)
    await expect(l1.settler.record([{ ...proof, job: tag('other') }])).rejects.toMatchObject({
      code: 'foreign_job',
      details: { job: tag('other'), proven: proof.job },
    })
    const { keyBytes } = await one(4)
    await expect(l1.settler.record([{ ...proof, keyBytes }])).rejects.toMatchObject({
      code: 'foreign_verifier',
      details: { job: proof.job },
    })
  })

  it('of a key that is none is refused with its job', async () => {
    const [proof] = snarkjsProofs() as [DeliverableProof]
    const keyBytes = proof.keyBytes.map((byte, i) => (i === 63 ? byte ^ 1 : byte))
    const made = { ...proof, keyBytes, key: keccak256(keyBytes) }
    const broken = { ...made, job: directJobOf(made) }
    await expect(l1.settler.record([broken])).rejects.toMatchObject({ details: { job: broken.job } })
  })
})

describe('a batch', () => {
  it('of three programs is recorded in one transaction, with a path for each', async () => {
    const proofs = [
      await one(10),
      await l1.prove({ ceremony: 2, circuit: 11, inputs: 1 }),
      await one(12),
      await one(10),
    ]
    const records = await l1.settler.record(proofs)
    expect(new Set(records.map(({ root }) => root)).size).toBe(1)
    expect(new Set(records.map(({ l1Tx }) => l1Tx)).size).toBe(1)
    for (const [i, record] of records.entries()) {
      const job = proofs[i]?.job ?? ZERO_BYTES32
      expect(await l1.proofs.isProven(job, record)).toBe(true)
      expect(await l1.proofs.recordOf(job)).toEqual(record)
    }
    expect(await l1.settler.record(proofs.toReversed())).toEqual(records.toReversed())
  })

  it('of what snarkjs made is recorded but for what is already', async () => {
    const proofs = snarkjsProofs()
    const known = await l1.settler.recordOf(proofs[0]?.job ?? ZERO_BYTES32)
    const records = await l1.settler.record(proofs)
    expect(records[0]).toEqual(known)
    expect(records[1]?.siblings).toHaveLength(2)
    for (const [i, { job }] of proofs.entries()) expect(await l1.settler.recordOf(job)).toEqual(records[i])
  })

  it('with a bad proof is refused with its job, and goes through without it', async () => {
    const good = [await one(20), await one(21)]
    const bad = forged(await one(22), await one(22))
    const refused = l1.settler.record([good[0], bad, good[1]] as DeliverableProof[])
    await expect(refused).rejects.toMatchObject({ code: 'invalid_proof', details: { job: bad.job } })
    expect(await l1.settler.recordOf(good[0]?.job ?? ZERO_BYTES32)).toBeNull()
    expect(await l1.settler.record(good)).toHaveLength(2)
  })

  it('is of one system, and may be empty', async () => {
    await expect(l1.settler.record([await one(23), mockProof(1, runtime)])).rejects.toMatchObject({
      code: 'mixed_systems',
    })
    expect(await l1.settler.record([])).toEqual([])
  })
})

describe('after a restart', () => {
  it('what was sent is followed, not sent again', async () => {
    const proofs = [await one(30), await one(31)]
    const records = await l1.settler.record(proofs)
    const again = await l1.restarted()
    const before = await sentBy(OPERATOR)
    expect(await again.record(proofs)).toEqual(records)
    expect(await again.recordOf(proofs[1]?.job ?? ZERO_BYTES32)).toEqual(records[1])
    expect(await sentBy(OPERATOR)).toBe(before)
    l1 = { ...l1, settler: again }
  })
})

describe('a verifier contract', () => {
  it('is deployed and registered once, whoever comes first', async () => {
    const [stranger, proofs] = [await l1.settlerOf(STRANGER), [mockProof(1, runtime), mockProof(2, runtime)]]
    const [[first], [second]] = await Promise.all([
      l1.settler.record(proofs.slice(0, 1)),
      stranger.record(proofs.slice(1)),
    ])
    expect(first?.root).toBe(proofs[0]?.job)
    expect(second?.root).toBe(proofs[1]?.job)
    const before = await sentBy(OPERATOR)
    await l1.settler.record([mockProof(3, runtime)])
    expect(await sentBy(OPERATOR)).toBe(before + 1)
  })

  it('that is deployed is registered as it is', async () => {
    const operator = await l1.senderOf(OPERATOR)
    const created = await operator.send({ id: 'yes', to: null, data: creation(YES), valueWei: 0n })
    const address = toAddress(String(created.contractAddress))
    const proof = mockProof(4, `0x${YES}`)
    const { selector, takes } = proof.verifier as { selector: Hex; takes: 'bytes' }
    const named = { ...proof, verifier: { kind: 'deployed', address, selector, takes } } as const
    const before = await sentBy(OPERATOR)
    await l1.settler.record([named])
    // One to register it, one to record the proof.
    expect(await sentBy(OPERATOR)).toBe(before + 2)
    const elsewhere = { ...named.verifier, address: addressOf(STRANGER) }
    const other = mockProof(4, `0x${YES}00`, { verifier: elsewhere })
    await expect(l1.settler.record([other])).rejects.toMatchObject({ code: 'foreign_verifier' })
  })

  it('that makes another key is not paid for', async () => {
    const proof = mockProof(5, `${runtime}00`)
    const before = await sentBy(OPERATOR)
    await expect(l1.settler.record([proof])).rejects.toMatchObject({
      code: 'foreign_verifier',
      details: { job: proof.job },
    })
    expect(await sentBy(OPERATOR)).toBe(before)
  })

  it('says no to a wrong proof', async () => {
    const proof = mockProof(6, runtime, { proof: new Uint8Array(32) })
    expect(await l1.proofs.verifyOnL1(proof)).toBe(false)
    await expect(l1.settler.record([proof])).rejects.toMatchObject({ details: { job: proof.job } })
  })
})

describe('a reader', () => {
  it('waits for a record', async () => {
    const proof = await one(50)
    const { signal } = new AbortController()
    const waiting = l1.proofs.waitForRecord(proof.job, { clock, signal, pollMs: 5 })
    const [record] = await l1.settler.record([proof])
    expect(await waiting).toEqual(record)
    const stop = new AbortController()
    const vain = l1.proofs.waitForRecord(tag('other'), { clock, signal: stop.signal, pollMs: 5 })
    stop.abort(new Error('enough'))
    await expect(vain).rejects.toThrow('enough')
  })

  it('says that L1 is down, or that it is asked for what is not there', async () => {
    const { registry } = l1.addresses
    const client = createL1Client('http://127.0.0.1:1')
    const down = createProofReader({ client, registry, fromBlock: 0n })
    const proof = await one(51)
    await expect(down.recordOf(proof.job)).rejects.toMatchObject({ code: 'l1_unavailable' })
    await expect(down.verifyOnL1(proof)).rejects.toMatchObject({ code: 'l1_unavailable' })
    const foreign = { ...proof, system: tag('none') }
    await expect(l1.proofs.verifyOnL1(foreign)).rejects.toMatchObject({ code: 'unknown_system' })
  })
})

describe('a deployment', () => {
  it('is checked for what belongs together', async () => {
    const { client, addresses } = l1
    await checkDelivery(client, addresses)
    for (const name of ['registry', 'router', 'groth16Verifier', 'contractVerifiers'] as const) {
      const foreign = checkDelivery(client, { ...addresses, [name]: addresses.verifier })
      await expect(foreign).rejects.toMatchObject({
        code: expect.stringMatching(/^(bad_deployment|l1_reverted)$/),
      })
    }
    const swapped = { ...addresses, contractVerifiers: addresses.groth16Verifier }
    await expect(checkDelivery(client, swapped)).rejects.toMatchObject({
      code: 'bad_deployment',
      details: { name: 'contractVerifiers' },
    })
    const none = { ...addresses, market: addressOf(STRANGER) }
    await expect(checkDelivery(client, none)).rejects.toMatchObject({ code: 'l1_reverted' })
  })
})

describe('a system that the guardian has stopped', () => {
  it('takes no more proofs, and keeps what it has', async () => {
    const known = await one(60)
    const [record] = await l1.settler.record([known])
    const guardian = await l1.senderOf(GUARDIAN)
    const data = encodeFunctionData({ abi: abis.VerifierRouter, functionName: 'freeze', args: [GROTH16] })
    await guardian.send({ id: 'freeze', to: l1.addresses.router, data, valueWei: 0n })
    expect(await l1.settler.record([known])).toEqual([record])
    const proof = await one(61)
    await expect(l1.settler.record([proof])).rejects.toMatchObject({ code: 'system_frozen' })
    await expect(l1.proofs.verifyOnL1(proof)).rejects.toMatchObject({ code: 'system_frozen' })
  })
})
