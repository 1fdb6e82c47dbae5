import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createNoirSystem, type NoirSystem } from '@weft/system-noir'
import { onTestFinished, vi } from 'vitest'
import { newFolder } from './support.js'

/** What it answers: yes to a proof, and sevens for a key and a hash. */
const ANSWERS = `
const text = (s) => Buffer.concat([Buffer.of(0xa0 | s.length), Buffer.from(s)])
const bytes = (n) => Buffer.concat([Buffer.of(0xc4, n), Buffer.alloc(n, 7)])
const answerOf = (name, fields) =>
  Buffer.concat([Buffer.of(0x92), text(name + 'Response'), Buffer.of(0x80 | fields.length), ...fields.flat()])
const answers = [
  ['CircuitVerify', [[text('verified'), Buffer.of(0xc3)]]],
  ['Poseidon2Hash', [[text('hash'), bytes(32)]]],
  ['CircuitComputeVk', [[text('bytes'), bytes(96)], [text('fields'), Buffer.of(0x90)], [text('hash'), bytes(32)]]],
].map(([name, fields]) => [name, answerOf(name, fields)])`

/**
 * A `bb`. `start` is run before it listens, `asked` at each request: JavaScript that knows `run`, how many ran before it,
 * `die(signal)`, `note(file)`, which makes a file, `when(file, act)`, which waits for one, and there `answer`, which answers.
 */
export const speaking = ({ start = '', asked = 'answer()' }): string => `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync } = require('node:fs')
${ANSWERS}
const note = (file) => appendFileSync(__dirname + '/' + file, '.')
note('runs')
const run = readFileSync(__dirname + '/runs').length - 1
const die = (signal) => process.kill(process.pid, signal)
const when = (file, act) => (existsSync(__dirname + '/' + file) ? act() : setTimeout(when, 5, file, act))
const length = Buffer.alloc(4)
${start}
require('node:net').createServer((socket) => {
  let received = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    if (received.length < 4 || received.length < 4 + received.readUInt32LE(0)) return
    const [, found] = answers.find(([name]) => received.includes(name))
    received = Buffer.alloc(0)
    const answer = () => {
      length.writeUInt32LE(found.length)
      socket.write(Buffer.concat([length, found]))
    }
    ${asked}
  })
}).listen(process.argv[5])
`

/** The proof system on a script in place of `bb`. */
export interface Fake {
  readonly system: NoirSystem
  /** Puts a file beside the script; without arguments, the script itself. */
  put(name?: string, text?: string): Promise<void>
  /** Resolves when the script has made a file. */
  seen(name: string): Promise<unknown>
}

/** Null for a `bb` that is not there. The system ends with its test. */
export const fakeBb = async (script: string | null, answerMs = 30_000, name = 'bb'): Promise<Fake> => {
  const folder = await newFolder()
  const put = (file = 'bb', text = script ?? '') => writeFile(join(folder, file), text, { mode: 0o755 })
  if (script !== null) await put()
  const system = createNoirSystem({
    srs: { kind: 'dev', crsPath: folder, bbPath: join(folder, name) },
    cacheFolder: folder,
    threads: 1,
    answerMs,
  })
  onTestFinished(() => system.close())
  const seen = (file: string) => vi.waitUntil(() => existsSync(join(folder, file)), { timeout: 60_000 })
  return { system, put, seen }
}
