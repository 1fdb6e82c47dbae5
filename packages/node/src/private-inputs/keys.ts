import type { SignedEncryptionKey, Signer } from '@weft/api'
import {
  type Address,
  bytesToHex,
  ENCRYPTION_KEY,
  hexToBytes,
  isBytes32,
  type MarketDomain,
  typedData,
} from '@weft/protocol'
import { type KeyPair, keyPairFrom } from '@weft/sealing'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../durable.js'
import type { Clock, Random } from '../ports.js'

const DAY_MS = 24 * 3_600_000
const SEED_BYTES = 32

const word = z.string().refine(isBytes32)
const stored = z.array(z.object({ publicKey: word, privateKey: word, madeAtMs: z.int().nonnegative() }))
type Stored = z.output<typeof stored>[number]

/**
 * A node's encryption keys, on disk for its user alone. A new one is made every day; the one before it opens for
 * another day what was sealed to it, and is then deleted: what was sealed two days ago nobody can open any more.
 */
export interface EncryptionKeys {
  /** The newest, signed for its prover; made anew when its day is over. */
  current(): Promise<SignedEncryptionKey>
  /** All that are not deleted, newest first. */
  pairs(): readonly KeyPair[]
}

export interface EncryptionKeysOptions {
  readonly path: string
  readonly prover: Address
  readonly domain: MarketDomain
  readonly signer: Signer
  readonly clock: Clock
  readonly random: Random
}

/** A file that cannot be read is replaced: nothing is lost but what was sealed and not opened yet. */
const load = async (path: string): Promise<Stored[]> => {
  const bytes = await readIfThere(path)
  try {
    return stored.parse(JSON.parse(`${bytes}`))
  } catch {
    return []
  }
}

const makePair = async (random: Random, madeAtMs: number): Promise<Stored> => {
  const { publicKey, privateKey } = await keyPairFrom(random.bytes(SEED_BYTES))
  return { publicKey, privateKey: bytesToHex(privateKey), madeAtMs }
}

export const openEncryptionKeys = async (options: EncryptionKeysOptions): Promise<EncryptionKeys> => {
  const { path, prover, domain, signer, clock, random } = options
  let keys = await load(path)
  let signed: SignedEncryptionKey | null = null

  const renew = async (): Promise<Stored> => {
    const nowMs = clock.nowMs()
    const young = keys.filter(({ madeAtMs }) => madeAtMs <= nowMs && nowMs - madeAtMs < 2 * DAY_MS)
    const [newest] = young
    const isDue = newest === undefined || nowMs - newest.madeAtMs >= DAY_MS
    const first = isDue ? await makePair(random, nowMs) : newest
    const next = isDue ? [first, ...young] : young
    if (isDue || next.length < keys.length) await writeDurably(path, JSON.stringify(next))
    keys = next
    return first
  }

  await renew()
  return {
    async current() {
      const { publicKey, madeAtMs } = await renew()
      if (signed?.publicKey === publicKey) return signed
      const key = { prover, publicKey, expiry: Math.floor((madeAtMs + 2 * DAY_MS) / 1000) }
      const signature = await signer.signTypedData(typedData(domain, ENCRYPTION_KEY, key))
      signed = { publicKey, expiry: key.expiry, signature }
      return signed
    },
    pairs: () => keys.map(({ publicKey, privateKey }) => ({ publicKey, privateKey: hexToBytes(privateKey) })),
  }
}
