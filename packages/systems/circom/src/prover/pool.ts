import { Worker } from 'node:worker_threads'
import { buildModule } from './engine.js'
import type { Task } from './tasks.js'

interface Queued {
  readonly task: Task
  readonly resolve: (result: Uint8Array | null) => void
}

/** Threads that take tasks from one queue. An error in a thread ends the process: its parent starts another. */
export class Pool {
  #idle: Worker[]
  #queue: Queued[] = []

  private constructor(readonly workers: readonly Worker[]) {
    this.#idle = [...workers]
  }

  static async start(threads: number): Promise<Pool> {
    const workerData = await buildModule()
    const script = new URL('./worker.js', import.meta.url)
    return new Pool(Array.from({ length: threads }, () => new Worker(script, { workerData })))
  }

  get threads(): number {
    return this.workers.length
  }

  /** Urgent tasks are those that others wait for. */
  run(task: Task, urgent = false): Promise<Uint8Array | null> {
    return new Promise((resolve) => {
      if (urgent) this.#queue.unshift({ task, resolve })
      else this.#queue.push({ task, resolve })
      this.#next()
    })
  }

  #next(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const worker = this.#idle.pop() as Worker
      const { task, resolve } = this.#queue.shift() as Queued
      worker.once('message', (result: Uint8Array | null) => {
        this.#idle.push(worker)
        this.#next()
        resolve(result)
      })
      worker.postMessage(task)
    }
  }
}
