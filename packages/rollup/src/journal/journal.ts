import { WeftError } from '@weft/protocol'
import { encodeLine, encodeRecord, type JournalRecord } from './records.js'

/** The file under a journal. Node's FileHandle does all of it. */
export interface JournalFile {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>
  datasync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

interface Waiting {
  readonly json: string
  resolve(): void
  reject(error: Error): void
}

/**
 * Appends records and answers once they are on the disk. Records that arrive while a flush is under way share the
 * next one.
 *
 *     idle ──append──▶ flushing ──synced──▶ idle, or flushing the next group
 *                          └──failed──▶ everything waiting is rejected, the torn tail is cut off ──▶ idle
 *
 * Whatever waits behind a failed flush fails with it, since it may rest on what was lost. The file is as long as
 * its last good line: a tail that cannot be cut off now is cut off before the next write.
 */
export class Journal {
  readonly #file: JournalFile
  #size: number
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined
  #isTorn = false

  /** `size` is the length of the good part of the file. */
  constructor(file: JournalFile, size: number) {
    this.#file = file
    this.#size = size
  }

  /**
   * Resolves when the record will survive a power loss. Throws a WeftError `storage_unavailable` or `bad_record`;
   * nothing is kept.
   */
  async append(record: JournalRecord): Promise<void> {
    const json = encodeRecord(record)
    const done = new Promise<void>((resolve, reject) => this.#waiting.push({ json, resolve, reject }))
    this.#flushing ??= this.#flush()
    return done
  }

  /** Waits for what is under way, then lets the file go. */
  async close(): Promise<void> {
    await this.#flushing
    await this.#file.close()
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0)
      try {
        await this.#write(encodeLine(group.map(({ json }) => json)))
        for (const { resolve } of group) resolve()
      } catch (cause) {
        const error = new WeftError(
          'storage_unavailable',
          'the journal cannot be written: free disk space or repair the disk, then send again',
          {},
          { cause },
        )
        for (const { reject } of [...group, ...this.#waiting.splice(0)]) reject(error)
      }
    }
    this.#flushing = undefined
  }

  async #write(line: Uint8Array): Promise<void> {
    if (this.#isTorn) await this.#cut()
    this.#isTorn = true
    try {
      let written = 0
      while (written < line.length) {
        const part = await this.#file.write(line, written, line.length - written, this.#size + written)
        written += part.bytesWritten
      }
      await this.#file.datasync()
    } catch (error) {
      // A failure here is tried again before the next write; the first error is the one to tell.
      await this.#cut().catch(() => undefined)
      throw error
    }
    this.#size += line.length
    this.#isTorn = false
  }

  async #cut(): Promise<void> {
    await this.#file.truncate(this.#size)
    await this.#file.datasync()
    this.#isTorn = false
  }
}
