import { readdir, readFile } from 'node:fs/promises'

/** Every process that a command starts inherits it, however it is detached. */
export const MARK = 'WEFT_COMMAND'

/** Passes over the processes that are left; one that forks faster than it is ended gets several. */
const PASSES = 20

interface Process {
  readonly pid: number
  readonly parent: number
  readonly session: number
  readonly residentBytes: number
}

const field = (status: string, name: string): number =>
  Number(status.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1] ?? 0)

/** Null for a process that ended meanwhile. */
const readProcess = async (pid: number): Promise<Process | null> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null)
  // A zombie has no memory, and cannot be ended once more.
  if (status === null || /^State:\s+Z/m.test(status)) return null
  return {
    pid,
    parent: field(status, 'PPid'),
    session: field(status, 'NSsid'),
    residentBytes: 1024 * field(status, 'VmRSS'),
  }
}

const listProcesses = async (): Promise<readonly Process[]> => {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const processes = await Promise.all(pids.map(readProcess))
  return processes.filter((process) => process !== null)
}

/**
 * The processes of a command: those of its session, those they started, and those that carry its mark because they
 * left both. Empty where there is no /proc.
 */
export class ProcessTree {
  /** Whether a process that is in no session of ours carries the mark; read once each. */
  #marked = new Map<number, boolean>()

  constructor(
    readonly root: number,
    readonly mark: string,
  ) {}

  /** Resident memory of all of them; what they share counts for each. */
  async residentBytes(): Promise<number> {
    return (await this.#members()).reduce((sum, { residentBytes }) => sum + residentBytes, 0)
  }

  /** Ends all of them. */
  async kill(): Promise<void> {
    // Where there is no /proc, this is all.
    killProcess(-this.root)
    for (let pass = 0; pass < PASSES; pass++) {
      this.#marked.clear()
      const members = await this.#members()
      if (members.length === 0) return
      for (const { pid } of members) killProcess(pid)
    }
  }

  async #members(): Promise<readonly Process[]> {
    const processes = await listProcesses()
    const members = new Map<number, Process>()
    for (const process of processes) {
      if (process.session === this.root || (await this.#isMarked(process.pid))) {
        members.set(process.pid, process)
      }
    }
    for (let before = -1; before !== members.size; ) {
      before = members.size
      for (const process of processes) if (members.has(process.parent)) members.set(process.pid, process)
    }
    return [...members.values()]
  }

  async #isMarked(pid: number): Promise<boolean> {
    const known = this.#marked.get(pid)
    if (known !== undefined) return known
    // Not readable: somebody else's, and none of ours.
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
    const isMarked = environment.split('\0').includes(`${MARK}=${this.mark}`)
    this.#marked.set(pid, isMarked)
    return isMarked
  }
}

const killProcess = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // Gone, or by now somebody else's.
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}
