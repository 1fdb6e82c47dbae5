import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dataRoot, type Hex, uintToBytes32 } from '@weft/protocol'
import { type Batch, type BatchProver, genesisState, segmentData, stateRoot } from '@weft/rollup'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { runCircuit } from './circuit.js'
import { addressOf, BASE_FEE, signRaw } from './wallet.js'
import {
  CallError,
  cleanUp,
  copyFolder,
  createClock,
  createFakeL1,
  createFakeProver,
  ETHER,
  genesis,
  logger,
  newFolder,
  openingOf,
  post,
  silentProver,
  startWorld,
  until,
  type World,
} from './world.js'

afterEach(cleanUp)

const send = (world: World, raw: Hex) => world.call('eth_sendRawTransaction', raw)
const batch = (maxTransfers: number, maxUnproven = 100) => ({ maxTransfers, maxAgeMs: 1_000, maxUnproven })
const balanceOf = async (world: World, i: number) =>
  BigInt((await world.call('eth_getBalance', addressOf(i))) as string)

describe('batches', () => {
  test('close by count, by age, and never empty', async () => {
    const { clock, pass, timers } = createClock()
    const world = await startWorld({ batch: batch(2) }, { clock })
    expect(timers.size).toBe(0)
    await send(world, await signRaw(1, { nonce: 1 }))
    expect(timers.size).toBe(0)
    await send(world, await signRaw(1, { nonce: 0 }))
    await until(() => world.rollup.status().included === 1)
    await send(world, await signRaw(2))
    pass(999)
    expect(world.rollup.status().transfers).toEqual({ included: 2, ready: 1, waiting: 0 })
    pass(1)
    await until(() => world.rollup.status().included === 2)
  })

  test('have segments whose inputs prove them, and the data that L1 recomputes', async () => {
    const prover = createFakeProver()
    const l1 = createFakeL1()
    const world = await startWorld({ batch: batch(3), segmentSize: 2 }, { prover, l1 })
    const raws = await Promise.all(
      [0, 1, 2].map((nonce) => signRaw(1, { nonce, to: addressOf(5), value: 9n })),
    )
    await Promise.all(raws.map((raw) => send(world, raw)))
    await until(() => l1.taken.length === 1)
    const [asked] = prover.asked as [Batch]
    expect(asked.segments).toHaveLength(2)
    let at = stateRoot(genesisState(genesis))
    for (const { inputs, ...statement } of asked.segments) {
      expect(await runCircuit(inputs)).toEqual(statement)
      expect(statement.pre).toBe(at)
      at = statement.post
    }
    expect([asked.pre, asked.post]).toEqual([world.rollup.genesisRoot, at])
    expect(asked.transfers.length).toBe(2 + 2 * 64 * 3)
    const records = [asked.transfers.slice(0, 2 + 256), `0x${asked.transfers.slice(2 + 256)}`] as Hex[]
    expect(asked.data).toBe(dataRoot(records.map((one) => segmentData(one, 2))))
    expect(await balanceOf(world, 5)).toBe(27n)
    expect(await balanceOf(world, 0)).toBe(3n * 21_000n * BASE_FEE)
  })

  test('wait in the pool while too many are unproven', async () => {
    const { clock, pass } = createClock()
    const held = createFakeProver()
    const gate: (() => void)[] = []
    const prover: BatchProver = {
      prove: async (one, signal) => {
        await new Promise<void>((open) => gate.push(open))
        return held.prove(one, signal)
      },
    }
    const world = await startWorld({ batch: batch(1, 1) }, { clock, prover })
    for (const nonce of [0, 1]) await send(world, await signRaw(1, { nonce }))
    await until(() => gate.length === 1)
    pass(1_000)
    expect(world.rollup.status()).toMatchObject({ included: 1, transfers: { ready: 1 } })
    gate[0]?.()
    await until(() => world.rollup.status().final.batch === 1)
    pass(1_000)
    await until(() => world.rollup.status().included === 2)
  })
})

describe('on the way to L1', () => {
  test('failures are tried again, and told', async () => {
    const { clock, pass } = createClock()
    const l1 = createFakeL1()
    let failures = 2
    const prover: BatchProver = {
      prove: async (one) => {
        if (failures-- > 0) throw new Error('coordinator is down')
        return openingOf(one)
      },
    }
    const advance = l1.advance
    let refusals = 1
    l1.advance = async (...args) => {
      if (refusals-- > 0) throw new Error('L1 is down')
      return advance(...args)
    }
    const world = await startWorld({}, { clock, prover, l1 })
    await send(world, await signRaw(1))
    for (const [error, delayMs] of [
      ['prove batch 1: coordinator is down', 1_000],
      ['prove batch 1: coordinator is down', 2_000],
      ['advance batch 1: L1 is down', 1_000],
    ] as const) {
      await until(() => world.rollup.status().lastError === error)
      pass(delayMs)
      await until(() => world.rollup.status().lastError === null || error.startsWith('prove'))
    }
    await until(() => world.rollup.status().final.batch === 1)
    expect(world.rollup.status().lastError).toBeNull()
  })

  test('batches advance in order, however their proofs come', async () => {
    const l1 = createFakeL1()
    const gates = new Map<number, () => void>()
    const prover: BatchProver = {
      prove: async (one) => {
        await new Promise<void>((open) => gates.set(one.number, open))
        return openingOf(one)
      },
    }
    const world = await startWorld({}, { prover, l1 })
    for (const nonce of [0, 1]) await send(world, await signRaw(1, { nonce }))
    await until(() => gates.size === 2)
    gates.get(2)?.()
    const [second] = ((await world.call('eth_getBlockByNumber', '0x2', false)) as { transactions: string[] })
      .transactions
    await until(
      async () =>
        ((await world.call('weft_transactionStatus', second)) as { stage: string }).stage === 'proven',
    )
    expect([l1.taken.length, world.rollup.status().proven]).toEqual([0, 0])
    gates.get(1)?.()
    await until(() => world.rollup.status().final.batch === 2)
    expect(l1.taken.map(({ number }) => number)).toEqual([1, 2])
  })

  test("another batch's proof is not taken", async () => {
    const prover: BatchProver = { prove: async (one) => openingOf({ ...one, post: uintToBytes32(7n) }) }
    const world = await startWorld({}, { prover })
    await send(world, await signRaw(1))
    await until(() => world.rollup.status().lastError !== null)
    expect(world.rollup.status().lastError).toMatch(/answered batch 1 with another claim/)
    expect(world.rollup.status()).toMatchObject({ proven: 0, final: { batch: 0 } })
  })

  test.each([
    ['starts from another state', { batches: 0, root: uintToBytes32(7n) }],
    ['has taken another batch', { batches: 1, root: uintToBytes32(7n) }],
  ])('a contract that %s is not advanced, and asked again until it is the right one', async (_, foreign) => {
    const { clock, pass, timers } = createClock()
    const l1 = createFakeL1()
    const { head } = l1
    l1.head = async () => foreign
    const codes: unknown[] = []
    const warn = (fields: { err?: { code?: string } }) => codes.push(fields.err?.code)
    const world = await startWorld({}, { clock, l1, logger: { ...logger, warn } })
    await send(world, await signRaw(1))
    await until(() => timers.size > 0)
    pass(1_000)
    await until(() => timers.size > 0)
    expect(codes).toEqual(['l1_diverged', 'l1_diverged'])
    expect(world.rollup.status()).toMatchObject({ proven: 1, final: { batch: 0 } })
    expect(world.rollup.status().lastError).toMatch(/^advance batch 1: .* is not this rollup's/)
    expect(l1.taken).toEqual([])

    l1.head = head
    pass(2_000)
    await until(() => world.rollup.status().final.batch === 1)
    expect([l1.taken.length, world.rollup.status().lastError]).toEqual([1, null])
  })

  test('a contract that has lost batches is not advanced', async () => {
    const l1 = createFakeL1()
    const world = await startWorld({}, { l1 })
    await send(world, await signRaw(1, { nonce: 0 }))
    await until(() => world.rollup.status().final.batch === 1)
    l1.head = async () => ({ batches: 0, root: world.rollup.genesisRoot })
    await send(world, await signRaw(1, { nonce: 1 }))
    await until(() => world.rollup.status().lastError !== null)
    expect(world.rollup.status().lastError).toMatch(/^advance batch 2: L1 is at batch 0 /)
    expect(l1.taken).toHaveLength(1)
  })
})

describe('a restart', () => {
  test('proves again what was not proven, advances what was, and sends nothing twice', async () => {
    const l1 = createFakeL1()
    const first = await startWorld({}, { l1, prover: silentProver })
    const hash = await send(first, await signRaw(1))
    await until(() => first.rollup.status().included === 1)
    const block = await first.call('eth_getBlockByNumber', 'latest', true)

    // Proven, but L1 is away.
    const prover = createFakeProver()
    const away = { ...l1, head: async () => Promise.reject(new Error('L1 is down')) }
    const second = await startWorld({ folder: await copyFolder(first.options.folder) }, { l1: away, prover })
    await until(() => second.rollup.status().lastError !== null)
    expect([second.rollup.status().proven, prover.asked.length]).toEqual([1, 1])
    expect(await second.call('eth_getBlockByNumber', 'latest', true)).toEqual(block)

    // L1 has taken it, but we stopped before we knew.
    await l1.advance(
      prover.asked[0] as Batch,
      openingOf(prover.asked[0] as Batch),
      new AbortController().signal,
    )
    const third = await startWorld(
      { folder: await copyFolder(second.options.folder) },
      { l1, prover: silentProver },
    )
    await until(() => third.rollup.status().final.batch === 1)
    expect(l1.taken).toHaveLength(1)

    const fourth = await startWorld(
      { folder: await copyFolder(third.options.folder) },
      { l1, prover: silentProver },
    )
    expect(fourth.rollup.status()).toMatchObject({ final: { batch: 1 }, root: l1.taken[0]?.post })
    expect(await fourth.call('eth_getTransactionReceipt', hash)).toMatchObject({ weft: { stage: 'final' } })
    expect(await fourth.call('eth_getBlockByNumber', 'latest', true)).toEqual(block)
  })

  test('refuses the folder of another rollup, one in use, and one that was tampered with', async () => {
    const world = await startWorld()
    await expect(startWorld({ folder: world.options.folder })).rejects.toMatchObject({
      code: 'folder_in_use',
    })
    const other = { ...genesis, chainId: 5n }
    const copy = await copyFolder(world.options.folder)
    await expect(startWorld({ folder: copy, genesis: other })).rejects.toMatchObject({
      code: 'journal_foreign',
    })
    await expect(startWorld({ folder: copy, segmentSize: 4 })).rejects.toMatchObject({
      code: 'journal_foreign',
    })
    const line = JSON.stringify([{ kind: 'batch', number: 1, atMs: 0, hashes: [uintToBytes32(1n)] }])
    await appendFile(join(copy, 'journal.jsonl'), `${line}\n`)
    await expect(startWorld({ folder: copy })).rejects.toMatchObject({ code: 'journal_diverged' })
  })

  test('notices a history that does not lead to its recorded root', async () => {
    const world = await startWorld()
    await send(world, await signRaw(1))
    await until(() => world.rollup.status().final.batch === 1)
    const folder = await copyFolder(world.options.folder)
    const text = await readFile(join(folder, 'journal.jsonl'), 'utf8')
    const forged = text.replace(
      `"post":"${world.rollup.status().root}","l1Tx"`,
      `"post":"${uintToBytes32(1n)}","l1Tx"`,
    )
    expect(forged).not.toBe(text)
    await writeFile(join(folder, 'journal.jsonl'), forged)
    await expect(startWorld({ folder })).rejects.toMatchObject({ code: 'journal_diverged' })
  })

  test('at any byte of the journal loses nothing that was acknowledged before it', async () => {
    const world = await startWorld({ batch: batch(2) }, { prover: silentProver })
    const acknowledged: { hash: string; at: number }[] = []
    const file = join(world.options.folder, 'journal.jsonl')
    for (const [i, nonce] of [0, 1, 2].entries()) {
      const hash = (await send(
        world,
        await signRaw(1 + (i % 2), { nonce: i % 2 === 0 ? nonce / 2 : 0 }),
      )) as string
      acknowledged.push({ hash, at: (await readFile(file)).length })
    }
    await until(() => world.rollup.status().included === 1)
    const bytes = await readFile(file)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), async (cut) => {
        const folder = await newFolder()
        await writeFile(join(folder, 'journal.jsonl'), bytes.subarray(0, cut))
        const again = await startWorld({ folder, batch: batch(2) }, { prover: silentProver })
        for (const { hash, at } of acknowledged) {
          if (at <= cut) expect(await again.call('weft_transactionStatus', hash)).not.toBeNull()
        }
        await again.rollup.close()
      }),
      { numRuns: 40, examples: [[0], [bytes.length], [bytes.length - 1]] },
    )
  })
})

describe('options', () => {
  test.each([
    ['a segment of nothing', { segmentSize: 0 }, 'bad_options'],
    ['a batch of nothing', { batch: batch(0) }, 'bad_options'],
    ['a batch beyond the gas of a block', { batch: batch(1_429) }, 'bad_options'],
    ['a chain without an id', { genesis: { ...genesis, chainId: 0n } }, 'bad_genesis'],
  ])('%s is refused', async (_, change, code) => {
    await expect(startWorld(change)).rejects.toMatchObject({ code })
  })
})

describe('a full disk', () => {
  test('refuses the transaction and takes it when there is room', async () => {
    const { Sequencer } = await import('../src/sequencer/sequencer.js')
    const { clock, pass } = createClock()
    let isFull = true
    const kinds: string[] = []
    const journal = {
      append: async ({ kind }: { kind: string }) => {
        if (isFull) throw new CallError(0, 'full')
        kinds.push(kind)
      },
    }
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }
    const sequencer = new Sequencer(
      { genesis, segmentSize: 2, batch: batch(9), pool: { maxTransfers: 9, maxWaiting: 9, maxPerSender: 9 } },
      { clock, logger, prover: createFakeProver(), l1: createFakeL1(), journal },
      [],
    )
    const raw = await signRaw(1)
    await expect(sequencer.accept(raw)).rejects.toThrow('full')
    expect(sequencer.pool.size).toBe(0)
    isFull = false
    await sequencer.accept(raw)
    isFull = true
    pass(1_000)
    await until(() => sequencer.pool.ready === 1)
    expect(sequencer.chain.head.number).toBe(0)
    isFull = false
    await until(() => {
      pass(1_000)
      return sequencer.chain.finalNumber === 1
    })
    expect(kinds).toEqual(['transfer', 'batch', 'proven', 'final'])
    await sequencer.close()
  })
})

describe('any day of a rollup', () => {
  const raws: Hex[] = []
  beforeAll(async () => {
    for (const from of [1, 2]) {
      for (let nonce = 0; nonce < 4; nonce++) {
        for (const [to, value] of [
          [1, 0n],
          [2, ETHER / 2n],
          [0, 5n],
          [6, 1n],
        ] as const) {
          raws.push(await signRaw(from, { nonce, to: addressOf(to), value }))
        }
      }
    }
  })

  test('conserves the supply and every acknowledged transfer, through restarts', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.nat(31) },
      { weight: 2, arbitrary: fc.constantFrom('pass' as const, 'restart' as const) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (script) => {
        const { clock, pass } = createClock()
        const [prover, l1] = [createFakeProver(), createFakeL1()]
        let world = await startWorld({ batch: batch(3) }, { clock, prover, l1 })
        const acknowledged: string[] = []
        const supply = async () => {
          // One batch of calls reads one state: no block can come in between.
          const calls = [0, 1, 2, 3, 6].map((i) => ({
            jsonrpc: '2.0',
            id: i,
            method: 'eth_getBalance',
            params: [addressOf(i)],
          }))
          const answers = (await (await post(world.url, calls)).json()) as { result: string }[]
          return answers.reduce((sum, { result }) => sum + BigInt(result), 0n)
        }
        for (const one of script) {
          if (one === 'pass') pass(1_000)
          else if (one === 'restart') {
            await world.rollup.close()
            world = await startWorld({ ...world.options }, { clock, prover, l1 })
          } else {
            await send(world, raws[one] as Hex).then(
              (hash) => acknowledged.push(hash as string),
              (error) => expect(error).toBeInstanceOf(CallError),
            )
          }
          expect(await supply()).toBe(3n * ETHER)
          for (const hash of acknowledged)
            expect(await world.call('weft_transactionStatus', hash)).not.toBeNull()
        }
        await until(async () => {
          pass(60_000)
          const { included, final, transfers } = world.rollup.status()
          return transfers.ready === 0 && included === final.batch
        })
        expect(await supply()).toBe(3n * ETHER)
        expect(l1.taken.at(-1)?.post ?? world.rollup.genesisRoot).toBe(world.rollup.status().root)
        await world.rollup.close()
      }),
      { numRuns: 8 },
    )
  })
})
