import { ApiError, type Connection, digestOf, MERGED_SYSTEM, type ProgramInfo, readBlob } from '@weft/api'
import { type Bytes32, programId, WeftError } from '@weft/protocol'
import type { PreparedProgram, ProgramSource, ProgramSystem } from './program-system.js'
import { upload } from './upload.js'

/** A program that a coordinator serves, ready to be executed here. */
export interface Program extends ProgramInfo {
  readonly prepared: PreparedProgram
}

/** The programs of a coordinator. */
export interface Programs {
  /**
   * Adds a program; one that is there already is not added twice. Errors: those of its system; `work_needed`,
   * `unknown_system`, `program_conflict`, `registration_closed`, `storage_full`, `wrong_deployment`.
   */
  register(source: ProgramSource, options?: { readonly signal?: AbortSignal }): Promise<Program>
  /**
   * A program of the coordinator's, checked against its id. Errors: `unknown_program`, `unknown_system`,
   * `bad_program`, those of its system.
   */
  open(id: Bytes32, options?: { readonly signal?: AbortSignal }): Promise<Program>
  list(options?: { readonly signal?: AbortSignal }): Promise<ProgramInfo[]>
}

export interface ProgramsOptions {
  readonly connection: Connection
  /** By names of the caller's own. */
  readonly systems: Readonly<Record<string, ProgramSystem>>
}

/** The largest artifact that is downloaded, in bytes. */
const MAX_ARTIFACT_BYTES = 64 * 2 ** 20
const LABEL = /[^\x20-\x7e]/g
const LABEL_LENGTH = 64
const never = new AbortController().signal

const blobOf = async (bytes: Uint8Array) => ({ bytes, digest: await digestOf(bytes) })

/** The work of a program that is loaded; its author's word counts where the program does not tell. */
const workOf = ({ name, work }: PreparedProgram, told: bigint | undefined): bigint => {
  if (told === undefined && work === null) {
    throw new WeftError(
      'work_needed',
      `${name} makes its claim by itself: give the work that it declares there, in gates`,
      { program: name },
    )
  }
  if (told !== undefined && work !== null && told !== work) {
    throw new WeftError('bad_claim', `${name} has a work of ${work} gates: leave the work out`, {
      work: work.toString(),
    })
  }
  return (told ?? work) as bigint
}

const infoOf = async (system: ProgramSystem, prepared: PreparedProgram, work: bigint) => {
  const { name, artifact, key, keyHash, gates } = prepared
  const [artifactBlob, keyBlob] = [await blobOf(artifact), await blobOf(key)]
  const info = {
    id: programId(system.id, keyHash),
    name: name.replace(LABEL, '?').slice(0, LABEL_LENGTH) || 'program',
    system: MERGED_SYSTEM,
    gates,
    work,
    artifact: artifactBlob.digest,
    key: keyBlob.digest,
    keyHash,
  }
  return { info, blobs: [artifactBlob, keyBlob] }
}

/** The same key with another work: its proofs would claim one of the two, and fit the other never. */
const checkKnown = (known: ProgramInfo, work: bigint): ProgramInfo => {
  if (known.work === work) return known
  throw new WeftError(
    'program_conflict',
    `this program is registered with a work of ${known.work} gates, not ${work}: change the work that it declares, and so its key`,
    { program: known.id, work: known.work.toString() },
  )
}

export const createPrograms = ({ connection, systems }: ProgramsOptions): Programs => {
  /** The system that the coordinator proves with. */
  const served = async (signal: AbortSignal): Promise<ProgramSystem> => {
    const { system } = await connection.ask(signal, (api) => api.network({ signal }))
    const found = Object.values(systems).find(({ id }) => id === system)
    if (found !== undefined) return found
    const given = Object.keys(systems).join(', ') || 'none'
    throw new WeftError(
      'unknown_system',
      `the coordinator proves with system ${system}, and given are: ${given}; give that one, or ask another coordinator`,
      { system },
    )
  }

  const find = (id: Bytes32, signal: AbortSignal): Promise<ProgramInfo | null> =>
    connection
      .ask(signal, (api) => api.program({ params: { id }, signal }))
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'unknown_program') return null
        throw error
      })

  const register: Programs['register'] = async (source, { signal = never } = {}) => {
    const system = await served(signal)
    const prepared = await system.load(source, signal)
    const work = workOf(prepared, source.work)
    const { info, blobs } = await infoOf(system, prepared, work)
    const known = await find(info.id, signal)
    if (known !== null) return { ...checkKnown(known, work), prepared }
    await upload(connection, blobs, signal)
    await connection.ask(signal, (api) => api.registerProgram({ body: info, signal }))
    return { ...info, prepared }
  }

  const open: Programs['open'] = async (id, { signal = never } = {}) => {
    const system = await served(signal)
    const info = await connection.ask(signal, (api) => api.program({ params: { id }, signal }))
    const artifact = await connection.ask(signal, async (api) =>
      readBlob(
        await api.getBlob({ params: { digest: info.artifact }, signal }),
        info.artifact,
        MAX_ARTIFACT_BYTES,
      ),
    )
    const prepared = await system.open(info.name, artifact, signal)
    if (info.id === id && programId(system.id, prepared.keyHash) === id) return { ...info, prepared }
    throw new WeftError(
      'bad_program',
      'the coordinator gave another program than the one of that id: use another coordinator, or load it from its sources',
      { program: id },
    )
  }

  return {
    register,
    open,
    list: ({ signal = never } = {}) => connection.ask(signal, (api) => api.programs({ signal })),
  }
}
