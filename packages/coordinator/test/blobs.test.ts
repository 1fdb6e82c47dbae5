import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { digestOf } from '@weft/api'
import { type BlobStore, openBlobStore } from '@weft/coordinator'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)

let folder: string
let blobs: BlobStore
let nowMs = 0
const open = () => openBlobStore(folder, () => nowMs)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-blobs-'))
  nowMs = Date.now()
  blobs = await open()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function* chunksOf(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}
const left = () => readdir(join(folder, 'tmp'))

describe('the blob store', () => {
  it('gives back what it was given, in any chunks, also after a restart', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 99 }),
        async (bytes, size) => {
          const digest = await digestOf(bytes)
          await blobs.put(digest, chunksOf(bytes, size), 300)
          for (const store of [blobs, await open()]) {
            expect(store.has(digest)).toBe(true)
            expect(new Uint8Array(await store.read(digest))).toEqual(bytes)
            const opened = store.open(digest)
            if (opened === null) throw new Error('not stored')
            expect(opened.bytes).toBe(bytes.length)
            expect(new Uint8Array(await buffer(opened.stream))).toEqual(bytes)
          }
        },
      ),
      { numRuns: 20 },
    )
  })

  it('leaves nothing of what it refuses', async () => {
    const bytes = new Uint8Array(100).fill(7)
    const digest = await digestOf(bytes)
    await expect(blobs.put(digest, chunksOf(bytes, 9), 99)).rejects.toMatchObject({
      code: 'payload_too_large',
    })
    await expect(blobs.put(digest, chunksOf(bytes.slice(1), 9), 99)).rejects.toMatchObject({
      code: 'digest_mismatch',
    })
    async function* torn() {
      yield bytes
      throw new Error('the client is gone')
    }
    await expect(blobs.put(digest, torn(), 999)).rejects.toThrow('gone')
    expect(blobs.has(digest)).toBe(false)
    expect(blobs.open(digest)).toBeNull()
    await expect(blobs.read(digest)).rejects.toMatchObject({ code: 'unknown_blob' })
    expect(await left()).toEqual([])
  })

  it('says that the disk is full', async () => {
    async function* full() {
      yield new Uint8Array(1)
      throw Object.assign(new Error('write'), { code: 'ENOSPC' })
    }
    await expect(blobs.put(await digestOf(new Uint8Array()), full(), 9)).rejects.toMatchObject({
      code: 'storage_full',
    })
  })

  it('keeps nothing of which the disk took a part only', async () => {
    const put = `
      import { openBlobStore } from '@weft/coordinator'
      const blobs = await openBlobStore(process.env.FOLDER, () => 0)
      const code = await blobs.putBytes(new Uint8Array(64 * 1024)).then(() => 'stored', ({ code }) => code)
      console.log(code)`
    // The largest file is smaller than the blob: the first write is cut short, the next one fails, as on a full disk.
    const shell = ['-c', 'ulimit -f 8 && exec "$0" --input-type=module -e "$PUT"', process.execPath]
    const env = { ...process.env, FOLDER: folder, PUT: put }
    const { stdout } = await run('sh', shell, { cwd: import.meta.dirname, env })
    expect(stdout.trim()).toBe('storage_full')
    const digest = await digestOf(new Uint8Array(64 * 1024))
    expect((await open()).has(digest)).toBe(false)
  })

  it('removes aborted uploads at start', async () => {
    await writeFile(join(folder, 'tmp', 'half'), 'half a blob')
    await open()
    expect(await left()).toEqual([])
  })

  it('removes what is old and not kept', async () => {
    const [old, kept] = [await blobs.putBytes(new Uint8Array([1])), await blobs.putBytes(new Uint8Array([2]))]
    nowMs += 1000
    const young = await blobs.putBytes(new Uint8Array([3]))
    expect(await blobs.sweep((digest) => digest === kept, nowMs)).toBe(1)
    expect([old, kept, young].map(blobs.has)).toEqual([false, true, true])
    expect((await open()).has(old)).toBe(false)
  })
})
