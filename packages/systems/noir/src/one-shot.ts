import { fork } from 'node:child_process'
import { type Limits, ProofError } from '@weft/proof'
import { withLimits } from './limits.js'

/**
 * The one answer of a script in a process of its own, for work that computes for seconds or writes to the
 * standard output; `message` is sent to it, if there is one. Errors: those of the limits; `prover_crashed` when
 * the script ends without an answer.
 */
export const oneShot = <Answer>(
  script: URL,
  args: string[],
  limits: Limits,
  message?: string,
): Promise<Answer> => {
  const child = fork(script, args, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
  })
  let kill: (error: Error) => void = () => undefined
  const answer = new Promise<Answer>((resolve, reject) => {
    kill = (error) => {
      child.kill('SIGKILL')
      reject(error)
    }
    child.once('message', (value: Answer) => resolve(value))
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      reject(new ProofError('prover_crashed', `ended with ${signal ?? `code ${code}`}`)),
    )
  })
  if (message !== undefined) child.send(message)
  return withLimits({ pid: child.pid, kill: (error) => kill(error) }, limits, () => answer)
}
