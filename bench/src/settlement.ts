import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createDevnet,
  createFileTxStore,
  createL1Client,
  createSender,
  deploySettlement,
  depositCall,
  devAccount,
  type Sender,
  settleCall,
  WEFT_ABI,
} from '@weft/chain'
import { abis } from '@weft/contracts'
import type { MergeChild, Target } from '@weft/proof'
import {
  type Address,
  type Bytes32,
  type Child,
  type Claim,
  claimHash,
  claimPath,
  finish,
  foldTree,
  jobOf,
  type Parallel,
  parallelOf,
  publicInput,
  type Transition,
  uintToBytes32,
  ZERO_BYTES32,
} from '@weft/protocol'
import { type NoirSystem, toLanes } from '@weft/system-noir'
import { encodeFunctionData } from 'viem'
import { CACHE, CORES, LIMITS, openSystem, type Programs, preparePrograms, say } from './machine.js'

const COUNTS = [2, 8, 32] as const
const PROVER: Address = `0x${'a1'.repeat(20)}`
const CHAIN_ID = 31337
const ETHER = 10n ** 18n

type Leaf = Transition & { readonly program: Bytes32 }

/** The pad program's claims of the first outputs, ascending by job, as an aggregate has them. */
const padClaims = ({ pad }: Programs, count: number): Leaf[] => {
  const leaves = Array.from({ length: count }, (_, i): Leaf => {
    const statement = { pre: ZERO_BYTES32, post: uintToBytes32(BigInt(i + 1)), data: ZERO_BYTES32 }
    return { kind: 'transition', ...statement, prover: PROVER, work: pad.work, program: pad.id }
  })
  return leaves.sort((a, b) => (jobOf(a) < jobOf(b) ? -1 : 1))
}

/** Real proofs, kept on disk by what they prove: a merge takes half a minute, and gas does not depend on when. */
class Prover {
  constructor(
    readonly system: NoirSystem,
    readonly programs: Programs,
    readonly folder: string,
  ) {}

  async leaf(claim: Leaf): Promise<MergeChild> {
    const { pad } = this.programs
    const inputs = { output: toLanes(claim.post), prover: PROVER }
    const prove = async () =>
      this.system.prove(
        pad.artifact,
        pad.key,
        await this.system.execute(pad.artifact, inputs, LIMITS),
        LIMITS,
      )
    return { claim, key: pad.key, proof: await this.#kept(claim, 'recursive', prove) }
  }

  async merge(
    left: MergeChild,
    right: MergeChild,
    target: Target,
  ): Promise<MergeChild & { readonly claim: Parallel }> {
    const { merge } = this.programs
    const by = { prover: PROVER, mergeKey: merge.key.hash }
    const claim = parallelOf(left.claim, right.claim, { ...by, work: merge.work })
    const key = target === 'evm' ? merge.evmKey : merge.key
    const prove = async () => {
      say(`merging ${claim.count} claims (${target})`)
      const inputs = this.system.mergeInputs('parallel', left, right, by)
      const witness = await this.system.execute(merge.artifact, inputs, LIMITS)
      return this.system.prove(merge.artifact, key, witness, LIMITS)
    }
    return { claim, key, proof: await this.#kept(claim, target, prove) }
  }

  async #kept(claim: Child, target: Target, prove: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const { merge, pad } = this.programs
    const key = claim.kind === 'transition' ? pad.key : target === 'evm' ? merge.evmKey : merge.key
    const path = join(this.folder, `${publicInput(claim)}-${key.hash.slice(2, 18)}`)
    const kept = await readFile(path).catch(() => null)
    if (kept !== null && (await this.system.verify(key, publicInput(claim), kept))) return kept
    const proof = await prove()
    if (!(await this.system.verify(key, publicInput(claim), proof)))
      throw new Error('a proof does not verify')
    await mkdir(this.folder, { recursive: true })
    await writeFile(path, proof)
    return proof
  }
}

/** The root proof over the leaves: every merge but the last is for merging further. */
const prove = async (prover: Prover, leaves: readonly Leaf[]) => {
  const children = await leaves.reduce<Promise<MergeChild[]>>(
    async (before, leaf) => [...(await before), await prover.leaf(leaf)],
    Promise.resolve([]),
  )
  // One merge at a time: each takes the whole machine.
  const size = leaves.length
  type Node = { readonly count: number; readonly child: () => Promise<MergeChild> }
  const nodes: Node[] = children.map((child) => ({ count: 1, child: async () => child }))
  const root = foldTree(nodes, (left, right) => {
    const count = left.count + right.count
    return {
      count,
      child: async () =>
        prover.merge(await left.child(), await right.child(), count === size ? 'evm' : 'recursive'),
    }
  })
  return (await root.child()) as MergeChild & { readonly claim: Parallel }
}

/** Gas of an opening: of the call alone, which a tenant's contract makes, and of a transaction with only that in it. */
interface Opened {
  readonly call: number
  readonly transaction: number
}

/** Gas of a transaction before it does anything (EIP-2028). */
const intrinsicGas = (data: `0x${string}`): number =>
  Buffer.from(data.slice(2), 'hex').reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 21_000)

const largest = (opened: readonly Opened[]): Opened => ({
  call: Math.max(...opened.map(({ call }) => call)),
  transaction: Math.max(...opened.map(({ transaction }) => transaction)),
})

interface L1 {
  readonly sender: Sender
  readonly settlement: Address
  /** Gas of a transaction, as its receipt says. */
  gasOf(hash: Bytes32): Promise<number>
  /** Opens a claim from a tenant's own account. */
  open(tenant: number, claim: Claim, claims: readonly Bytes32[], at: number): Promise<Opened>
  close(): Promise<void>
}

const startL1 = async (system: NoirSystem, { merge }: Programs): Promise<L1> => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-settlement-'))
  const devnet = await createDevnet({ chainId: CHAIN_ID, accounts: 50 })
  const client = createL1Client(devnet.url)
  const clock = {
    nowMs: () => Date.now(),
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  }
  const senderOf = async (index: number) => {
    const store = await createFileTxStore(join(folder, `${index}.jsonl`))
    const { account } = devAccount(index)
    return createSender({ client, chainId: CHAIN_ID, account, store, clock, abi: WEFT_ABI, pollMs: 20 })
  }
  const sender = await senderOf(0)
  const { creationCode: verifier } = await system.verifierCode(merge.evmKey)
  const plan = {
    chainId: CHAIN_ID,
    srs: 'dev',
    verifier,
    mergeKey: merge.key.hash,
    weiPerMegagate: 10_000_000_000_000n,
  } as const
  const { settlement } = await deploySettlement(sender, plan)
  const gasOf = async (hash: Bytes32) => Number((await client.getTransactionReceipt({ hash })).gasUsed)
  const tenants = new Map<number, Sender>()
  const tenantOf = async (index: number) => {
    const known = tenants.get(index)
    if (known !== undefined) return known
    const tenant = await senderOf(index)
    tenants.set(index, tenant)
    await sender.send(depositCall(settlement, tenant.address, ETHER, `deposit:${index}`))
    return tenant
  }
  return {
    sender,
    settlement,
    gasOf,
    async open(index, claim, claims, at) {
      const tenant = await tenantOf(index)
      const path = claimPath(claims, at)
      const args = [claim, path.index, path.siblings] as const
      const data = encodeFunctionData({ abi: abis.Settlement, functionName: 'open', args })
      const { hash } = await tenant.send({
        id: `open:${claims.length}:${at}`,
        to: settlement,
        data,
        valueWei: 0n,
      })
      const transaction = await gasOf(hash)
      return { call: transaction - intrinsicGas(data), transaction }
    },
    async close() {
      await Promise.all([sender, ...tenants.values()].map((one) => one.close()))
      await devnet.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Gas of settling real aggregates of 2, 8 and 32 tenants' claims, and of each tenant's opening. */
export const run = async () => {
  const system = await openSystem(CORES)
  const programs = await preparePrograms(system, 2)
  const prover = new Prover(system, programs, join(CACHE, 'bench-settlement'))
  const l1 = await startL1(system, programs)
  const gas: Record<number, number> = {}
  const opening: Record<number, Opened> = {}
  const gasPerClaim: Record<number, number> = {}
  try {
    // A tenant opens a claim once, whatever trees it is in: each count has tenants of its own.
    let firstTenant = 1
    const all = padClaims(programs, Math.max(...COUNTS))
    for (const count of COUNTS) {
      const leaves = all.slice(0, count)
      const root = await prove(prover, leaves)
      const { hash } = await l1.sender.send(settleCall(l1.settlement, root.claim, root.proof))
      const settled = await l1.gasOf(hash)
      const claims = leaves.map((leaf) => finish(leaf, leaf.program))
      const hashes = claims.map(claimHash)
      const opened: Opened[] = []
      for (const [at, claim] of claims.entries())
        opened.push(await l1.open(firstTenant + at, claim, hashes, at))
      firstTenant += count
      const most = largest(opened)
      gas[count] = settled
      opening[count] = most
      gasPerClaim[count] = Math.round(settled / count) + most.call
      say(`${count} claims: settled for ${settled} gas, each opened for at most ${most.call}`)
    }
  } finally {
    await l1.close()
    await system.close()
  }
  return { gas, opening, gasPerClaim }
}
