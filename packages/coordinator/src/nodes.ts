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

  constructor(readonly context: Context) {}

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

  /** States what the caller's node can do. Errors: `srs_mismatch`, `storage_unavailable`. */
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
    const node = caller.node === null ? undefined : this.#nodes.get(nodeId(caller.address, caller.node))
    if (!node)
      throw new ApiError('not_registered', 'state the capabilities of this node first (POST /v1/nodes)')
    node.lastSeenMs = this.context.deps.clock.nowMs()
    return node
  }

  /** Notes that the caller's node lives. */
  touch(caller: Caller): void {
    const node = caller.node === null ? undefined : this.#nodes.get(nodeId(caller.address, caller.node))
    if (node) node.lastSeenMs = this.context.deps.clock.nowMs()
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
