import {
  ApiError,
  type Connection,
  digestOf,
  type ErrorCode,
  type OrderView,
  type Recipient,
} from '@weft/api'
import {
  type Address,
  allowedProversHash,
  type Bytes32,
  encryptionKeyId,
  type MarketDomain,
  WeftError,
  ZERO_BYTES32,
} from '@weft/protocol'
import { sealInputs } from '@weft/sealing'
import type { Clock, Random } from './ports.js'

const SEED_BYTES = 32
/** Nothing is sealed to a key that is deleted before it could be used. */
const MARGIN_S = 600

/** Whether a prover's own key or its hot key signed a digest, as L1 knows them. Errors: `l1_unavailable`. */
export type IsSignedForProver = (prover: Address, digest: Bytes32, signature: string) => Promise<boolean>

/** Private inputs went to a node. */
export interface Sealed {
  readonly prover: Address
  /** The prover's name for it. */
  readonly node: string
  /** How often they went there: more than once means that it could not use them. */
  readonly times: number
}

export interface SealerOptions {
  readonly connection: Connection
  readonly domain: MarketDomain
  readonly isSignedForProver: IsSignedForProver
  readonly clock: Clock
  readonly random: Random
  readonly onSealed: (sealed: Sealed) => void
}

const badRecipient = (message: string, { prover, key }: Recipient) =>
  new WeftError('bad_recipient', `${message}: use another coordinator`, { prover, publicKey: key.publicKey })

/** Refuses what a request does not allow. Throws `bad_recipient`. */
const checkAllowed = ({ request, provers }: OrderView, recipient: Recipient): void => {
  if (request.allowedProvers === ZERO_BYTES32) return
  if (allowedProversHash(provers) === request.allowedProvers && provers.includes(recipient.prover)) return
  throw badRecipient('the coordinator names a prover that the request does not allow', recipient)
}

/**
 * Answers that say that there is nothing to seal: others are sealed to meanwhile, the request is over, or it is another
 * owner's for the same statement. The next look tells.
 */
const PAST: ReadonlySet<string> = new Set<ErrorCode>(['not_a_recipient', 'unknown_intent', 'not_the_owner'])
const isPast = (error: unknown) => error instanceof ApiError && PAST.has(error.code)

/** Seals one job's inputs to the nodes of whoever was matched for it, each time that somebody else is. */
export class Sealer {
  readonly #times = new Map<string, number>()
  readonly #bytes: Uint8Array

  constructor(
    readonly options: SealerOptions,
    inputs: object,
  ) {
    this.#bytes = new TextEncoder().encode(JSON.stringify(inputs))
  }

  /** Errors: `bad_recipient`, `l1_unavailable`, refusals of `sealInputs`. */
  async look(order: OrderView, job: Bytes32, signal: AbortSignal): Promise<void> {
    const { connection } = this.options
    const recipients = await connection
      .ask(signal, (api) => api.recipients({ params: { id: order.id }, signal }))
      .catch((error: unknown) => {
        if (isPast(error)) return []
        throw error
      })
    for (const recipient of recipients) {
      if (recipient.job !== job)
        throw badRecipient('the coordinator asks for the inputs of another job', recipient)
      checkAllowed(order, recipient)
      await connection.retry(signal, () => this.#checkKey(recipient))
      await this.#seal(order.id, recipient, signal)
    }
  }

  /** The prover's word for its node's key counts, and nobody else's. Errors: `bad_recipient`, `l1_unavailable`. */
  async #checkKey(recipient: Recipient): Promise<void> {
    const { domain, isSignedForProver, clock } = this.options
    const { prover, key } = recipient
    const { signature, ...announced } = key
    if (key.expiry < clock.nowMs() / 1000 + MARGIN_S) {
      throw badRecipient('the coordinator names a key that has expired', recipient)
    }
    if (await isSignedForProver(prover, encryptionKeyId(domain, { ...announced, prover }), signature)) return
    throw badRecipient('the coordinator names a key that the matched prover has not signed', recipient)
  }

  async #seal(request: Bytes32, { job, prover, node, key }: Recipient, signal: AbortSignal): Promise<void> {
    const { connection, random, onSealed } = this.options
    const { publicKey } = key
    const seed = random.bytes(SEED_BYTES)
    const body = await sealInputs(this.#bytes, publicKey, { request, job, prover }, seed)
    const params = { id: request, digest: await digestOf(body) }
    try {
      await connection.ask(signal, (api) =>
        api.sealInputs({ params, query: { job, publicKey }, body, signal }),
      )
    } catch (error) {
      if (isPast(error)) return
      throw error
    }
    const times = (this.#times.get(publicKey) ?? 0) + 1
    this.#times.set(publicKey, times)
    onSealed({ prover, node, times })
  }
}
