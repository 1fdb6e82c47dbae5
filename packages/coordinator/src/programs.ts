import {
  ApiError,
  type Digest,
  MERGED_SYSTEM,
  type ProgramInfo,
  program as programSchema,
  type Segment,
  toWire,
} from '@weft/api'
import { type BadSegments, type BatchPlan, type ProgramSize, planBatch, planDirect } from '@weft/plan'
import type { MergeProgram, Program, ProofErrorCode, Target, VerificationKey } from '@weft/proof'
import { type Bytes32, programId } from '@weft/protocol'
import type { Context } from './context.js'
import * as tables from './db/tables.js'
import { setupRefusal } from './direct/systems.js'

interface Entry {
  readonly info: ProgramInfo
  readonly key: VerificationKey
  readonly evmKey: VerificationKey | null
}

/** Failures to hash a key that the key causes. */
const OF_KEY: ReadonlySet<ProofErrorCode> = new Set(['bad_key'])

const isMerge = (program: Program | MergeProgram): program is MergeProgram => 'evmKey' in program

/** The programs that can be proven here: those of the options, and those that tenants add. */
export class Programs {
  readonly #entries = new Map<Bytes32, Entry>()

  constructor(readonly context: Context) {}

  list(): ProgramInfo[] {
    return [...this.#entries.values()].map((entry) => entry.info)
  }

  /** Throws `unknown_program`. */
  get(id: Bytes32): ProgramInfo {
    return this.#entry(id).info
  }

  /** The jobs that prove a trace, or why it is none. Throws `unknown_program`. */
  plan(id: Bytes32, segments: readonly Segment[]): BatchPlan | BadSegments {
    const { gates, work, system } = this.get(id)
    const size: ProgramSize = { id, gates, work }
    return system === MERGED_SYSTEM
      ? planBatch(segments, size, this.context.merge)
      : planDirect(segments, size, system)
  }

  /** The proof system of a program whose proofs nothing merges; null for all other programs, and for unknown ones. */
  directSystemOf(id: Bytes32): string | null {
    const system = this.#entries.get(id)?.info.system ?? MERGED_SYSTEM
    return system === MERGED_SYSTEM ? null : system
  }

  /** The key that verifies a program's proofs for a target. */
  keyOf(id: Bytes32, target: Target): VerificationKey {
    const { key, evmKey } = this.#entry(id)
    if (target === key.target) return key
    if (!evmKey) throw new Error(`program ${id} has no key for Ethereum`)
    return evmKey
  }

  /** Blobs that must not be removed. */
  *blobs(): Generator<Digest> {
    for (const { info } of this.#entries.values()) {
      yield info.artifact
      yield info.key
      if (info.evmKey) yield info.evmKey
    }
  }

  async addBuiltIn(program: Program | MergeProgram): Promise<void> {
    const { blobs } = this.context.deps
    const { id, name, gates, work, key } = program
    const evmKey = isMerge(program) ? program.evmKey : null
    const info: ProgramInfo = {
      id,
      name,
      system: MERGED_SYSTEM,
      gates,
      work,
      artifact: await blobs.putBytes(program.artifact.bytes),
      key: await blobs.putBytes(key.bytes),
      keyHash: key.hash,
      ...(evmKey ? { evmKey: await blobs.putBytes(evmKey.bytes) } : {}),
    }
    this.#entries.set(id, { info, key, evmKey })
  }

  /** Those added over the API before a restart. */
  async load(): Promise<void> {
    for (const row of await tables.programs.select(this.context.deps.database)) {
      const info = programSchema.parse(JSON.parse(row.info_json))
      if (!this.#entries.has(info.id)) this.#entries.set(info.id, await this.#withKey(info))
    }
  }

  /**
   * A tenant's program. Errors: `registration_closed`, `program_mismatch`, `program_conflict`, `missing_blob`,
   * `storage_unavailable`, those of `DirectSystems.check`.
   */
  async register(info: ProgramInfo): Promise<void> {
    const { deps, journal } = this.context
    const { hashKey, blobs } = deps
    if (!hashKey) {
      throw new ApiError(
        'registration_closed',
        'this coordinator serves fixed programs: ask its operator to add yours',
      )
    }
    for (const digest of [info.artifact, info.key]) {
      if (!blobs.has(digest)) {
        throw new ApiError('missing_blob', 'upload the artifact and the key before the program', { digest })
      }
    }
    // What is registered already was checked.
    if (!this.#isKnown(info)) await this.#check(info, hashKey)
    const entry = await this.#withKey(info)
    // Again, for what came meanwhile.
    const isKnown = this.#isKnown(info)
    journal.assertAvailable()
    if (!isKnown) this.#entries.set(info.id, entry)
    journal.put(tables.programs, { id: info.id, info_json: toWire(info) })
    await journal.commit()
  }

  /** Throws `program_conflict`. */
  #isKnown(info: ProgramInfo): boolean {
    const known = this.#entries.get(info.id)
    if (!known || toWire(known.info) === toWire(info)) return known !== undefined
    throw new ApiError('program_conflict', 'a program with this key is registered with other contents', {
      id: info.id,
    })
  }

  async #check(info: ProgramInfo, hashKey: (key: Uint8Array) => Promise<Bytes32>): Promise<void> {
    const { deps, options, systems } = this.context
    const key = () => deps.blobs.read(info.key)
    if (info.system !== MERGED_SYSTEM) {
      const artifact = () => deps.blobs.read(info.artifact)
      return systems.check(info, async () => ({ artifact: await artifact(), key: await key() }))
    }
    const keyHash = await hashKey(await key()).catch((cause: unknown) => {
      throw setupRefusal(cause, OF_KEY)
    })
    if (keyHash === info.keyHash && programId(options.system, keyHash) === info.id) return
    throw new ApiError(
      'program_mismatch',
      'the id is not that of the key: compute it from the key you uploaded',
      { id: info.id, keyHash },
    )
  }

  async #withKey(info: ProgramInfo): Promise<Entry> {
    const bytes = await this.context.deps.blobs.read(info.key)
    const target = info.system === MERGED_SYSTEM ? 'recursive' : 'evm'
    return { info, key: { target, bytes, hash: info.keyHash }, evmKey: null }
  }

  #entry(id: Bytes32): Entry {
    const entry = this.#entries.get(id)
    if (!entry)
      throw new ApiError('unknown_program', 'no such program here: register it first', { program: id })
    return entry
  }
}
