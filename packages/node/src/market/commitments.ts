import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { evidence, request, signedCommitment, toWire } from '@weft/api'
import {
  type Bytes32,
  type Commitment,
  commitmentId,
  type Evidence,
  type MarketDomain,
  type Request,
  type SignedCommitment,
} from '@weft/protocol'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../durable.js'

/** A request expires a day after its deadline; an accusation can follow within the defence window. */
const KEPT_S = 2 * 24 * 3600

const kept = signedCommitment.extend({ request, evidence: evidence.nullable(), isPaid: z.boolean() })

/** A commitment that this node has signed, and what it defends it with. */
export interface KeptCommitment extends SignedCommitment {
  readonly commitment: Commitment
  readonly request: Request
  /** Its entry in the recorded claim; null until the coordinator has told. */
  readonly evidence: Evidence | null
  /** Whether L1 has paid for the request, this entry included. */
  readonly isPaid: boolean
}

/** Signed commitments on disk, one file each, for as long as L1 may ask about them. */
export interface Commitments {
  /** On disk once it resolves. One that is there is replaced. */
  put(kept: KeptCommitment): Promise<void>
  get(id: Bytes32): KeptCommitment | undefined
  all(): KeptCommitment[]
  /** Forgets those whose request was due two days before `nowMs`. */
  prune(nowMs: number): Promise<void>
}

/** Opens the folder. Throws where a file is damaged: a node must not work on without what it signed. */
export const openCommitments = async (folder: string, domain: MarketDomain): Promise<Commitments> => {
  const known = new Map<Bytes32, KeptCommitment>()
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const item = kept.parse(JSON.parse(`${await readIfThere(join(folder, name))}`))
    known.set(commitmentId(domain, item.commitment), item)
  }
  const path = (id: Bytes32) => join(folder, `${id}.json`)
  return {
    async put(item) {
      const id = commitmentId(domain, item.commitment)
      await writeDurably(path(id), toWire(item))
      known.set(id, item)
    },
    get: (id) => known.get(id),
    all: () => [...known.values()],
    async prune(nowMs) {
      for (const [id, { request }] of known) {
        if ((request.proofDeadline + KEPT_S) * 1000 > nowMs) continue
        await rm(path(id), { force: true })
        known.delete(id)
      }
    },
  }
}
