import { readdirSync, readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '@weft/chain'
import type { Hex } from '@weft/protocol'

export const clock: Clock = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
}

/** Resolves once `holds` does; looks every few milliseconds. The test's own timeout bounds it. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await delay(5)
}

/** The newest child of a process; throws where there is none. */
const childOf = (pid: number): number => {
  const children = readdirSync('/proc')
    .map(Number)
    .filter((each) => each > 0 && parentOf(each) === pid)
  if (children.length === 0) throw new Error(`process ${pid} has no child`)
  return Math.max(...children)
}

/** See proc(5): the state and the parent follow a name in parentheses. */
const parentOf = (pid: number): number | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    // It has ended since it was listed.
    return null
  }
}

/** SIGKILL for anvil in the devnet that this process has started last: behind its guard. */
export const killAnvil = (): void => {
  process.kill(childOf(childOf(process.pid)), 'SIGKILL')
}

/** Creation code of the given runtime code of at most 32 bytes. */
export const creation = (runtime: string): Hex => {
  const length = runtime.length / 2
  const push = (0x5f + length).toString(16)
  const offset = (32 - length).toString(16).padStart(2, '0')
  return `0x${push}${runtime}60005260${length.toString(16).padStart(2, '0')}60${offset}f3`
}

/** A contract that counts its calls in slot 0. */
export const COUNTER = creation('60016000540160005500')

/** Runtime code that always reverts with the custom error of that selector. */
export const refusingRuntime = (selector: Hex): Hex => `0x63${selector.slice(2)}60e01b60005260046000fd`

/** Creation code of the same. */
export const refusing = (selector: Hex): Hex => creation(refusingRuntime(selector).slice(2))

/** An HTTP endpoint in front of another, which can be down and which counts what goes through. */
export const createProxy = async (target: string) => {
  const seen: string[] = []
  let isDown = false
  let fatal: string | null = null
  const server = createServer((incoming, reply) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const body = Buffer.concat(parts)
      if (fatal !== null && body.includes(fatal)) isDown = true
      if (isDown) return incoming.socket.destroy()
      seen.push(body.toString())
      const onward = request(
        target,
        { method: 'POST', headers: { 'content-type': 'application/json' } },
        (answer) => {
          reply.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' })
          answer.pipe(reply)
        },
      )
      onward.on('error', () => incoming.socket.destroy())
      onward.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    get isDown() {
      return isDown
    },
    setDown: (down: boolean) => {
      isDown = down
      fatal = null
    },
    /** Goes down when it is asked that. */
    goDownAt: (method: string) => {
      fatal = method
    },
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
