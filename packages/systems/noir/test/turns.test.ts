import type { Limits } from '@weft/proof'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withLimitsTogether } from '../src/limits.js'
import { Turns } from '../src/turns.js'

const never = new AbortController().signal
const limits = (change: Partial<Limits> = {}): Limits => ({
  signal: never,
  memoryBytes: Number.POSITIVE_INFINITY,
  timeMs: 1000,
  ...change,
})

/** A child whose job ends when the test says so, or when it is killed. */
class FakeChild {
  readonly pid = undefined
  readonly turns = new Turns(this)
  kills = 0
  end: (answer: string) => void = () => undefined
  #reject: (error: Error) => void = () => undefined

  kill(error: Error): void {
    this.kills++
    this.#reject(error)
  }

  job(given = limits()): Promise<string> {
    const work = () =>
      new Promise<string>((resolve, reject) => {
        this.end = resolve
        this.#reject = reject
      })
    const answer = this.turns.take(given, work)
    // Whoever waits for it later hears of it all the same.
    answer.catch(() => undefined)
    return answer
  }
}

let child: FakeChild
beforeEach(() => {
  vi.useFakeTimers()
  child = new FakeChild()
})
afterEach(() => vi.useRealTimers())

const settle = () => vi.advanceTimersByTimeAsync(0)

test('a job that is cancelled while it waits fails at once, and alone', async () => {
  const cancel = new AbortController()
  const first = child.job()
  const second = child.job(limits({ signal: cancel.signal }))
  const third = child.job()
  await settle()
  cancel.abort()
  await expect(second).rejects.toMatchObject({ code: 'cancelled' })
  expect(child.kills).toBe(0)
  child.end('first')
  expect(await first).toBe('first')
  await settle()
  child.end('third')
  expect(await third).toBe('third')
})

test('a job’s time begins with its turn, and ends that job alone', async () => {
  const first = child.job(limits({ timeMs: 10_000 }))
  const second = child.job()
  const third = child.job()
  await vi.advanceTimersByTimeAsync(5000)
  child.end('first')
  expect(await first).toBe('first')
  await vi.advanceTimersByTimeAsync(999)
  expect(child.kills).toBe(0)
  await vi.advanceTimersByTimeAsync(1)
  await expect(second).rejects.toMatchObject({ code: 'time_limit' })
  await settle()
  child.end('third')
  expect(await third).toBe('third')
  expect(child.kills).toBe(1)
})

test('a job that is cancelled in its turn ends the child', async () => {
  const cancel = new AbortController()
  const job = child.job(limits({ signal: cancel.signal }))
  await settle()
  cancel.abort()
  await expect(job).rejects.toMatchObject({ code: 'cancelled' })
  expect(child.kills).toBe(1)
})

test('one that is cancelled already has no turn', async () => {
  await expect(child.job(limits({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
    code: 'cancelled',
  })
})

test('steps together take no longer than one may, and what else waits is left alone', async () => {
  const other = child.job(limits({ timeMs: 10_000 }))
  const steps = withLimitsTogether(limits(), (each) => child.job(each))
  const failed = expect(steps).rejects.toMatchObject({ code: 'time_limit' })
  await vi.advanceTimersByTimeAsync(1000)
  await failed
  expect(child.kills).toBe(0)
  child.end('other')
  expect(await other).toBe('other')
})
