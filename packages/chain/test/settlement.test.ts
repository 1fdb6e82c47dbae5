import {
  advanceCall,
  announceWithdrawalCall,
  createL1Client,
  createSender,
  createSettler,
  createTenants,
  deployRollup,
  deploySettlement,
  depositCall,
  devAccount,
  type L1Client,
  rollupReader,
  type Sender,
  type SettlementAddresses,
  settlementReader,
  WEFT_ABI,
  withdrawCall,
  withdrawSharedCall,
} from '@weft/chain'
import { bytecodes } from '@weft/contracts/testing'
import {
  type Address,
  type Bytes32,
  claimPath,
  hexToBytes,
  jobOf,
  MERGE_WORK,
  parallelJob,
  payoutEntry,
  payoutPaths,
  publicInput,
  sequenceOf,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChain, type TestChain } from './chain.js'
import { aggregateOf, batchOf, MERGE_KEY, mergeBy, PROGRAM, proofOf, transfer, WORK } from './claims.js'
import { clock, createProxy, until } from './support.js'

const prover = devAccount(7).address
const operator = devAccount(0).address

let chain: TestChain
let client: L1Client
let sender: Sender
let l1: SettlementAddresses
let rollups: Address[]
const options = () => ({ client, settlement: l1.settlement, fromBlock: 0n })

const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}` as const
const batch = (n: number, pre: Bytes32) => ({ ...batchOf(n, pre, prover), transfers: hex(transfer(n)) })
const by = mergeBy(prover)
/** A sender of a key of its own that reaches the chain at an address of its own. */
const openSenderAt = (url: string) =>
  createSender({
    client: createL1Client(url),
    chainId: 31337,
    account: devAccount(5).account,
    store: { load: async () => [], put: async () => undefined, close: async () => undefined },
    clock,
    abi: WEFT_ABI,
    pollMs: 10,
  })

beforeAll(async () => {
  chain = await openChain()
  client = chain.client
  sender = await chain.senderOf(0)
  l1 = await deploySettlement(sender, {
    chainId: 31337,
    srs: 'dev',
    verifier: hexToBytes(bytecodes.MockVerifier),
    mergeKey: MERGE_KEY,
    weiPerMegagate: 1_000_000n,
  })
  const plan = { settlement: l1.settlement, program: PROGRAM, segmentSize: 1, genesisRoot: ZERO_BYTES32 }
  rollups = await Promise.all(
    [901, 902].map((chainId) => deployRollup(sender, { ...plan, chainId, sequencer: operator })),
  )
})
afterAll(() => chain.close())

describe('one aggregate of two rollups', () => {
  it('goes from deployment to payment, and every step only once', async () => {
    const [first, second] = rollups as [Address, Address]
    const reader = settlementReader(client, l1.settlement)
    const settler = createSettler(sender, options())
    await Promise.all(
      rollups.map((rollup) =>
        sender.send(depositCall(l1.settlement, rollup, 10_000_000n, `deposit:${rollup}`)),
      ),
    )

    const {
      batches,
      root,
      claims: hashes,
    } = aggregateOf(batch(1, ZERO_BYTES32), batch(2, ZERO_BYTES32), prover)
    expect(await settler.isSettled(root.claims)).toBeNull()
    const tx = await settler.settle(root, proofOf(root))
    expect(await settler.settle(root, proofOf(root))).toBe(tx)
    expect(await settler.isSettled(root.claims)).toBe(tx)
    expect(await reader.aggregate(root.claims)).toMatchObject({
      claims: 2,
      payouts: root.payouts,
      collectedWei: 0n,
    })

    const stranger = await chain.senderOf(1)
    for (const [i, rollup] of [first, second].entries()) {
      const { claim, transfers } = batches[i] as (typeof batches)[0]
      await expect(
        stranger.send(advanceCall(rollup, claim, claimPath(hashes, i), transfers)),
      ).rejects.toMatchObject({ code: 'not_sequencer' })
      await sender.send(advanceCall(rollup, claim, claimPath(hashes, i), transfers))
      expect(await rollupReader(client, rollup).stateRoot()).toBe(claim.post)
    }
    // A claim's own work and half of the parallel merge, at one wei a gate.
    expect(await reader.opening(first, hashes[0] ?? ZERO_BYTES32)).toEqual({
      collectedWei: WORK,
      paidWei: 0n,
    })
    expect(await reader.deposit(first)).toEqual({
      balanceWei: 10_000_000n - WORK - MERGE_WORK / 2n,
      leavingWei: 0n,
    })
    const head = await reader.headBlock()
    const opened = [first, second].map((tenant, i) => ({
      tenant,
      claimHash: hashes[i],
      claimsRoot: root.claims,
    }))
    expect(await reader.openings(0n, head)).toMatchObject(opened)
    expect(await reader.openings(0n, head, hashes.slice(1))).toMatchObject(opened.slice(1))

    const before = await client.getBalance({ address: prover })
    const { claim } = batches[0]
    const own = { entry: { prover, work: WORK, job: jobOf(claim) }, position: 0n, siblings: [] }
    const paid = { job: jobOf(claim), work: WORK, payouts: payoutEntry(own.entry) }
    await sender.send(withdrawCall(l1.settlement, first, paid, [own], 'withdraw'))
    await expect(sender.send(withdrawCall(l1.settlement, first, paid, [own], 'again'))).rejects.toMatchObject(
      {
        code: 'nothing_due',
      },
    )
    const merge = {
      prover,
      work: MERGE_WORK,
      job: parallelJob(jobOf(batches[0].claim), jobOf(batches[1].claim)),
    }
    const shared = payoutPaths({ left: null, right: null, own: merge })
    await sender.send(withdrawSharedCall(l1.settlement, root.claims, shared, 'shared'))
    expect(await client.getBalance({ address: prover })).toBe(before + WORK + MERGE_WORK)
  })

  it('takes what somebody else settled for settled', async () => {
    const [a, b] = [batch(3, ZERO_BYTES32), batch(4, uintToBytes32(3n))]
    const root = sequenceOf(a.child, b.child, by)
    const other = await chain.senderOf(1)
    const tx = await createSettler(other, options()).settle(root, proofOf(root))
    expect(await createSettler(sender, options()).settle(root, proofOf(root))).toBe(tx)
  })
})

describe('refusals', () => {
  it('explains a false proof', async () => {
    const root = sequenceOf(batch(5, ZERO_BYTES32).child, batch(6, uintToBytes32(5n)).child, by)
    await expect(createSettler(sender, options()).settle(root, new Uint8Array(32))).rejects.toMatchObject({
      code: 'invalid_proof',
      details: { publicInput: publicInput(root) },
    })
  })

  it('deploys nothing made from the dev SRS on a public chain', async () => {
    const plan = { verifier: new Uint8Array(), mergeKey: MERGE_KEY, weiPerMegagate: 1n }
    await expect(deploySettlement(sender, { ...plan, chainId: 1, srs: 'dev' })).rejects.toMatchObject({
      code: 'dev_srs_on_public_chain',
    })
  })

  it('deploys the same contract once', async () => {
    const plan = {
      verifier: hexToBytes(bytecodes.MockVerifier),
      mergeKey: MERGE_KEY,
      weiPerMegagate: 1_000_000n,
    }
    expect(await deploySettlement(sender, { ...plan, chainId: 31337, srs: 'dev' })).toEqual(l1)
  })
})

describe('what L1 says of tenants', () => {
  it('names a rollup’s sequencer and refuses everybody else', async () => {
    const tenants = createTenants(options())
    expect(await tenants.sequencerOf(rollups[0] as Address)).toBe(operator)
    for (const stranger of [operator, l1.settlement]) {
      await expect(tenants.sequencerOf(stranger)).rejects.toMatchObject({ code: 'not_a_tenant' })
    }
  })

  it('counts what is about to leave as gone', async () => {
    const tenants = createTenants(options())
    const rollup = await deployRollup(sender, {
      settlement: l1.settlement,
      program: PROGRAM,
      segmentSize: 4,
      genesisRoot: ZERO_BYTES32,
      chainId: 903,
      sequencer: operator,
    })
    await sender.send(depositCall(l1.settlement, rollup, 100n, 'funds'))
    expect(await tenants.fundsFor(rollup, PROGRAM, 100n)).toMatchObject({ covered: true })
    expect(await tenants.fundsFor(rollup, PROGRAM, 101n)).toMatchObject({ covered: false, neededWei: 101n })
    await sender.send(announceWithdrawalCall(rollup, 1n, 'leave'))
    expect(await tenants.fundsFor(rollup, PROGRAM, 100n)).toMatchObject({ covered: false, availableWei: 99n })
  })

  it('says that settlement waits while L1 is down', async () => {
    const proxy = await createProxy(client.transport.url ?? '')
    const aside = await openSenderAt(proxy.url)
    const settler = createSettler(aside, { ...options(), client: createL1Client(proxy.url) })
    expect(settler.waits()).toBeNull()
    proxy.setDown(true)
    const { root } = aggregateOf(batch(21, ZERO_BYTES32), batch(22, ZERO_BYTES32), prover)
    const settling = settler.settle(root, proofOf(root))
    await until(() => settler.waits() !== null)
    expect(settler.waits()).toMatch(/L1 does not answer/)
    proxy.setDown(false)
    await settling
    expect(settler.waits()).toBeNull()
    await aside.close()
    await proxy.close()
  })

  it('says that L1 is down', async () => {
    const down = { ...options(), client: createL1Client('http://127.0.0.1:1') }
    await expect(createTenants(down).sequencerOf(operator)).rejects.toMatchObject({ code: 'l1_unavailable' })
    await expect(createSettler(sender, down).isSettled(ZERO_BYTES32)).rejects.toMatchObject({
      code: 'l1_unavailable',
    })
  })
})
