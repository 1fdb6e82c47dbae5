import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AppendFile, createAppender } from '../src/sender/appender.js'

let folder: string
let path: string
let file: FileHandle
/** How many bytes the disk still takes. */
let room: number
/** What else it refuses. */
let broken: Set<'datasync' | 'truncate'>

const refuse = (code: string) => Object.assign(new Error(code), { code })

/** A file on a disk that can be full or broken. */
const disk: AppendFile = {
  async appendFile(data) {
    const bytes = data as Buffer
    await file.appendFile(bytes.subarray(0, room))
    if (bytes.length > room) throw refuse('ENOSPC')
  },
  async datasync() {
    if (broken.has('datasync')) throw refuse('EIO')
    await file.datasync()
  },
  async truncate(length) {
    if (broken.has('truncate')) throw refuse('EIO')
    await file.truncate(length)
  },
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-appender-'))
  path = join(folder, 'lines')
  file = await open(path, 'a')
  room = Number.POSITIVE_INFINITY
  broken = new Set()
})
afterEach(async () => {
  await file.close()
  await rm(folder, { recursive: true })
})

const text = () => readFile(path, 'utf8')

describe('lines on a disk in trouble', () => {
  it('leaves nothing of a line that a full disk tore', async () => {
    const append = createAppender(path, disk, 0)
    await append('first')
    room = 3
    await expect(append('second')).rejects.toMatchObject({ code: 'storage_full', details: { path } })
    expect(await text()).toBe('first\n')
    room = 100
    await append('third')
    expect(await text()).toBe('first\nthird\n')
  })

  it('leaves nothing of a line that did not become durable', async () => {
    const append = createAppender(path, disk, 0)
    broken.add('datasync')
    await expect(append('first')).rejects.toMatchObject({ code: 'storage_failed' })
    expect(await text()).toBe('')
  })

  it('says what happened even when the torn line cannot be removed, and removes it before the next', async () => {
    const append = createAppender(path, disk, 0)
    await append('first')
    room = 3
    broken.add('truncate')
    await expect(append('second')).rejects.toMatchObject({ code: 'storage_full' })
    room = 100
    await expect(append('third')).rejects.toMatchObject({ code: 'storage_failed' })
    expect(await text()).toBe('first\nsec')
    broken.clear()
    await append('fourth')
    expect(await text()).toBe('first\nfourth\n')
  })
})
