import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WeftError } from '@weft/protocol'

/** Where a process's kernel record has its start time, behind its name: proc_pid_stat(5), field 22. */
const START_FIELD = 19

/** A process's id and start time, so that it is told from a later one with its id; no time where there is no /proc. */
const nameOf = async (pid: number): Promise<string> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name is in parentheses and may hold spaces.
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD]
  return `${pid} ${start ?? ''}`.trim()
}

const isRunning = async (owner: string): Promise<boolean> => {
  const pid = Number(owner.split(' ')[0])
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, as somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = await nameOf(pid)
  return now === owner || !owner.includes(' ') || !now.includes(' ')
}

/** Tells apart two of this process's calls that make the same lock at once. */
let lastAttempt = 0
const besides = (path: string, what: string) => `${path}.${process.pid}-${++lastAttempt}.${what}`

/** Creates the lock with its owner in it at once, so that nobody reads it half written. */
const create = async (path: string, owner: string): Promise<boolean> => {
  const whole = besides(path, 'new')
  await writeFile(whole, owner)
  try {
    await link(whole, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(whole, { force: true })
  }
}

/** Takes a dead owner's lock away, and puts it back if somebody else was faster and it is theirs by now. */
const removeStale = async (path: string, stale: string): Promise<void> => {
  const aside = besides(path, 'stale')
  await rename(path, aside).catch(() => undefined)
  const taken = await readFile(aside, 'utf8').catch(() => stale)
  if (taken !== stale) await link(aside, path)
  await rm(aside, { force: true })
}

const lock = async (path: string, inUse: (other: string) => WeftError): Promise<() => Promise<void>> => {
  const owner = await nameOf(process.pid)
  if (await create(path, owner)) return () => rm(path, { force: true })
  const other = await readFile(path, 'utf8').catch(() => '')
  if (!(await isRunning(other))) {
    await removeStale(path, other)
    if (await create(path, owner)) return () => rm(path, { force: true })
  }
  throw inUse(other || '?')
}

/**
 * Makes its caller the only one who holds the lock at `path`, on one machine; resolves with the release. The lock of
 * a process that is gone is taken over. Errors: `file_in_use`.
 */
export const lockFile = (path: string): Promise<() => Promise<void>> =>
  lock(
    path,
    (other) =>
      new WeftError('file_in_use', `${path} is held by process ${other}: stop it, or use another folder`, {
        path,
      }),
  )

/** As `lockFile`, for all of a folder that exists: the lock is its file `lock`. Errors: `folder_in_use`. */
export const lockFolder = (folder: string): Promise<() => Promise<void>> =>
  lock(
    join(folder, 'lock'),
    (other) =>
      new WeftError(
        'folder_in_use',
        `${folder} is used by process ${other}: stop it, or use another folder`,
        {
          folder,
        },
      ),
  )
