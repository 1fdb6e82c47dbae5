import { createHash } from 'node:crypto'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artifact, DirectSetup } from '@weft/proof'
import { type Bytes32, bytesToHex, type Hex, hexToBytes } from '@weft/protocol'
import { writeAtomically } from './folder.js'

export const sha256 = (bytes: Uint8Array | string): Bytes32 =>
  `0x${createHash('sha256').update(bytes).digest('hex')}`

/** An artifact on disk. */
export interface Stored {
  /** What `{artifact}` and `{state}` stand for. */
  readonly artifact: string
  readonly state: string
}

interface SetupFile {
  readonly hash: Bytes32
  readonly bytes: Hex
  readonly gates: number
  readonly memoryBytes: number
}

/** Artifacts by their hash, each with what `setup` made of it and a folder in which commands keep what they like. */
export class ArtifactCache {
  constructor(readonly folder: string) {}

  /** Writes the artifact unless it is there. */
  async store({ bytes }: Artifact): Promise<Stored> {
    const folder = this.#folderOf(bytes)
    const artifact = join(folder, 'artifact')
    const state = join(folder, 'state')
    const size = await stat(artifact).then(
      (about) => about.size,
      () => null,
    )
    if (size !== bytes.length) await writeAtomically(artifact, bytes)
    await mkdir(state, { recursive: true, mode: 0o700 })
    return { artifact, state }
  }

  /** What `put` kept under the same name, which says all that it depends on besides the artifact; null if nothing. */
  async get({ bytes }: Artifact, name: string): Promise<DirectSetup | null> {
    const text = await readFile(this.#setupPath(bytes, name), 'utf8').catch(() => null)
    if (text === null) return null
    const { hash, bytes: key, gates, memoryBytes } = JSON.parse(text) as SetupFile
    return { key: { target: 'evm', hash, bytes: hexToBytes(key) }, cost: { gates, memoryBytes } }
  }

  async put({ bytes }: Artifact, name: string, { key, cost }: DirectSetup): Promise<void> {
    const file: SetupFile = { hash: key.hash, bytes: bytesToHex(key.bytes), ...cost }
    await writeAtomically(this.#setupPath(bytes, name), JSON.stringify(file))
  }

  #folderOf(bytes: Uint8Array): string {
    return join(this.folder, sha256(bytes).slice(2))
  }

  #setupPath(bytes: Uint8Array, name: string): string {
    return join(this.#folderOf(bytes), `setup-${name}.json`)
  }
}
