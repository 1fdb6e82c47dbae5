import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { ApiError, type Challenge, type Session, type SessionRequest, sessionTypedData } from '@weft/api'
import { type Address, type Bytes32, bytesToHex, hexToBytes } from '@weft/protocol'
import { recoverTypedDataAddress } from 'viem'
import type { Context } from './context.js'
import * as tables from './db/tables.js'
import { askL1 } from './orders/ask-l1.js'

/** Who calls. */
export interface Caller {
  readonly tokenHash: string
  readonly address: Address
  readonly expiresMs: number
  /** The name of the node it speaks for, once registered. */
  node: string | null
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/**
 * Challenges and sessions.
 *
 * A challenge is stateless: expiry ‖ random ‖ MAC, so asking for many costs nobody anything. What is remembered,
 * until it would have expired, is which ones were used.
 */
export class Sessions {
  readonly #byHash = new Map<string, Caller>()
  readonly #used = new Map<Bytes32, number>()
  readonly #secret: Uint8Array

  constructor(readonly context: Context) {
    this.#secret = context.deps.random.bytes(32)
  }

  async load(): Promise<void> {
    const nowMs = this.context.deps.clock.nowMs()
    for (const row of await tables.sessions.select(this.context.deps.database)) {
      const { token_hash: tokenHash, address, node, expires_ms: expiresMs } = row
      if (expiresMs > nowMs) this.#byHash.set(tokenHash, { tokenHash, address, node, expiresMs })
      else this.context.journal.drop(tables.sessions, tokenHash)
    }
  }

  challenge(): Challenge {
    const { deps, options, timing } = this.context
    const expiresAtMs = deps.clock.nowMs() + timing.challengeMs
    const head = new Uint8Array(16)
    new DataView(head.buffer).setBigUint64(0, BigInt(expiresAtMs))
    head.set(deps.random.bytes(8), 8)
    const nonce = bytesToHex(new Uint8Array([...head, ...this.#mac(head)]))
    return { nonce, expiresAtMs, chainId: options.chainId, settlement: options.settlement }
  }

  /** Errors: `challenge_expired`, `bad_signature`, `l1_unavailable`, `storage_unavailable`. */
  async open(request: SessionRequest): Promise<Session> {
    const { options, deps, timing, journal } = this.context
    this.#checkChallenge(request.nonce)
    const typed = sessionTypedData(options, request.address, request.nonce)
    const signer = await recover(() => recoverTypedDataAddress({ ...typed, signature: request.signature }))
    if (!(await this.#speaksFor(signer, request.address))) {
      throw new ApiError('bad_signature', 'sign the session message with the key of the address you name', {
        address: request.address,
      })
    }
    journal.assertAvailable()
    // Again, because another request may have used it while the signature was checked.
    const expiresAt = this.#checkChallenge(request.nonce)
    this.#used.set(request.nonce, expiresAt)
    const token = Buffer.from(deps.random.bytes(32)).toString('base64url')
    const expiresMs = deps.clock.nowMs() + timing.sessionMs
    const caller: Caller = { tokenHash: hashOf(token), address: request.address, node: null, expiresMs }
    this.#makeRoom()
    this.#byHash.set(caller.tokenHash, caller)
    this.store(caller)
    await journal.commit()
    return { token, expiresAtMs: expiresMs }
  }

  /** Under a market, a prover's hot key opens sessions for it. Errors: `l1_unavailable`. */
  async #speaksFor(key: Address, address: Address): Promise<boolean> {
    if (key === address) return true
    const { market } = this.context
    return market !== null && askL1(() => market.ports.l1.isKeyOf(address, key))
  }

  /** Throws `unauthenticated`. */
  callerOf(authorization: string | undefined): Caller {
    if (authorization?.startsWith('Bearer ')) {
      const caller = this.#byHash.get(hashOf(authorization.slice(7)))
      if (caller && caller.expiresMs > this.context.deps.clock.nowMs()) return caller
    }
    throw new ApiError('unauthenticated', 'no valid session: sign a challenge and send the token as a bearer')
  }

  store({ tokenHash, address, node, expiresMs }: Caller): void {
    this.context.journal.put(tables.sessions, { token_hash: tokenHash, address, node, expires_ms: expiresMs })
  }

  sweep(nowMs: number): void {
    for (const [nonce, expiresAt] of this.#used) if (expiresAt <= nowMs) this.#used.delete(nonce)
    for (const caller of this.#byHash.values()) if (caller.expiresMs <= nowMs) this.#end(caller)
  }

  /** When a challenge expires. Throws `challenge_expired` if it did, was used, or is not ours. */
  #checkChallenge(nonce: Bytes32): number {
    const bytes = hexToBytes(nonce)
    const head = bytes.slice(0, 16)
    const expiresAt = Number(new DataView(head.buffer).getBigUint64(0))
    const isOurs = timingSafeEqual(bytes.slice(16), this.#mac(head))
    if (!isOurs || expiresAt <= this.context.deps.clock.nowMs() || this.#used.has(nonce)) {
      throw new ApiError(
        'challenge_expired',
        'the challenge is not valid any more: fetch a new one and sign it',
      )
    }
    return expiresAt
  }

  #mac(head: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#secret).update(head).digest().subarray(0, 16)
  }

  /** The oldest sessions go first; whoever lost one opens another. */
  #makeRoom(): void {
    for (const caller of this.#byHash.values()) {
      if (this.#byHash.size < this.context.limits.maxSessions) return
      this.#end(caller)
    }
  }

  #end(caller: Caller): void {
    this.#byHash.delete(caller.tokenHash)
    this.context.journal.drop(tables.sessions, caller.tokenHash)
  }
}

/** The signer, lower case. Throws `bad_signature` where there is none. */
export const recover = async (recoverAddress: () => Promise<Address>): Promise<Address> => {
  try {
    return (await recoverAddress()).toLowerCase() as Address
  } catch (cause) {
    throw new ApiError(
      'bad_signature',
      'the signature is malformed: send the 65 bytes r, s, v',
      {},
      { cause },
    )
  }
}
