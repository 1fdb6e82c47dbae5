import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Bytes32, isBytes32 } from '@weft/protocol'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../durable.js'

const finished = z.object({
  lease: z.string().min(1).max(64),
  job: z.string().refine(isBytes32),
  proof: z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64'))),
})

/** A proof that no coordinator has taken yet. */
export interface Finished {
  readonly lease: string
  readonly job: Bytes32
  readonly proof: Uint8Array
}

/** Finished proofs on disk, one file each, until somebody has taken them. */
export interface Outbox {
  put(finished: Finished): Promise<void>
  /** What earlier runs left. Files that cannot be read are removed: they were never whole. */
  list(): Promise<Finished[]>
  remove(job: Bytes32): Promise<void>
}

export const createOutbox = (folder: string): Outbox => {
  const path = (job: Bytes32) => join(folder, `${job}.json`)
  const read = async (name: string): Promise<Finished | null> => {
    const bytes = await readIfThere(join(folder, name))
    try {
      return finished.parse(JSON.parse(`${bytes}`))
    } catch {
      await rm(join(folder, name), { force: true })
      return null
    }
  }
  return {
    put: ({ lease, job, proof }) =>
      writeDurably(path(job), JSON.stringify({ lease, job, proof: Buffer.from(proof).toString('base64') })),
    async list() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      const all = await Promise.all(names.sort().map(read))
      return all.filter((item) => item !== null)
    },
    remove: (job) => rm(path(job), { force: true }),
  }
}
