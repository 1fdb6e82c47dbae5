import { join } from 'node:path'
import type { Artifact } from '@weft/proof'
import type { Bytes32 } from '@weft/protocol'
import { parseArtifact, sha256 } from './artifact.js'
import { BB_VERSION } from './bb-binary.js'
import { cached } from './cache.js'
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
    const json = await cached(this.#path(artifact, `key-${srs}`), async () => {
      const { hash, bytes } = await make()
      return Buffer.from(JSON.stringify({ hash, bytes: Buffer.from(bytes).toString('base64') }))
    })
    const { hash, bytes } = JSON.parse(Buffer.from(json).toString()) as { hash: Bytes32; bytes: string }
    return { hash, bytes: Buffer.from(bytes, 'base64') }
  }

  /** The same for the circuit's size, in gates. */
  async gates(artifact: Artifact, count: () => Promise<number>): Promise<number> {
    const path = this.#path(artifact, 'gates')
    return Number(Buffer.from(await cached(path, async () => Buffer.from(String(await count())))).toString())
  }

  /** Errors: `bad_artifact`. */
  #path(artifact: Artifact, kind: string): string {
    const hash = sha256(Buffer.from(parseArtifact(artifact).bytecode))
    return join(this.folder, `${hash}-${BB_VERSION}-${kind}`)
  }
}
