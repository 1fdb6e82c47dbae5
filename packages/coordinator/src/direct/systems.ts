import { ApiError, type ProgramInfo } from '@weft/api'
import { type Artifact, type DirectSystem, ProofError, type ProofErrorCode } from '@weft/proof'
import { bytesToHex, DIRECT_WORK, programId } from '@weft/protocol'
import { Semaphore } from '../semaphore.js'

/** Failures that an artifact causes; all others are this machine's. */
const OF_ARTIFACT: ReadonlySet<ProofErrorCode> = new Set([
  'bad_artifact',
  'bad_key',
  'memory_limit',
  'time_limit',
])

/** Programs that wait to be set up. */
const MAX_WAITING = 8
const RETRY_AFTER_MS = 10_000

const never = new AbortController().signal

/** Why a program is not taken: its artifact, where the failure is one of `faults`, or this machine. */
export const setupRefusal = (cause: unknown, faults = OF_ARTIFACT): ApiError => {
  const reason = cause instanceof Error ? cause.message : String(cause)
  if (cause instanceof ProofError && faults.has(cause.code)) {
    return new ApiError('bad_artifact', `the artifact cannot be set up here: ${reason}`, {}, { cause })
  }
  return new ApiError('verifier_unavailable', 'the program cannot be set up now: try again', {}, { cause })
}

const mismatch = (field: string, expected: string): ApiError =>
  new ApiError('program_mismatch', `by its artifact, the program’s ${field} is ${expected}: register that`, {
    field,
    expected,
  })

/** The proof systems whose proofs nothing merges, and what a stranger's program may cost them. */
export class DirectSystems {
  readonly #byName: ReadonlyMap<string, DirectSystem>
  readonly #setups = new Semaphore(1)
  #waiting = 0

  constructor(
    systems: readonly DirectSystem[],
    readonly setupLimits: { readonly memoryBytes: number; readonly timeMs: number },
  ) {
    this.#byName = new Map(systems.map((system) => [system.name, system]))
  }

  /** What programs call them, and their ids. */
  list(): { name: string; id: DirectSystem['id'] }[] {
    return [...this.#byName.values()].map(({ name, id }) => ({ name, id }))
  }

  /** Throws `unsupported`. */
  of(name: string): DirectSystem {
    const system = this.#byName.get(name)
    if (system) return system
    const served = [...this.#byName.keys()].join(', ') || 'none'
    throw new ApiError('unsupported', `this coordinator has no proof system ${name}; it has ${served}`, {
      system: name,
    })
  }

  /**
   * Refuses a program that is not what its artifact makes. One at a time: each is a stranger's, and `read` gives its bytes
   * when it is its turn. Errors: `unsupported`, `bad_artifact`, `program_mismatch`, `verifier_unavailable`, `rate_limited`.
   */
  async check(
    info: ProgramInfo,
    read: () => Promise<{ readonly artifact: Uint8Array; readonly key: Uint8Array }>,
  ): Promise<void> {
    const system = this.of(info.system)
    if (this.#waiting === MAX_WAITING) {
      throw new ApiError('rate_limited', 'too many programs are being set up: wait a moment', {
        retryAfterMs: RETRY_AFTER_MS,
      })
    }
    this.#waiting++
    try {
      await this.#setups.run(async () => {
        const { artifact, key } = await read()
        await this.#compare(system, info, { name: info.name, bytes: artifact }, key)
      })
    } finally {
      this.#waiting--
    }
  }

  async #compare(system: DirectSystem, info: ProgramInfo, artifact: Artifact, given: Uint8Array) {
    const limits = { ...this.setupLimits, signal: never }
    const { key, cost } = await system.setup(artifact, limits).catch((cause: unknown) => {
      throw setupRefusal(cause)
    })
    if (info.keyHash !== key.hash) throw mismatch('keyHash', key.hash)
    if (bytesToHex(given) !== bytesToHex(key.bytes)) throw mismatch('key', 'another')
    const id = programId(system.id, key.hash)
    if (info.id !== id) throw mismatch('id', id)
    if (info.gates !== cost.gates) throw mismatch('gates', String(cost.gates))
    if (info.work !== DIRECT_WORK) throw mismatch('work', String(DIRECT_WORK))
  }
}
