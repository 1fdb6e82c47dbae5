import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { WeftError } from '@weft/protocol'

/** Folders that this process has locked: its own id in a lock file says nothing about itself. */
const own = new Set<string>()

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Keeps a second process out of a data folder. A lock whose process is gone is taken over. Resolves with the
 * release. Errors: `folder_in_use`.
 */
export const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const file = join(folder, 'lock')
  for (;;) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(String(process.pid))
      await handle.close()
      own.add(file)
      return async () => {
        own.delete(file)
        await rm(file, { force: true })
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const pid = Number(await readFile(file, 'utf8').catch(() => ''))
    const inUse = pid === process.pid ? own.has(file) : pid > 0 && isAlive(pid)
    if (inUse) {
      throw new WeftError(
        'folder_in_use',
        `${folder} is in use by process ${pid}: stop it, or choose another folder`,
        { folder, pid },
      )
    }
    await rm(file, { force: true })
  }
}
