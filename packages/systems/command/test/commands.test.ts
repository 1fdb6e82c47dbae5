import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Limits } from '@weft/proof'
import { expect, test, vi } from 'vitest'
import { artifact, externalOf, generous, isAlive, newFolder, node, proveBy, shell, WORD } from './support.js'

// Commands that do what no command should. Whatever they do, their folder and their processes are gone afterwards.

const hasProc = existsSync('/proc/self/status')
const onLinux = test.skipIf(!hasProc)

/** Writes the process ids of children of every kind into $1: plain, in another session, orphaned, with a cleared stage. */
const FORKS = `
sleep 1000 & echo $! >>"$1"
setsid sleep 1000 & echo $! >>"$1"
(setsid sh -c 'sleep 1000 & echo $! >>"$1"' sh "$1" &)
while [ "$(wc -l <"$1")" -lt 3 ]; do :; done
`

const pidsIn = async (path: string): Promise<number[]> =>
  (await readFile(path, 'utf8')).trim().split('\n').map(Number)

const expectNoneAlive = async (pids: readonly number[]) => {
  expect(pids).toHaveLength(3)
  expect(await Promise.all(pids.map(isAlive))).toEqual([false, false, false])
}

test('one that hangs', async () => {
  const { proof, leftovers } = await proveBy(['sleep', '1000'], { ...generous, timeMs: 300 })
  await expect(proof).rejects.toMatchObject({ code: 'time_limit', details: { timeMs: 300 } })
  expect(await leftovers()).toEqual([])
})

test('one that ignores what asks it to end', async () => {
  const script = `trap '' TERM INT HUP; while :; do sleep 1000; done`
  const { proof } = await proveBy(shell(script), { ...generous, timeMs: 300 })
  await expect(proof).rejects.toMatchObject({ code: 'time_limit' })
})

onLinux('one that is cancelled, with children of every kind', async () => {
  const pids = join(await newFolder(), 'pids')
  const controller = new AbortController()
  const { proof, leftovers } = await proveBy(shell(`${FORKS} sleep 1000`, pids), {
    ...generous,
    signal: controller.signal,
  })
  const refused = expect(proof).rejects.toMatchObject({ code: 'cancelled' })
  await vi.waitFor(async () => expect(await pidsIn(pids)).toHaveLength(3), { timeout: 10_000 })
  controller.abort()
  await refused
  await expectNoneAlive(await pidsIn(pids))
  expect(await leftovers()).toEqual([])
})

onLinux('one that leaves children behind has proven nevertheless', async () => {
  const pids = join(await newFolder(), 'pids')
  const script = `${FORKS} printf proof >"$2/proof.bin"; printf '["${WORD}"]' >"$2/public-inputs.json"`
  const { proof } = await proveBy(shell(script, pids, '{output}'))
  expect(await proof).toEqual({ publicInputs: [WORD], proof: Buffer.from('proof') })
  await expectNoneAlive(await pidsIn(pids))
})

const allocate = (bytes: number) =>
  `const kept = []; for (let i = 0; i < ${bytes / 2 ** 24}; i++) kept.push(Buffer.alloc(2 ** 24, 1)); setInterval(() => kept, 1000)`

onLinux('one that takes two gigabytes of memory', async () => {
  const { proof } = await proveBy(node(allocate(2 ** 31)), { ...generous, memoryBytes: 3e8 })
  await expect(proof).rejects.toMatchObject({ code: 'memory_limit', details: { limitBytes: 3e8 } })
})

onLinux('children that take too much together', async () => {
  const script = `node -e "$1" & setsid node -e "$1" & wait`
  const { proof } = await proveBy(shell(script, allocate(2 ** 28)), { ...generous, memoryBytes: 5e8 })
  await expect(proof).rejects.toMatchObject({ code: 'memory_limit' })
})

test('one that fills its folder with two gigabytes', async () => {
  const write = `dd if=/dev/zero of="$1/proof.bin" bs=1M count=2048 2>/dev/null; sleep 1000`
  const { proof, leftovers } = await proveBy(shell(write, '{output}'), generous, { maxDiskBytes: 5e7 })
  await expect(proof).rejects.toMatchObject({ code: 'prover_crashed', details: { limitBytes: 5e7 } })
  expect(await leftovers()).toEqual([])
})

test('one that makes folders which refuse to be removed', async () => {
  const script = `mkdir -p "$1/a/b"; touch "$1/a/b/c"; chmod 0 "$1/a/b" "$1/a"; exit 10`
  const { proof, leftovers } = await proveBy(shell(script, '{output}'))
  await expect(proof).rejects.toMatchObject({ code: 'unsatisfied' })
  expect(await leftovers()).toEqual([])
})

test('one that prints a gigabyte to the standard error', async () => {
  const before = process.memoryUsage().rss
  const { proof } = await proveBy(shell(`yes | head -c 1000000000 >&2; printf 'last \\033words' >&2; exit 5`))
  const error = await proof.catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'prover_crashed', details: { code: 5 } })
  expect(error.message).toMatch(/last words$/)
  expect(error.message.length).toBeLessThan(2500)
  expect(process.memoryUsage().rss - before).toBeLessThan(3e8)
})

const outputs: [string, string][] = [
  ['nothing', ''],
  ['no proof', `printf '[]' >public-inputs.json`],
  ['an empty proof', `: >proof.bin; printf '[]' >public-inputs.json`],
  ['no public inputs', 'printf proof >proof.bin'],
  ['a proof that is too large', `head -c 1001 /dev/zero >proof.bin; printf '[]' >public-inputs.json`],
  ['a proof of two gigabytes', `truncate -s 2G proof.bin; printf '[]' >public-inputs.json`],
  ['a folder as the proof', `mkdir proof.bin; printf '[]' >public-inputs.json`],
  ['a link as the proof', `ln -s /etc/hosts proof.bin; printf '[]' >public-inputs.json`],
  ['a pipe as the proof', `mkfifo proof.bin; printf '[]' >public-inputs.json`],
  ...['', '{', '{}', 'null', '[1]', '["1"]', '["0x2a"]', `["${WORD.toUpperCase()}"]`, `["${WORD}00"]`].map(
    (text): [string, string] => [
      `the public inputs ${text}`,
      `printf proof >proof.bin; printf '%s' '${text}' >public-inputs.json`,
    ],
  ),
  ['too many public inputs', `printf proof >proof.bin; printf '["${WORD}","${WORD}"]' >public-inputs.json`],
  ['a gigabyte of public inputs', `printf proof >proof.bin; truncate -s 1G public-inputs.json`],
]

test.each(outputs)('one that writes %s', async (_, script) => {
  const { proof, leftovers } = await proveBy(shell(`cd "$1"; ${script}`, '{output}'), generous, {
    maxPublicInputs: 1,
  })
  await expect(proof).rejects.toMatchObject({ code: 'prover_crashed' })
  expect(await leftovers()).toEqual([])
})

test.each([
  [10, 'unsatisfied'],
  [11, 'bad_inputs'],
  [12, 'bad_artifact'],
  [1, 'prover_crashed'],
  [127, 'prover_crashed'],
] as const)('one that ends with %i', async (exit, code) => {
  const { proof, leftovers } = await proveBy(shell(`echo because >&2; exit ${exit}`))
  await expect(proof).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/^test: prove.*because$/),
  })
  expect(await leftovers()).toEqual([])
})

test('one that a signal ends', async () => {
  const { proof } = await proveBy(shell('kill -9 $$'))
  await expect(proof).rejects.toMatchObject({ code: 'prover_crashed', details: { signal: 'SIGKILL' } })
})

test('one that is not there, or no program', async () => {
  for (const program of ['no-such-command', '/no/such/command', '/']) {
    const { proof } = await proveBy([program])
    await expect(proof).rejects.toMatchObject({
      code: 'prover_crashed',
      message: expect.stringMatching(/install it/),
    })
  }
})

test('none runs for a job that is cancelled already, nor after closing; closing ends what runs', async () => {
  const aborted: Limits = { ...generous, signal: AbortSignal.abort() }
  const { system } = await externalOf({ prove: ['sleep', '1000'] })
  const { key } = await system.setup(artifact, generous)
  const cancelled = { code: 'cancelled' }
  await expect(system.prove(artifact, key, {}, aborted)).rejects.toMatchObject(cancelled)
  await expect(system.execute(artifact, {}, aborted)).rejects.toMatchObject(cancelled)
  await expect(system.setup(artifact, aborted)).rejects.toMatchObject(cancelled)
  const running = expect(system.prove(artifact, key, {}, generous)).rejects.toMatchObject(cancelled)
  await system.close()
  await system.close()
  await running
  await expect(system.prove(artifact, key, {}, generous)).rejects.toMatchObject(cancelled)
})
