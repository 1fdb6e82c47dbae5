import { fork } from 'node:child_process'

export interface OneShotOptions {
  readonly timeMs: number
  /** Sent as the only message; nothing is sent when undefined. */
  readonly message?: string
}

/**
 * The one answer of a script in a process of its own, for work that computes for seconds or writes to the
 * standard output. Rejects when the script ends without an answer.
 */
export const oneShot = <Answer>(script: URL, args: string[], options: OneShotOptions): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const child = fork(script, args, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      timeout: options.timeMs,
    })
    child.once('message', (answer: Answer) => resolve(answer))
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`ended with ${signal ?? `code ${code}`}`)))
    if (options.message !== undefined) child.send(options.message)
  })
