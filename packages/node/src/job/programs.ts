import { MERGED_SYSTEM, type ProgramInfo } from '@weft/api'
import { type Artifact, type DirectSystem, type Limits, ProofError, type VerificationKey } from '@weft/proof'
import { type Bytes32, DIRECT_WORK, programId, WeftError } from '@weft/protocol'
import type { Link } from '../coordinator/link.js'
import type { Blobs } from './blobs.js'

const TIME_MS = 10_000
const MAX_KEY_BYTES = 2 ** 20
/**
 * Artifacts that stay in memory, of programs whose proofs nothing merges: they have proving keys in them. Beyond that, the
 * program that was used longest ago is set up anew when it is needed.
 */
const KEPT_BYTES = 2 ** 30

/** A program as a node proves it. */
export interface LoadedProgram {
  readonly id: Bytes32
  readonly artifact: Artifact
  /** What proves it, if nothing merges its proofs; null where they are merged. */
  readonly direct: DirectSystem | null
  /** Its key for proofs that are merged further, or that nothing merges. */
  readonly key: VerificationKey
  /** Its key for Ethereum; only the merge program has one. */
  readonly evmKey: VerificationKey | null
  readonly work: bigint
  readonly gates: number
}

export interface Programs {
  /** Errors: `unknown_program`, `lying_coordinator`, those of `Blobs` and of `DirectSystem.setup`. */
  load(id: Bytes32, signal: AbortSignal): Promise<LoadedProgram>
  /** Whether a program whose proofs nothing merges is set up: what `load` has to do first otherwise. */
  isSetUp(id: Bytes32): boolean
}

export interface ProgramsOptions {
  readonly link: Link
  readonly blobs: Blobs
  /** The id of the proof system whose proofs are merged. */
  readonly system: Bytes32
  /** Those whose proofs nothing merges. */
  readonly systems: readonly DirectSystem[]
  readonly maxArtifactBytes: number
  /** Of setting up a program of theirs. */
  readonly setup: Omit<Limits, 'signal'>
}

const lying = (id: Bytes32, what: string, details: WeftError['details'] = {}): WeftError =>
  new WeftError('lying_coordinator', `the coordinator gives ${what} for program ${id}: do not prove for it`, {
    program: id,
    ...details,
  })

/** The id of a program is the hash of its key: a coordinator cannot give another program under it. */
const check = (info: ProgramInfo, id: Bytes32, system: Bytes32) => {
  if (info.id === id && programId(system, info.keyHash) === id) return
  throw lying(id, 'another key', { keyHash: info.keyHash })
}

/** A program as its artifact makes it: nothing that the coordinator says of it is believed. */
const setUp = async (
  direct: DirectSystem,
  { id, name, gates, work }: ProgramInfo,
  bytes: Uint8Array,
  limits: Limits,
): Promise<LoadedProgram> => {
  const artifact = { name, bytes }
  const { key, cost } = await direct.setup(artifact, limits)
  if (programId(direct.id, key.hash) !== id) throw lying(id, 'another artifact', { keyHash: key.hash })
  if (cost.gates !== gates || work !== DIRECT_WORK) throw lying(id, 'another size', { gates: cost.gates })
  return { id, artifact, direct, key, evmKey: key, work, gates }
}

export const createPrograms = (options: ProgramsOptions): Programs => {
  const { link, blobs, system, systems, maxArtifactBytes, setup } = options
  // Both children of a merge ask for their program at once.
  const loaded = new Map<Bytes32, Promise<LoadedProgram>>()
  const direct = async (info: ProgramInfo, id: Bytes32, signal: AbortSignal): Promise<LoadedProgram> => {
    const found = systems.find(({ name }) => name === info.system)
    if (!found) throw new ProofError('prover_crashed', `this node has no proof system ${info.system}`)
    check(info, id, found.id)
    const bytes = await blobs.fetchOnce(info.artifact, maxArtifactBytes, signal)
    return setUp(found, info, bytes, { ...setup, signal })
  }
  const fetch = async (id: Bytes32, signal: AbortSignal): Promise<LoadedProgram> => {
    const info = await link.ask(signal, TIME_MS, (api, limited) =>
      api.program({ params: { id }, signal: limited }),
    )
    if (info.system !== MERGED_SYSTEM) return direct(info, id, signal)
    check(info, id, system)
    const [artifact, key, evmKey] = await Promise.all([
      blobs.fetchOnce(info.artifact, maxArtifactBytes, signal),
      blobs.fetchOnce(info.key, MAX_KEY_BYTES, signal),
      info.evmKey ? blobs.fetchOnce(info.evmKey, MAX_KEY_BYTES, signal) : null,
    ])
    return {
      id,
      artifact: { name: info.name, bytes: artifact },
      direct: null,
      key: { target: 'recursive', bytes: key, hash: info.keyHash },
      // Nothing is merged under an Ethereum key: the digest it was fetched by is hash enough.
      evmKey: evmKey && info.evmKey ? { target: 'evm', bytes: evmKey, hash: info.evmKey } : null,
      work: info.work,
      gates: info.gates,
    }
  }
  /** Bytes by program, the last used at the end. */
  const kept = new Map<Bytes32, number>()
  const keep = ({ id, direct: by, artifact }: LoadedProgram) => {
    if (by === null) return
    kept.delete(id)
    kept.set(id, artifact.bytes.length)
    let sum = [...kept.values()].reduce((all, bytes) => all + bytes, 0)
    for (const [oldest, bytes] of kept) {
      if (sum <= KEPT_BYTES || oldest === id) break
      sum -= bytes
      kept.delete(oldest)
      loaded.delete(oldest)
    }
  }
  return {
    load(id, signal) {
      const program = loaded.get(id) ?? fetch(id, signal)
      loaded.set(id, program)
      program.then(keep, () => loaded.delete(id))
      return program
    },
    isSetUp: (id) => kept.has(id),
  }
}
