import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WeftError } from '@weft/protocol'

/** Where a process's kernel record has its start time, in clock ticks since boot (proc_pid_stat(5), field 22). */
const START_FIELD = 19

/** Tells a process from a later one with the same id. Undefined where there is no /proc. */
const startOf = async (pid: number): Promise<string | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The second field is the program's name in parentheses, which may hold spaces.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD]
}

const isRunning = async (owner: string): Promise<boolean> => {
  const [pidText, start] = owner.trim().split(' ')
  const pid = Number(pidText)
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = await startOf(pid)
  return start === undefined || now === undefined || now === start
}

/** Creates the lock with its owner in it at once, so that nobody reads it half written. */
const create = async (file: string, owner: string): Promise<boolean> => {
  const whole = `${file}.${process.pid}.new`
  await writeFile(whole, owner)
  try {
    await link(whole, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(whole, { force: true })
  }
}

/** Takes a dead owner's lock away, and puts it back if somebody else was faster and the lock is now theirs. */
const removeStale = async (file: string, stale: string): Promise<void> => {
  const aside = `${file}.${process.pid}.stale`
  await rename(file, aside).catch(() => undefined)
  const taken = await readFile(aside, 'utf8').catch(() => stale)
  if (taken !== stale) await link(aside, file)
  await rm(aside, { force: true })
}

/**
 * Makes this process the only one that uses a folder, and gives the function that ends that. A lock whose process is
 * gone is taken over. Throws a WeftError `folder_in_use`.
 */
export const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const file = join(folder, 'lock')
  const owner = `${process.pid} ${(await startOf(process.pid)) ?? ''}`.trim()
  if (!(await create(file, owner))) {
    const other = await readFile(file, 'utf8').catch(() => '')
    if (!(await isRunning(other))) await removeStale(file, other)
    if (!(await create(file, owner))) {
      throw new WeftError(
        'folder_in_use',
        `${folder} is used by process ${other || '?'}: stop it, or give another folder`,
        {
          folder,
        },
      )
    }
  }
  return () => rm(file, { force: true })
}
