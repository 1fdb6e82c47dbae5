import { describe, expect, it } from 'vitest'
import { platformClock, platformRandom } from '../src/platform.js'

const pause = (ms: number, signal: AbortSignal) => platformClock.sleep(ms, signal)

describe('the platform', () => {
  it('tells the time in milliseconds', () => {
    expect(platformClock.nowMs()).toBeGreaterThan(Date.UTC(2026, 0))
  })

  it('sleeps until it is over, or until the signal aborts', async () => {
    const controller = new AbortController()
    await pause(1, controller.signal)
    const long = pause(2 ** 30, controller.signal)
    controller.abort()
    await long
    await pause(2 ** 30, controller.signal)
  })

  it('has random bytes, others every time', () => {
    const [one, other] = [platformRandom.bytes(16), platformRandom.bytes(16)]
    expect(one).toHaveLength(16)
    expect(one).not.toEqual(other)
  })
})
