import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPglite } from '@weft/coordinator'
import { expect, it } from 'vitest'

it('what was acknowledged survives kill -9, and its lock does not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-kill-'))
  let acknowledged = 0
  for (const rows of [20, 57]) {
    const child = fork(new URL('./kill-child.mjs', import.meta.url), [folder])
    const ended = once(child, 'exit')
    let last = 0
    child.on('message', (value: number) => {
      last = value
      if (value === rows) child.kill('SIGKILL')
    })
    await ended
    acknowledged = Math.max(acknowledged, last)
  }
  const database = await openPglite(folder)
  const rows = await database.read("select value from counters where name like 'row-%' order by value", [])
  expect(acknowledged).toBeGreaterThanOrEqual(57)
  expect(rows.map((row) => row.value)).toEqual(Array.from(rows, (_, i) => i + 1))
  // One more may have been stored without the parent hearing of it.
  expect(rows.length).toBeGreaterThanOrEqual(acknowledged)
  await database.close()
  await rm(folder, { recursive: true, force: true })
})
