import { fork } from 'node:child_process'
import { type Limits, ProofError } from '@weft/proof'
import { withLimits } from './limits.js'

/**
 * Compilers are megabytes of WebAssembly that run once, for a second or two: optimising them takes V8 longer than they
 * take without (2.1 s become 0.8 s for a small Noir program, 4.2 s 1.9 s for a large one, at a fourth of the work).
 */
const EXEC_ARGV = ['--liftoff-only']

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
    execArgv: EXEC_ARGV,
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
