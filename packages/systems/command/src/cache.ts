import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artifact, DirectSetup } from '@weft/proof'
import { type Bytes32, bytesToHex, type Hex, hexToBytes } from '@weft/protocol'
import { diskBytes, writeAtomically } from './folder.js'

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

/** What was used so lately may be in use. */
const RECENT_MS = 6 * 3_600_000
/** So much of the most is kept, for the folder not to be read at every new artifact. */
const KEPT = 0.75

const NAME = 'artifact'

/** Null for what is not there. */
const find = (path: string) => stat(path).catch(() => null)

/**
 * Artifacts by their hash, each with what `setup` made of it and a folder in which commands keep what they like. Above
 * `maxBytes`, those that were used longest ago go when a new one comes.
 */
export class ArtifactCache {
  constructor(
    readonly folder: string,
    readonly maxBytes: number,
  ) {}

  /** Writes the artifact unless it is there. */
  async store({ bytes }: Artifact): Promise<Stored> {
    const folder = this.#folderOf(bytes)
    const stored = { artifact: join(folder, NAME), state: join(folder, 'state') }
    await mkdir(stored.state, { recursive: true, mode: 0o700 })
    const found = await find(stored.artifact)
    if (found?.size === bytes.length) {
      const now = new Date()
      await utimes(stored.artifact, now, now)
    } else {
      await writeAtomically(stored.artifact, bytes)
      await this.#trim()
    }
    return stored
  }

  async #trim(): Promise<void> {
    const folders = (await readdir(this.folder)).map((name) => join(this.folder, name))
    const artifacts = await Promise.all(
      folders.map(async (folder) => ({
        folder,
        bytes: await diskBytes(folder, Number.POSITIVE_INFINITY),
        usedMs: (await find(join(folder, NAME)))?.mtimeMs ?? 0,
      })),
    )
    const newestMs = Math.max(...artifacts.map(({ usedMs }) => usedMs))
    let total = artifacts.reduce((sum, { bytes }) => sum + bytes, 0)
    if (total <= this.maxBytes) return
    const old = artifacts.filter(({ usedMs }) => newestMs - usedMs > RECENT_MS)
    for (const { folder, bytes } of old.sort((one, other) => one.usedMs - other.usedMs)) {
      if (total <= KEPT * this.maxBytes) return
      await rm(folder, { recursive: true, force: true })
      total -= bytes
    }
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
