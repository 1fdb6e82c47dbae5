import { ApiError, type Capabilities, capabilities as capabilitiesSchema } from '@weft/api'
import type { Taker } from '@weft/plan'
import type { Address } from '@weft/protocol'
import type { Context } from './context.js'
import * as tables from './db/tables.js'
import type { Caller } from './sessions.js'

/** One prover process on one machine. */
export interface Node {
  readonly prover: Address
  readonly capabilities: Capabilities
  /** Circuits of this size and above have exhausted its memory. */
  readonly tooLargeGates: number | null
  /** What the plan has to know of it. */
  readonly taker: Taker
  lastSeenMs: number
}

interface Standing {
  strikes: number
  pausedUntilMs: number
  reason: string | null
}

const SEEN_MS = 60_000

const nodeId = (prover: Address, name: string) => `${prover}/${name}`

const nodeOf = (
  prover: Address,
  capabilities: Capabilities,
  tooLargeGates: number | null,
  lastSeenMs: number,
): Node => {
  const { name, maxGates, gatesPerSecond, systems } = capabilities
  const fitting = tooLargeGates === null ? maxGates : Math.min(maxGates, tooLargeGates - 1)
  const taker: Taker = {
    prover,
    node: name,
    maxGates: fitting,
    gatesPerSecond,
    systems: new Set(systems),
  }
  return { prover, capabilities, tooLargeGates, taker, lastSeenMs }
}

/** The nodes, what they can hold, and the provers' records. */
export class Nodes {
  readonly #nodes = new Map<string, Node>()
  readonly #records = new Map<Address, Standing>()
  /** When each node was last heard of is not stored: whoever has been silent since then may have lived before. */
  readonly #startedMs: number

  constructor(readonly context: Context) {
    this.#startedMs = context.deps.clock.nowMs()
  }

  async load(): Promise<void> {
    const { database } = this.context.deps
    for (const row of await tables.nodes.select(database)) {
      const capabilities = capabilitiesSchema.parse(JSON.parse(row.capabilities_json))
      this.#nodes.set(row.id, nodeOf(row.prover, capabilities, row.too_large_gates, 0))
    }
    for (const row of await tables.provers.select(database)) {
      this.#records.set(row.address, {
        strikes: row.strikes,
        pausedUntilMs: row.paused_until_ms,
        reason: row.reason,
      })
    }
  }

  /** States what the caller's node can do. Errors: `srs_mismatch`, `too_many_nodes`, `storage_unavailable`. */
  async register(caller: Caller, capabilities: Capabilities, storeSession: () => void): Promise<void> {
    const { options, journal, deps } = this.context
    if (capabilities.srs !== options.srs) {
      throw new ApiError(
        'srs_mismatch',
        `this coordinator runs on the ${options.srs} SRS, whose keys and program ids differ: start the node with it`,
        { coordinator: options.srs, node: capabilities.srs },
      )
    }
    journal.assertAvailable()
    const known = this.#nodes.get(nodeId(caller.address, capabilities.name))
    if (!known) this.#makeRoom(caller.address)
    // More memory than when it failed: it may try again.
    const hasGrown = known && capabilities.memoryBytes > known.capabilities.memoryBytes
    const tooLarge = hasGrown ? null : (known?.tooLargeGates ?? null)
    this.#store(nodeOf(caller.address, capabilities, tooLarge, deps.clock.nowMs()))
    caller.node = capabilities.name
    storeSession()
    await journal.commit()
  }

  /** The caller's node. Throws `not_registered`. */
  of(caller: Caller): Node {
    const node = this.touch(caller)
    if (!node)
      throw new ApiError('not_registered', 'state the capabilities of this node first (POST /v1/nodes)')
    return node
  }

  /** Notes that the caller's node lives, and returns it; undefined if it has none, or was forgotten. */
  touch(caller: Caller): Node | undefined {
    const node = caller.node === null ? undefined : this.#nodes.get(nodeId(caller.address, caller.node))
    if (node) node.lastSeenMs = this.context.deps.clock.nowMs()
    return node
  }

  /** Forgets the nodes that were not heard of for long, and the records of provers that have none left. */
  forget(nowMs: number): void {
    const beforeMs = nowMs - this.context.timing.forgetMs
    if (this.#startedMs >= beforeMs) return
    for (const node of this.#nodes.values()) if (this.#isIdle(node, beforeMs)) this.#drop(node)
    const provers = new Set([...this.#nodes.values()].map((node) => node.prover))
    for (const [address, { pausedUntilMs }] of this.#records) {
      if (provers.has(address) || pausedUntilMs > nowMs) continue
      this.#records.delete(address)
      this.context.journal.drop(tables.provers, address)
    }
  }

  /** Nodes heard of within the last minute. */
  seenLately(): Node[] {
    const sinceMs = this.context.deps.clock.nowMs() - SEEN_MS
    return [...this.#nodes.values()].filter((node) => node.lastSeenMs >= sinceMs)
  }

  /** Whether a prover has a node with a proof system. */
  have(prover: Address, system: string): boolean {
    return [...this.#nodes.values()].some((node) => node.prover === prover && node.taker.systems.has(system))
  }

  /** Whether every node of a prover that was heard of lately has a lease. */
  areBusy(prover: Address): boolean {
    const { plan } = this.context
    return this.seenLately()
      .filter((node) => node.prover === prover)
      .every(({ taker }) => plan.heldBy(prover, taker.node) > 0)
  }

  /** The node was out of memory on a circuit of this size: it is not given such a one again. */
  noteTooLarge(prover: Address, name: string, gates: number): void {
    const node = this.#nodes.get(nodeId(prover, name))
    if (!node) return
    const tooLarge = Math.min(gates, node.tooLargeGates ?? gates)
    this.#store(nodeOf(prover, node.capabilities, tooLarge, node.lastSeenMs))
  }

  /** Throws `paused` while a prover is. */
  assertNotPaused(prover: Address): void {
    const record = this.#records.get(prover)
    if (!record || record.pausedUntilMs <= this.context.deps.clock.nowMs()) return
    throw new ApiError('paused', `this prover is paused: ${record.reason}`, { untilMs: record.pausedUntilMs })
  }

  noteInvalidProof(prover: Address): void {
    const { limits, timing, deps } = this.context
    const record = this.#records.get(prover) ?? { strikes: 0, pausedUntilMs: 0, reason: null }
    record.strikes++
    if (record.strikes >= limits.strikes) {
      record.pausedUntilMs = deps.clock.nowMs() + timing.pauseMs
      record.reason = `${record.strikes} invalid proofs in a row; check the node's version, keys and memory`
    }
    this.#storeRecord(prover, record)
  }

  noteValidProof(prover: Address): void {
    const record = this.#records.get(prover)
    if (!record || record.strikes === 0) return
    record.strikes = 0
    this.#storeRecord(prover, record)
  }

  /** The node that was silent for longest makes way for a new one. Throws `too_many_nodes` where all of them live. */
  #makeRoom(prover: Address): void {
    const { maxNodes, maxNodesPerProver } = this.context.limits
    const own = [...this.#nodes.values()].filter((node) => node.prover === prover)
    if (own.length >= maxNodesPerProver && !this.#dropIdle(own)) {
      throw new ApiError(
        'too_many_nodes',
        `a prover has at most ${maxNodesPerProver} nodes at a time: stop one and wait a minute, or run this one under a key of its own`,
        { maxNodes: maxNodesPerProver },
      )
    }
    if (this.#nodes.size >= maxNodes && !this.#dropIdle(this.#nodes.values())) {
      throw new ApiError(
        'too_many_nodes',
        `this coordinator has ${maxNodes} nodes and takes no more: try again later`,
        { maxNodes },
      )
    }
  }

  #dropIdle(nodes: Iterable<Node>): boolean {
    const beforeMs = this.context.deps.clock.nowMs() - SEEN_MS
    let idlest: Node | undefined
    for (const node of nodes) {
      if (this.#isIdle(node, beforeMs) && node.lastSeenMs < (idlest?.lastSeenMs ?? Infinity)) idlest = node
    }
    if (idlest) this.#drop(idlest)
    return idlest !== undefined
  }

  #isIdle({ prover, taker, lastSeenMs }: Node, beforeMs: number): boolean {
    return lastSeenMs < beforeMs && this.context.plan.heldBy(prover, taker.node) === 0
  }

  #drop({ prover, taker }: Node): void {
    const id = nodeId(prover, taker.node)
    this.#nodes.delete(id)
    this.context.journal.drop(tables.nodes, id)
  }

  #store(node: Node): void {
    const id = nodeId(node.prover, node.capabilities.name)
    this.#nodes.set(id, node)
    this.context.journal.put(tables.nodes, {
      id,
      prover: node.prover,
      capabilities_json: JSON.stringify(node.capabilities),
      too_large_gates: node.tooLargeGates,
    })
  }

  #storeRecord(address: Address, record: Standing): void {
    this.#records.set(address, record)
    const { strikes, pausedUntilMs, reason } = record
    this.context.journal.put(tables.provers, { address, strikes, paused_until_ms: pausedUntilMs, reason })
  }
}
