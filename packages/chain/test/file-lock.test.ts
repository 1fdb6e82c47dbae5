import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockFile, lockFolder } from '@weft/chain/file-lock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe.each([
  ['a file', 'file_in_use', () => lockFile(join(folder, 'lock'))],
  ['a folder', 'folder_in_use', () => lockFolder(folder)],
] as const)('the lock of %s', (_, code, take) => {
  it('is one’s at a time, and leaves nothing behind', async () => {
    const release = await take()
    await expect(take()).rejects.toMatchObject({ code })
    await release()
    await (await take())()
    expect(await readdir(folder)).toEqual([])
  })

  it('is one’s of many who ask at once', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 8 }, take))
    const taken = asked.filter((answer) => answer.status === 'fulfilled')
    expect(taken).toHaveLength(1)
    const refused = asked.filter((answer) => answer.status === 'rejected')
    expect(refused.map(({ reason }) => reason.code)).toEqual(Array(7).fill(code))
    expect(await readdir(folder)).toEqual(['lock'])
  })

  it.each([
    // Above the kernel's limit of ids.
    ['a process that is gone', '4194305 1'],
    ['an earlier process with this one’s id', `${process.pid} 1`],
    ['an owner who cannot be read', 'nonsense'],
    ['nobody', ''],
  ])('is taken over from %s', async (_, owner) => {
    await writeFile(join(folder, 'lock'), owner)
    const release = await take()
    await expect(take()).rejects.toMatchObject({ code })
    await release()
  })

  it.each([
    ['a process that runs', `${process.ppid}`],
    // Whoever it is, process 1 runs, and may be somebody else's.
    ['a process that may not be signalled', '1'],
  ])('is not taken from %s', async (_, owner) => {
    await writeFile(join(folder, 'lock'), owner)
    await expect(take()).rejects.toMatchObject({ code, message: expect.stringContaining(`process ${owner}`) })
  })
})
