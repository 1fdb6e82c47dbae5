import { join } from 'node:path'
import { type Address, type Bytes32, isAddress, isBytes32, WeftError } from '@weft/protocol'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../durable.js'
import type { Clock, Logger } from '../ports.js'
import { untilAborted } from '../until-aborted.js'
import type { Commitments } from './commitments.js'
import type { Accusation, NodeMarketL1 } from './l1.js'
import { etherText } from './refusal.js'

/** Read again at every look, in case a re-organisation moved accusations. */
const OVERLAP_BLOCKS = 64n

export interface DefenceOptions {
  readonly folder: string
  readonly prover: Address
  readonly l1: NodeMarketL1
  readonly commitments: Commitments
  readonly clock: Clock
  readonly logger: Logger
  readonly pollMs: number
  /** The block of the deployment, from which accusations are read. */
  readonly fromBlock: bigint
}

const state = z.object({
  scannedTo: z
    .string()
    .regex(/^\d{1,78}$/)
    .transform(BigInt)
    .nullable(),
  open: z.array(
    z.object({
      commitment: z.string().refine(isBytes32),
      rescuer: z.string().refine(isAddress),
      until: z.int().nonnegative(),
    }),
  ),
})

interface State {
  scannedTo: bigint | null
  /** Accusations that are not answered. */
  open: Accusation[]
}

const load = async (path: string): Promise<State> => {
  const bytes = await readIfThere(path)
  return bytes === null ? { scannedTo: null, open: [] } : state.parse(JSON.parse(`${bytes}`))
}

const codeOf = (error: unknown) => (error instanceof WeftError ? error.code : 'internal')

/**
 * Answers accusations of this prover with its own proof's entry, which L1 has if the proof was settled. Says loudly
 * what is at stake where there is none: `status` of the node shows it, and the log.
 */
export class Defence {
  readonly #options: DefenceOptions
  readonly #path: string
  readonly #state: State
  /** What was said about each accusation. */
  readonly #said = new Map<Bytes32, string>()
  /** Answered or decided in this life: seeing them again in the overlap changes nothing. */
  readonly #closed = new Set<Bytes32>()

  private constructor(options: DefenceOptions, path: string, found: State) {
    this.#options = options
    this.#path = path
    this.#state = found
  }

  static async open(options: DefenceOptions): Promise<Defence> {
    const path = join(options.folder, 'defence.json')
    return new Defence(options, path, await load(path))
  }

  /** Accusations that nothing has answered. */
  get open(): readonly Accusation[] {
    return this.#state.open
  }

  /** Looks again and again until the signal aborts. Never rejects: what fails is logged and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger, pollMs, commitments } = this.#options
    while (!signal.aborted) {
      try {
        await commitments.prune(clock.nowMs())
        await this.#look()
        for (const accusation of [...this.#state.open]) await this.#answer(accusation, signal)
      } catch (error) {
        if (signal.aborted) return
        logger.warn({ code: codeOf(error), error: String(error) }, 'cannot look for accusations now')
      }
      await clock.sleep(pollMs, signal)
    }
  }

  async #save() {
    const { scannedTo, open } = this.#state
    await writeDurably(
      this.#path,
      JSON.stringify({ scannedTo: scannedTo === null ? null : `${scannedTo}`, open }),
    )
  }

  async #look() {
    const { l1, prover, fromBlock } = this.#options
    const { scannedTo, open } = this.#state
    const head = await l1.reader.headBlock()
    const again = scannedTo === null ? fromBlock : scannedTo - OVERLAP_BLOCKS
    const from = again > fromBlock ? again : fromBlock
    const known = new Set([...this.#closed, ...open.map(({ commitment }) => commitment)])
    for (const { commitment, rescuer, until } of await l1.reader.accusedCommitments(from, head, prover)) {
      if (known.has(commitment)) continue
      known.add(commitment)
      open.push({ commitment, rescuer, until })
    }
    this.#state.scannedTo = head
    await this.#save()
  }

  async #answer(accusation: Accusation, signal: AbortSignal) {
    const { l1, commitments, logger } = this.#options
    const { commitment: id } = accusation
    const now = await l1.reader.commitmentState(id)
    if (now !== 'accused') {
      if (now === 'defaulted')
        logger.error({ commitment: id, ...this.#stakeOf(id) }, 'convicted of a default')
      return this.#close(id)
    }
    const kept = commitments.get(id)
    if (!kept?.evidence) return this.#alarm(accusation)
    try {
      await untilAborted(l1.defend(kept.commitment, kept.evidence), signal)
      logger.info({ commitment: id }, 'answered an accusation with this node’s own proof')
      await this.#close(id)
    } catch (error) {
      if (signal.aborted) return
      this.#say(accusation, `its own proof has not cleared this prover yet: ${String(error)}`)
    }
  }

  #alarm(accusation: Accusation) {
    const kept = this.#options.commitments.get(accusation.commitment)
    this.#say(
      accusation,
      kept
        ? 'this node has no proof of the job in a settled claim: if it proved the job, get that proof settled before then'
        : 'this node has not signed that commitment: look at the prover’s other nodes, and whether its key is stolen',
    )
  }

  #stakeOf(id: Bytes32) {
    const kept = this.#options.commitments.get(id)
    return kept ? { job: kept.commitment.job, collateral: etherText(kept.commitment.collateralWei) } : {}
  }

  /** Once for each accusation and reason: the log is to be read. */
  #say({ commitment, rescuer, until }: Accusation, reason: string) {
    if (this.#said.get(commitment) === reason) return
    this.#said.set(commitment, reason)
    const fields = {
      commitment,
      rescuer,
      until: new Date(until * 1000).toISOString(),
      ...this.#stakeOf(commitment),
    }
    this.#options.logger.error(
      fields,
      `accused of a default: the collateral and a part of the stake are lost if nothing answers; ${reason}`,
    )
  }

  async #close(id: Bytes32) {
    this.#state.open = this.#state.open.filter(({ commitment }) => commitment !== id)
    this.#said.delete(id)
    this.#closed.add(id)
    await this.#save()
  }
}
