import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lease } from '@weft/api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { copyDatabase } from './database.js'
import { claimOf, leaseOf, prove, Users, until } from './harness.js'

/** What L1 does with a settlement; silent, it never answers the process that sent it. */
type L1Answer = 'answers' | 'gets-nothing' | 'stays-silent'

/** A coordinator that is a process; all its lives have one folder and one address. */
class CoordinatorProcess extends Users {
  readonly clock = { nowMs: () => Date.now() }
  #child: ChildProcess | null = null

  constructor(readonly folder: string) {
    super()
  }

  async start(l1Answer: L1Answer = 'answers'): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port
    const script = new URL('./process-child.mjs', import.meta.url)
    this.#child = fork(script, [this.folder, port, this.sequencer.address.toLowerCase(), l1Answer])
    this.url = (await this.told('listening')).url as string
  }

  /** Rejects where the process ends before it tells this. */
  async told(kind: 'listening' | 'settling'): Promise<{ kind: string; url?: string }> {
    const child = this.#child as ChildProcess
    return new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error(`ended before ${kind}`)))
      child.on('message', (message: { kind: string }) => {
        if (message.kind === kind) resolve(message)
      })
    })
  }

  async kill(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])
  }

  async settlements(): Promise<string[]> {
    const ledger = await readFile(join(this.folder, 'l1.txt'), 'utf8').catch(() => '')
    return ledger.split('\n').slice(0, -1)
  }
}

let coordinator: CoordinatorProcess
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-process-'))
  await copyDatabase(folder)
  coordinator = new CoordinatorProcess(folder)
})
afterEach(async () => {
  await coordinator.kill()
  await rm(coordinator.folder, { recursive: true, force: true })
})

it('a coordinator killed at every step loses nothing, has nothing proven again and settles once', async () => {
  const leased: Lease[] = []
  const batchOf = (id: `0x${string}`) => coordinator.client().batch({ params: { id } })

  await coordinator.start()
  const node = await coordinator.node()
  const id = await coordinator.batch(3)

  // Killed after it has accepted a batch: the batch is there.
  await coordinator.kill()
  await coordinator.start()
  expect(await batchOf(id)).toMatchObject({ state: 'proving', segments: 3, proven: 0 })
  for (let i = 0; i < 3; i++) leased.push(await leaseOf(node))

  // Killed with leases out: they go on by their ids, and their jobs are nobody else's.
  await coordinator.kill()
  await coordinator.start()
  for (const { id: lease } of leased) await node.api.heartbeat({ params: { id: lease }, body: {} })
  const other = await coordinator.node()
  expect(await other.api.lease({ query: { waitMs: '0' } })).toBeUndefined()

  // Killed while proofs arrive: those that were acknowledged are there, the others are taken again.
  const handedIn = leased.slice(0, 2).map((lease) => prove(node, lease))
  await Promise.any(handedIn)
  await coordinator.kill()
  const answers = await Promise.allSettled(handedIn)
  const acknowledged = answers.filter(({ status }) => status === 'fulfilled').length
  expect(acknowledged).toBeGreaterThan(0)
  await coordinator.start('gets-nothing')
  const { proven } = await batchOf(id)
  expect(proven).toBeGreaterThanOrEqual(acknowledged)
  expect(proven).toBeLessThanOrEqual(2)
  for (const lease of leased) expect(await prove(node, lease)).toMatchObject({ accepted: true })
  expect((await batchOf(id)).proven).toBe(3)

  // Killed while it settles, before L1 has heard of it: it settles.
  const settling = coordinator.told('settling')
  for (let i = 0; i < 2; i++) {
    const merge = await leaseOf(node, '10000')
    leased.push(merge)
    await prove(node, merge)
  }
  await settling
  await coordinator.kill()
  expect(await coordinator.settlements()).toEqual([])

  // Killed while it settles, after L1 has recorded it: it does not settle again.
  await coordinator.start('stays-silent')
  await until(async () => (await coordinator.settlements()).length > 0)
  await coordinator.kill()
  await coordinator.start()
  await until(async () => (await batchOf(id)).state === 'settled')
  const { claimsRoot } = await claimOf(coordinator.client(), id)
  expect(await coordinator.settlements()).toEqual([claimsRoot])

  // Each job was leased once, and is paid.
  const jobs = leased.map(({ job }) => job.id)
  expect(new Set(jobs).size).toBe(5)
  expect(await other.api.lease({ query: { waitMs: '0' } })).toBeUndefined()
  const { claims } = await coordinator.client().payouts({ params: { prover: node.address }, query: {} })
  expect(claims.flatMap(({ entries }) => entries.map((entry) => entry.job)).sort()).toEqual(jobs.sort())
}, 120_000)
