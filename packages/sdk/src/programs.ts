import { ApiError, type Connection, digestOf, type ProgramInfo, readBlob } from '@weft/api'
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
  /**
   * The same program for Ethereum alone: one of another system, under an id of its own, which is not added yet. Null
   * where there is none, or nobody to prove it. Errors: those of its system.
   */
  alone(program: Program, options?: { readonly signal?: AbortSignal }): Promise<Program | null>
  /** Adds what was prepared here, unless it is there already. Errors: those of `register`. */
  add(program: Program, options?: { readonly signal?: AbortSignal }): Promise<Program>
  list(options?: { readonly signal?: AbortSignal }): Promise<ProgramInfo[]>
}

export interface ProgramsOptions {
  readonly connection: Connection
  readonly systems: readonly ProgramSystem[]
}

/** The largest artifact that is downloaded, in bytes: nodes take no larger one. */
const MAX_ARTIFACT_BYTES = 256 * 2 ** 20
const LABEL = /[^\x20-\x7e]/g
const LABEL_LENGTH = 64
const never = new AbortController().signal

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

const programOf = async (
  system: ProgramSystem,
  prepared: PreparedProgram,
  work: bigint,
): Promise<Program> => {
  const { name, artifact, key, keyHash, gates } = prepared
  return {
    id: programId(system.id, keyHash),
    system: system.name,
    name: name.replace(LABEL, '?').slice(0, LABEL_LENGTH) || 'program',
    ...{ gates, work, keyHash, prepared },
    artifact: await digestOf(artifact),
    key: await digestOf(key),
  }
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
  const given = (name: string): ProgramSystem => {
    const found = systems.find((system) => system.name === name)
    if (found !== undefined) return found
    const names = systems.map((system) => system.name).join(', ') || 'none'
    throw new WeftError(
      'unknown_system',
      `this is a program of system ${name}, and given are: ${names}; give that one`,
      { system: name },
    )
  }

  /** A system that is given here and that the coordinator serves; the one whose proofs it merges unless told. */
  const served = async (name: string | undefined, signal: AbortSignal): Promise<ProgramSystem> => {
    const { system: merged, systems: all } = await connection.ask(signal, (api) => api.network({ signal }))
    const found = all.find(({ name: one, id }) => (name === undefined ? id === merged : one === name))
    if (found !== undefined) return given(found.name)
    const names = all.map((one) => one.name).join(', ')
    throw new WeftError(
      'unknown_system',
      `the coordinator proves with ${names}, and not with ${name ?? 'what it merges'}: ask another coordinator`,
      { system: name ?? merged },
    )
  }

  const find = (id: Bytes32, signal: AbortSignal): Promise<ProgramInfo | null> =>
    connection
      .ask(signal, (api) => api.program({ params: { id }, signal }))
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'unknown_program') return null
        throw error
      })

  const add: Programs['add'] = async (program, { signal = never } = {}) => {
    const { prepared, ...info } = program
    const known = await find(info.id, signal)
    if (known !== null) return { ...checkKnown(known, info.work), prepared }
    const blobs = [
      { bytes: prepared.artifact, digest: info.artifact },
      { bytes: prepared.key, digest: info.key },
    ]
    await upload(connection, blobs, signal)
    await connection.ask(signal, (api) => api.registerProgram({ body: info, signal }))
    return program
  }

  const register: Programs['register'] = async (source, { signal = never } = {}) => {
    const system = await served(source.system, signal)
    const prepared = await system.load(source, signal)
    return add(await programOf(system, prepared, workOf(prepared, source.work)), { signal })
  }

  const alone: Programs['alone'] = async ({ prepared: { name, alone: lone } }, { signal = never } = {}) => {
    const system = systems.find((one) => one.name === lone?.system)
    if (lone === undefined || system === undefined) return null
    const { systems: all } = await connection.ask(signal, (api) => api.network({ signal }))
    if (!all.some((one) => one.name === lone.system)) return null
    const prepared = await system.open(name, lone.artifact, signal)
    return programOf(system, prepared, workOf(prepared, undefined))
  }

  const open: Programs['open'] = async (id, { signal = never } = {}) => {
    const info = await connection.ask(signal, (api) => api.program({ params: { id }, signal }))
    const system = given(info.system)
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
    ...{ register, open, alone, add },
    list: ({ signal = never } = {}) => connection.ask(signal, (api) => api.programs({ signal })),
  }
}
