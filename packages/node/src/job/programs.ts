import type { ProgramInfo } from '@weft/api'
import type { Artifact, VerificationKey } from '@weft/proof'
import { type Bytes32, programId, WeftError } from '@weft/protocol'
import type { Link } from '../coordinator/link.js'
import type { Blobs } from './blobs.js'

const TIME_MS = 10_000
const MAX_KEY_BYTES = 2 ** 20

/** A program as a node proves it. */
export interface LoadedProgram {
  readonly id: Bytes32
  readonly artifact: Artifact
  /** Its key for proofs that are merged further. */
  readonly key: VerificationKey
  /** Its key for Ethereum; only the merge program has one. */
  readonly evmKey: VerificationKey | null
  readonly work: bigint
  readonly gates: number
}

export interface Programs {
  /** Errors: `unknown_program`, `lying_coordinator` and those of `Blobs`. */
  load(id: Bytes32, signal: AbortSignal): Promise<LoadedProgram>
}

export interface ProgramsOptions {
  readonly link: Link
  readonly blobs: Blobs
  /** The proof system's id. */
  readonly system: Bytes32
  readonly maxArtifactBytes: number
}

/** The id of a program is the hash of its key: a coordinator cannot give another program under it. */
const check = (info: ProgramInfo, id: Bytes32, system: Bytes32) => {
  if (info.id === id && programId(system, info.keyHash) === id) return
  throw new WeftError(
    'lying_coordinator',
    `the coordinator gives another key for program ${id}: do not prove for it`,
    { program: id, keyHash: info.keyHash },
  )
}

export const createPrograms = ({ link, blobs, system, maxArtifactBytes }: ProgramsOptions): Programs => {
  // Both children of a merge ask for their program at once.
  const loaded = new Map<Bytes32, Promise<LoadedProgram>>()
  const fetch = async (id: Bytes32, signal: AbortSignal): Promise<LoadedProgram> => {
    const info = await link.ask(signal, TIME_MS, (api, limited) =>
      api.program({ params: { id }, signal: limited }),
    )
    check(info, id, system)
    const [artifact, key, evmKey] = await Promise.all([
      blobs.fetchOnce(info.artifact, maxArtifactBytes, signal),
      blobs.fetchOnce(info.key, MAX_KEY_BYTES, signal),
      info.evmKey ? blobs.fetchOnce(info.evmKey, MAX_KEY_BYTES, signal) : null,
    ])
    return {
      id,
      artifact: { name: info.name, bytes: artifact },
      key: { target: 'recursive', bytes: key, hash: info.keyHash },
      // Nothing is merged under an Ethereum key: the digest it was fetched by is hash enough.
      evmKey: evmKey && info.evmKey ? { target: 'evm', bytes: evmKey, hash: info.evmKey } : null,
      work: info.work,
      gates: info.gates,
    }
  }
  return {
    load(id, signal) {
      const program = loaded.get(id) ?? fetch(id, signal)
      loaded.set(id, program)
      program.catch(() => loaded.delete(id))
      return program
    },
  }
}
