import { join } from 'node:path'
import type { Bytes32 } from '@weft/protocol'
import { readCached, writeCached } from './cache.js'

/** What is cached of one circuit for one target, SRS and bb version. */
export interface CachedKey {
  readonly hash: Bytes32
  readonly bytes: Uint8Array
}

/** Keys on disk by content: `name` has everything a key depends on. */
export class KeyCache {
  constructor(readonly folder: string) {}

  async get(name: string): Promise<CachedKey | null> {
    const file = await readCached(join(this.folder, `${name}.json`))
    if (file === null) return null
    const { hash, bytes } = JSON.parse(Buffer.from(file).toString()) as { hash: Bytes32; bytes: string }
    return { hash, bytes: Buffer.from(bytes, 'base64') }
  }

  async put(name: string, key: CachedKey): Promise<void> {
    const path = join(this.folder, `${name}.json`)
    const bytes = Buffer.from(key.bytes).toString('base64')
    await writeCached(path, JSON.stringify({ hash: key.hash, bytes }))
  }
}
