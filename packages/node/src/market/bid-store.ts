import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { request, toWire } from '@weft/api'
import { type Bytes32, type HiddenBid, isBytes32, type Request } from '@weft/protocol'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../durable.js'

const uint = z
  .string()
  .regex(/^\d{1,78}$/)
  .transform(BigInt)

const hidden = z.object({
  id: z.string().refine(isBytes32),
  request,
  bid: z.object({
    prover: request.shape.owner,
    priceWei: uint,
    turnaroundMs: z.int().nonnegative(),
    collateralWei: uint,
  }),
  salt: z.string().refine(isBytes32),
  state: z.enum(['unsent', 'sealed', 'revealed', 'missed']),
})

/** A bid of this node's in a sealed auction, with what opens it. */
export interface KeptBid {
  /** Of the request. */
  readonly id: Bytes32
  readonly request: Request
  readonly bid: HiddenBid
  readonly salt: Bytes32
  /** `unsent` while it is not known whether the commitment arrived. */
  readonly state: 'unsent' | 'sealed' | 'revealed' | 'missed'
}

/** Bids on disk, one file each: a salt that is lost is a bid that cannot be opened, which counts as a default. */
export interface BidStore {
  put(bid: KeptBid): Promise<void>
  get(request: Bytes32): KeptBid | undefined
  all(): KeptBid[]
  remove(request: Bytes32): Promise<void>
}

/** Opens the folder. Throws where a file is damaged. */
export const openBidStore = async (folder: string): Promise<BidStore> => {
  const known = new Map<Bytes32, KeptBid>()
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const item = hidden.parse(JSON.parse(`${await readIfThere(join(folder, name))}`))
    known.set(item.id, item)
  }
  const path = (id: Bytes32) => join(folder, `${id}.json`)
  return {
    async put(bid) {
      await writeDurably(path(bid.id), toWire(bid))
      known.set(bid.id, bid)
    },
    get: (id) => known.get(id),
    all: () => [...known.values()],
    async remove(id) {
      await rm(path(id), { force: true })
      known.delete(id)
    },
  }
}
