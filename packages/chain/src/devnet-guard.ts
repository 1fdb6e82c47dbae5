/**
 * Runs a command for as long as this process's stdin is open, so that it never outlives the process that started
 * the guard, even after a SIGKILL. Usage: devnet-guard.js COMMAND ARGUMENTS...
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const [command, ...args] = process.argv.slice(2)
if (command === undefined) throw new Error('usage: devnet-guard.js COMMAND ARGUMENTS...')

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
const stop = () => {
  child.kill('SIGTERM')
  // anvil ends at once; whatever does not is not worth waiting for.
  setTimeout(() => child.kill('SIGKILL'), 2_000).unref()
}

child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
// As a shell says it: whoever watches the guard sees what ended the command.
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']))
// A terminal's Ctrl-C reaches the whole group: the owner shuts down in its own order and closes stdin last.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', stop)
process.stdin.on('end', stop).on('error', stop).resume()
