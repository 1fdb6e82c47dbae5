import { join } from 'node:path'
import type { Artifact } from '@weft/proof'
import type { Bytes32 } from '@weft/protocol'
import { parseArtifact, sha256 } from './artifact.js'
import { BB_VERSION } from './bb-binary.js'
import { readCached, writeCached } from './cache.js'
import type { Srs } from './srs.js'

/** A recursive key, as `bb` makes it. */
export interface CircuitKey {
  readonly hash: Bytes32
  readonly bytes: Uint8Array
}

/**
 * What `bb` has said of circuits, on disk by their bytecode and all else that it depends on: artifacts that differ in
 * names or debug information share it.
 */
export class CircuitCache {
  constructor(readonly folder: string) {}

  /** The key that is kept, or the one that `make` makes, which is kept then. */
  async key(artifact: Artifact, srs: Srs['kind'], make: () => Promise<CircuitKey>): Promise<CircuitKey> {
    const path = this.#path(artifact, `key-${srs}`)
    const cached = await readCached(path)
    if (cached !== null) {
      const { hash, bytes } = JSON.parse(Buffer.from(cached).toString()) as { hash: Bytes32; bytes: string }
      return { hash, bytes: Buffer.from(bytes, 'base64') }
    }
    const { hash, bytes } = await make()
    await writeCached(path, JSON.stringify({ hash, bytes: Buffer.from(bytes).toString('base64') }))
    return { hash, bytes }
  }

  /** The same for the circuit's size, in gates. */
  async gates(artifact: Artifact, count: () => Promise<number>): Promise<number> {
    const path = this.#path(artifact, 'gates')
    const cached = await readCached(path)
    if (cached !== null) return Number(Buffer.from(cached).toString())
    const gates = await count()
    await writeCached(path, String(gates))
    return gates
  }

  /** Errors: `bad_artifact`. */
  #path(artifact: Artifact, kind: string): string {
    const hash = sha256(Buffer.from(parseArtifact(artifact).bytecode))
    return join(this.folder, `${hash}-${BB_VERSION}-${kind}`)
  }
}
