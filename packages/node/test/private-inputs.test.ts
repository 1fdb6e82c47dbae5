import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ApiError, type Job, PRIVATE_INPUTS, type SignedEncryptionKey } from '@weft/api'
import { type Bytes32, commitmentId, encryptionKeyId, tag } from '@weft/protocol'
import { sealInputs } from '@weft/sealing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clock, prover, until } from './support/harness.js'
import { createMarketHarness, domain, isSigned, type MarketHarness, nowS } from './support/market.js'
import type { Behaviour } from './support/system.js'

const MARKER = 'the-requesters-secret-8f2c41'
const DAY_S = 86_400

let h: MarketHarness
/** What the coordinator has for every lease. */
let sealed: Uint8Array | null
beforeEach(async () => {
  h = await createMarketHarness()
  sealed = null
  h.coordinator.handlers.sealedInputs = () => {
    if (sealed === null) throw new ApiError('unknown_blob', 'nothing is sealed to this node')
    return sealed
  }
})
afterEach(() => h.close())

const announced = (): SignedEncryptionKey => {
  const key = h.coordinator.log.capabilities.at(-1)?.encryptionKey
  if (!key) throw new Error('no key')
  return key
}

const started = async (deps: object = {}) => {
  const before = h.coordinator.log.capabilities.length
  const node = await h.start({}, {}, deps)
  await until(() => h.coordinator.log.capabilities.length > before)
  return node
}

/** A job with private inputs that is matched and sealed to the node's key. */
const privateJob = async (n: number, behave?: Behaviour, to: { key?: Bytes32; job?: Bytes32 } = {}) => {
  const job = (await h.segment(n, behave, { marker: MARKER })) as Extract<Job, { kind: 'segment' }>
  const { inputs } = job.segment
  const clear = h.coordinator.blobs.get(inputs) as Uint8Array
  h.coordinator.blobs.delete(inputs)
  const inThreeDays = nowS() + 3 * DAY_S
  const { commitment } = await h.match(job, {
    request: { proofDeadline: inThreeDays },
    commitment: { deadline: inThreeDays },
  })
  const sealedFor = { request: commitment.request, job: to.job ?? job.id, prover }
  sealed = await sealInputs(clear, to.key ?? announced().publicKey, sealedFor, new Uint8Array(32).fill(n))
  return { ...job, segment: { ...job.segment, inputs: PRIVATE_INPUTS } }
}

const isOnDisk = async () => {
  const entries = await readdir(h.folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  // A file that was written aside may have its own name by now, under which it is read too or at the next look.
  const read = (path: string) =>
    readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0)
      throw error
    })
  const texts = await Promise.all(files.map(({ parentPath, name }) => read(join(parentPath, name))))
  return texts.some((text) => text.includes(MARKER))
}
const isLogged = () => JSON.stringify(h.lines).includes(MARKER)

describe('an encryption key', () => {
  it('is announced with the prover’s signature, and kept for the node’s user alone', async () => {
    await started()
    const { signature, ...key } = announced()
    expect(await isSigned(encryptionKeyId(domain, { ...key, prover }), signature)).toBe(true)
    expect(key.expiry).toBeGreaterThan(Date.now() / 1000 + DAY_S)
    expect((await stat(join(h.folder, 'encryption-keys.json'))).mode & 0o777).toBe(0o600)
  })

  it('is renewed every day; the one before opens for a day longer, and is gone then', async () => {
    const first = await started()
    const old = announced().publicKey
    await first.stop()
    h.pass(DAY_S)
    const second = await started()
    const now = announced().publicKey
    expect(now).not.toBe(old)
    h.coordinator.queue.push(await privateJob(1, undefined, { key: old }))
    await until(() => h.coordinator.log.accepted.length === 1)
    await second.stop()
    h.pass(DAY_S)
    await started()
    const kept = await readFile(join(h.folder, 'encryption-keys.json'), 'utf8')
    expect(kept).not.toContain(old)
    h.coordinator.queue.push(await privateJob(2, undefined, { key: old }))
    await until(() => h.coordinator.log.released.length === 1)
    expect(h.coordinator.log.released[0]?.reason).toBe('bad_inputs')
  })

  it('is renewed while the node runs', async () => {
    const often = {
      nowMs: () => clock.nowMs() + shiftMs,
      sleep: (ms: number, signal: AbortSignal) =>
        ms === 600_000 ? delay(5, undefined, { signal }).catch(() => undefined) : clock.sleep(ms, signal),
    }
    let shiftMs = 0
    await started({ clock: often })
    const old = announced().publicKey
    shiftMs = DAY_S * 1000
    await until(() => announced().publicKey !== old)
  })

  it('that cannot be read is replaced', async () => {
    await writeFile(join(h.folder, 'encryption-keys.json'), 'damaged')
    await started()
    expect(announced().publicKey).toMatch(/^0x/)
  })
})

describe('a job with private inputs', () => {
  it('is opened, proven, and committed to only then; the inputs are in no file and no log', async () => {
    await started()
    h.hold(true)
    const job = await privateJob(1)
    h.coordinator.queue.push(job)
    await until(() => h.started.includes('leaf') && h.coordinator.log.beats.length > 2)
    expect(h.log.committed).toEqual([])
    expect(await isOnDisk()).toBe(false)
    h.hold(false)
    await until(() => h.coordinator.log.accepted.length === 1)
    expect(h.coordinator.log.accepted[0]).toMatchObject({ job: job.id, proof: h.segmentProof(1) })
    const terms = h.coordinator.terms.get(job.id)
    const [committed] = h.log.committed
    expect(await isSigned(commitmentId(domain, terms?.commitment as never), committed?.signature ?? '')).toBe(
      true,
    )
    expect(await isOnDisk()).toBe(false)
    expect(isLogged()).toBe(false)
  })

  it('is opened after a restart between the sealing and the lease', async () => {
    const first = await started()
    const job = await privateJob(1)
    await first.stop()
    h.coordinator.queue.push(job)
    await started()
    await until(() => h.coordinator.log.accepted.length === 1)
  })

  it.each<[string, () => Promise<Job>]>([
    ['sealed for another job', () => privateJob(1, undefined, { job: tag('another') })],
    ['sealed to another key', () => privateJob(1, undefined, { key: `0x${'09'.padEnd(64, '0')}` })],
    [
      'changed on the way',
      async () => {
        const job = await privateJob(1)
        sealed = (sealed as Uint8Array).map((byte, i) => (i === 500 ? byte ^ 1 : byte))
        return job
      },
    ],
    [
      'cut short',
      async () => {
        const job = await privateJob(1)
        sealed = (sealed as Uint8Array).slice(0, 40)
        return job
      },
    ],
    [
      'not there',
      async () => {
        const job = await privateJob(1)
        sealed = null
        return job
      },
    ],
  ])('%s is given back, and nothing is signed for it', async (_, make) => {
    await started()
    h.coordinator.queue.push(await make())
    await until(() => h.coordinator.log.released.length === 1)
    expect(h.coordinator.log.released[0]?.reason).toBe('bad_inputs')
    expect(h.log.committed).toEqual([])
    expect(h.l1.sent).toEqual([])
  })

  it('whose inputs do not satisfy it is given back without a word of them', async () => {
    const node = await started()
    h.coordinator.queue.push(await privateJob(1, 'unsatisfied'))
    await until(() => h.coordinator.log.released.length === 1)
    expect(h.coordinator.log.released[0]?.reason).toBe('unsatisfied')
    await until(() => node.status().lastFailure !== null)
    expect(node.status().lastFailure).toMatchObject({
      code: 'unsatisfied',
      message: expect.stringMatching(/not kept/),
    })
    expect(JSON.stringify(h.lines)).not.toContain('it unsatisfied')
    expect(h.log.committed).toEqual([])
  })

  it('that took too long is not signed for: it would be broken at once', async () => {
    await started()
    h.hold(true)
    h.coordinator.queue.push(await privateJob(1))
    await until(() => h.started.includes('leaf'))
    h.pass(4 * DAY_S)
    h.hold(false)
    await until(() => h.coordinator.log.released.length === 1)
    expect(h.coordinator.log.released[0]?.reason).toBe('declined')
    expect(h.log.committed).toEqual([])
  })
})
