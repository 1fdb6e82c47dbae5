import { createHash } from 'node:crypto'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeDirectProof, encodeDirectProof } from '@weft/proof'
import { bytesToHex, CONTRACT, hashWords, hexToBytes, uintToBytes32 } from '@weft/protocol'
import { expect, test } from 'vitest'
import { artifact, CONFIG, externalOf, generous, newFolder, shell, WORD } from './support.js'

const CODE_HASH = `0x${'c0'.repeat(32)}` as const
const SELECTOR_WORD = `0x01020304${'00'.repeat(28)}` as const
const hashOf = (bytes: Uint8Array) => `0x${createHash('sha256').update(bytes).digest('hex')}`

test('a proof, from artifact to verification', async () => {
  const given = join(await newFolder(), 'given')
  const { system, leftovers } = await externalOf({
    prove: shell(
      `cp "$1" "$6.artifact"; cp "$2" "$6.key"; cp "$3" "$6.inputs"; printf '%s' "$5" >"$6.threads"; stat -c %a . >"$6.mode"
      printf proof >"$4/proof.bin"; printf '["${WORD}"]' >"$4/public-inputs.json"`,
      ...['{artifact}', '{key}', '{inputs}', '{output}', '{threads}', given],
    ),
    verify: shell(
      `test "$(cat "$1")" = key && test "$(cat "$2")" = '["${WORD}"]' && test "$(cat "$3")" = proof`,
      ...['{key}', '{publicInputs}', '{proof}'],
    ),
  })
  expect([system.name, system.id, system.maxProofBytes]).toEqual(['test', CONTRACT, 4 + 32 * 128 + 1000])
  const { key, cost } = await system.setup(artifact, generous)
  expect(cost).toEqual({ gates: 1000, memoryBytes: 1_000_000 })
  const inputs = { text: '{artifact} $(id) `id`', list: [1, '2', [true]] }
  const proof = await system.prove(artifact, key, inputs, generous)
  expect(proof.publicInputs).toEqual([WORD])
  const read = async (name: string) => (await readFile(`${given}.${name}`, 'utf8')).trim()
  expect(await Promise.all(['artifact', 'key', 'threads', 'mode'].map(read))).toEqual([
    'an artifact',
    'key',
    '3',
    '700',
  ])
  expect(JSON.parse(await read('inputs'))).toEqual(inputs)

  expect(await system.verify(key, proof)).toBe(true)
  expect(await system.verify(key, { ...proof, publicInputs: [uintToBytes32(1n)] })).toBe(false)
  expect(await system.verify(key, { ...proof, proof: new Uint8Array(1001) })).toBe(false)
  expect(await system.verify(key, { ...proof, proof: new Uint8Array() })).toBe(false)
  expect(await system.verify(key, { ...proof, publicInputs: Array(129).fill(WORD) })).toBe(false)
  expect(decodeDirectProof(encodeDirectProof(proof))?.publicInputs).toEqual([WORD])
  expect(await leftovers()).toEqual([])
})

test('a key is the hash of contract and function; with its code, file and address it says how L1 verifies', async () => {
  const { system } = await externalOf({})
  const { key } = await system.setup(artifact, generous)
  expect(key.target).toBe('evm')
  expect(key.hash).toBe(hashWords(CODE_HASH, SELECTOR_WORD, uintToBytes32(0n)))
  expect(bytesToHex(key.bytes)).toBe(
    `${CODE_HASH}${SELECTOR_WORD.slice(2)}00000000026000${Buffer.from('key').toString('hex')}`,
  )
  expect(await system.onChain(key)).toEqual({
    kind: 'contract',
    creationCode: hexToBytes('0x6000'),
    selector: '0x01020304',
    takes: 'bytes',
  })
  const bad = [
    new Uint8Array(),
    key.bytes.subarray(0, 60),
    key.bytes.subarray(0, 65),
    key.bytes.subarray(0, 67),
    key.bytes.subarray(0, 70),
    key.bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
    key.bytes.map((byte, i) => (i === 40 ? 1 : byte)),
    key.bytes.map((byte, i) => (i === 64 ? 1 : byte)),
    key.bytes.map((byte, i) => (i === 64 ? 2 : byte)),
    key.bytes.map((byte, i) => (i === 65 ? 255 : byte)),
  ]
  for (const bytes of bad) {
    const other = { ...key, bytes }
    await expect(system.onChain(other)).rejects.toMatchObject({ code: 'bad_key' })
    await expect(system.prove(artifact, other, {}, generous)).rejects.toMatchObject({ code: 'bad_key' })
    const proof = { publicInputs: [], proof: new Uint8Array(1) }
    await expect(system.verify(other, proof)).rejects.toMatchObject({ code: 'bad_key' })
  }
})

test('a contract that takes words takes 24 of a proof, as L1 does', async () => {
  const asWords = CONFIG.setup.map((argument) => argument.replace('"takes":"bytes"', '"takes":"words"'))
  const write = (bytes: number) =>
    shell(`head -c ${bytes} /dev/zero >"$1/proof.bin"; printf '[]' >"$1/public-inputs.json"`, '{output}')
  const proveOf = async (bytes: number) => {
    const { system } = await externalOf({ setup: asWords, prove: write(bytes) })
    const { key } = await system.setup(artifact, generous)
    expect(key.hash).toBe(hashWords(CODE_HASH, SELECTOR_WORD, uintToBytes32(1n)))
    const verify = (length: number) => system.verify(key, { publicInputs: [], proof: new Uint8Array(length) })
    expect([await verify(768), await verify(736), await verify(800)]).toEqual([true, false, false])
    return system.prove(artifact, key, {}, generous)
  }
  expect((await proveOf(768)).proof).toHaveLength(768)
  await expect(proveOf(767)).rejects.toMatchObject({ code: 'prover_crashed', details: { bytes: 767 } })
})

test('a verifier of the config file is for one artifact alone', async () => {
  const contract = { codeHash: CODE_HASH, selector: '0x01020304', takes: 'bytes' } as const
  const address = `0x${'ad'.repeat(20)}`
  const costs = { gates: 5, memoryBytes: 6 }
  const { system } = await externalOf({
    ...costs,
    setup: undefined,
    verifier: { ...contract, artifact: hashOf(artifact.bytes), address },
  })
  const { key, cost } = await system.setup(artifact, generous)
  expect(cost).toEqual(costs)
  expect(key.hash).toBe(hashWords(CODE_HASH, SELECTOR_WORD, uintToBytes32(0n)))
  expect(await system.onChain(key)).toEqual({
    kind: 'deployed',
    address,
    selector: '0x01020304',
    takes: 'bytes',
  })
  const other = { name: 'other', bytes: Buffer.from('another artifact') }
  const badArtifact = { code: 'bad_artifact' }
  await expect(system.setup(other, generous)).rejects.toMatchObject(badArtifact)
  await expect(system.prove(other, key, {}, generous)).rejects.toMatchObject(badArtifact)
  await expect(system.execute(other, {}, generous)).rejects.toMatchObject(badArtifact)
  const { system: without } = await externalOf({})
  await expect(without.onChain(key)).rejects.toMatchObject({ code: 'bad_key' })
})

test('its creation code comes from a file, and a change of the file changes the key', async () => {
  const contract = { codeHash: CODE_HASH, selector: '0x01020304', takes: 'bytes' } as const
  const verifier = { ...contract, artifact: hashOf(artifact.bytes), creationCode: 'verifier.hex' }
  const { system, folder } = await externalOf({ verifier })
  const setup = () => system.setup(artifact, generous)
  await expect(setup()).rejects.toMatchObject({ code: 'setup_failed' })
  for (const text of ['', '0x', 'no code', '0x123']) {
    await writeFile(join(folder, 'verifier.hex'), text)
    await expect(setup()).rejects.toMatchObject({ code: 'setup_failed' })
  }
  for (const code of ['60AB', '0x60cd\n']) {
    await writeFile(join(folder, 'verifier.hex'), code)
    const creationCode = Buffer.from(code.trim().replace('0x', ''), 'hex')
    const onChain = await system.onChain((await setup()).key)
    expect(onChain).toMatchObject({ kind: 'contract', takes: 'bytes' })
    expect('creationCode' in onChain && Buffer.from(onChain.creationCode)).toEqual(creationCode)
  }
})

test('a program is set up once, and a command keeps its state between jobs', async () => {
  const counts = join(await newFolder(), 'counts')
  const { system } = await externalOf({
    setup: shell(`printf x >>"$2"; ${CONFIG.setup[2]}`, '{output}', counts),
    prove: shell(
      `printf x >>"$2/jobs"; cp "$2/jobs" "$1/proof.bin"; printf '[]' >"$1/public-inputs.json"`,
      '{output}',
      '{state}',
    ),
  })
  const { key } = await system.setup(artifact, generous)
  expect(await system.setup(artifact, generous)).toEqual({ key, cost: expect.anything() })
  expect(await readFile(counts, 'utf8')).toBe('x')
  const prove = (bytes: string) => system.prove({ name: 'p', bytes: Buffer.from(bytes) }, key, {}, generous)
  const sizes = [await prove('one'), await prove('one'), await prove('two')].map(({ proof }) => proof.length)
  expect(sizes).toEqual([1, 2, 1])
})

test('a setup that fails is none, and says why', async () => {
  const failing: [string, string, string?][] = [
    ['bad_artifact', 'exit 12'],
    ['prover_crashed', 'exit 1'],
    ['prover_crashed', ''],
    ['prover_crashed', `${CONFIG.setup[2]}; rm "$1/verifier.json"`],
    ['prover_crashed', `${CONFIG.setup[2]}; rm "$1/key.bin"`],
    ['setup_failed', `${CONFIG.setup[2]}; rm "$1/circuit.json"`],
    ['prover_crashed', `${CONFIG.setup[2]}; printf '{"gates":-1}' >"$1/circuit.json"`],
    ['prover_crashed', `${CONFIG.setup[2]}; printf '{}' >"$1/verifier.json"`],
    ['prover_crashed', `${CONFIG.setup[2]}; truncate -s 2G "$1/key.bin"`],
  ]
  for (const [code, script] of failing) {
    const { system, leftovers } = await externalOf({ setup: shell(script, '{output}') })
    for (const _ of [1, 2]) {
      await expect(system.setup(artifact, generous)).rejects.toMatchObject({ code })
    }
    expect(await leftovers()).toEqual([])
  }
})

test('public inputs without a proof: by a command for it, or by proving', async () => {
  const { system: proving } = await externalOf({})
  expect(await proving.execute(artifact, {}, generous)).toEqual([WORD])
  const { system } = await externalOf({
    prove: ['false'],
    execute: shell(`printf '["${uintToBytes32(7n)}"]' >"$1/public-inputs.json"`, '{output}'),
  })
  expect(await system.execute(artifact, {}, generous)).toEqual([uintToBytes32(7n)])
})

test('a verifier that says neither yes nor no fails, and so does one that hangs', async () => {
  const proof = { publicInputs: [WORD], proof: new Uint8Array(3) }
  const crashing = await externalOf({ verify: shell('echo because >&2; exit 2') })
  const { key } = await crashing.system.setup(artifact, generous)
  await expect(crashing.system.verify(key, proof)).rejects.toMatchObject({
    code: 'prover_crashed',
    message: expect.stringMatching(/because$/),
  })
  const hanging = await externalOf({ verify: ['sleep', '1000'] }, { ...generous, timeMs: 300 })
  await expect(hanging.system.verify(key, proof)).rejects.toMatchObject({ code: 'time_limit' })
  const refusing = await externalOf({ verify: ['false'] })
  expect(await refusing.system.verify(key, proof)).toBe(false)
})

test('a command sees PATH and what the config file names, nothing else', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, 'environment'), '#!/bin/sh\n/usr/bin/env >"$1"\nexit 10\n')
  await chmod(join(folder, 'environment'), 0o755)
  const out = join(folder, 'out')
  const { system, folder: config } = await externalOf(
    {
      env: { HOME: '{config}/home', MODE: 'a b "c" $PATH' },
      setup: undefined,
      gates: 1,
      memoryBytes: 1,
      verifier: {
        codeHash: CODE_HASH,
        selector: '0x01020304',
        takes: 'bytes',
        artifact: hashOf(artifact.bytes),
        address: `0x${'ad'.repeat(20)}`,
      },
      execute: ['environment', out],
    },
    generous,
    folder,
  )
  await expect(system.execute(artifact, {}, generous)).rejects.toMatchObject({ code: 'unsatisfied' })
  const lines = (await readFile(out, 'utf8')).trim().split('\n')
  const seen = lines.filter((line) => !/^(PWD|SHLVL|_|OLDPWD|WEFT_COMMAND)=/.test(line))
  expect(seen.sort()).toEqual([`HOME=${config}/home`, 'MODE=a b "c" $PATH', `PATH=${folder}`])
  expect((await stat(join(config, 'cache', 'test'))).mode & 0o777).toBe(0o700)
})
