import { type Address, type Bytes32, bytesToHex, hexToBytes, tag } from '@weft/protocol'
import { keyPairFrom, openInputs, recipientOf, type SealedFor, sealedLength, sealInputs } from '@weft/sealing'
import fc from 'fast-check'
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_X25519_HKDF_SHA256 } from 'hpke'
import { describe, expect, test } from 'vitest'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const seed = bytes(32)
const word = bytes(32).map((value) => bytesToHex(value) as Bytes32)
const address = bytes(20).map((value) => bytesToHex(value) as Address)
const sealedFor: fc.Arbitrary<SealedFor> = fc.record({ request: word, job: word, prover: address })
const inputs = fc.uint8Array({ maxLength: 4_000 })
const code = (expected: string) => expect.objectContaining({ code: expected })

/** As RFC 9180 leaves it to the protocol, see `infoOf`. */
const infoOf = ({ request, job, prover }: SealedFor, publicKey: Bytes32) =>
  hexToBytes(
    `0x${[tag('inputs'), request, job, prover, publicKey].map((value) => value.slice(2).padStart(64, '0')).join('')}`,
  )

describe('sealed inputs', () => {
  test('open for the node, request, job and prover that they are for, and tell nothing but a coarse length', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, sealedFor, seed, seed, async (text, to, keySeed, ephemeral) => {
        const pair = await keyPairFrom(keySeed)
        const sealed = await sealInputs(text, pair.publicKey, to, ephemeral)
        expect(await openInputs(sealed, [pair], to)).toEqual(text)
        expect(sealed.length).toBe(sealedLength(text.length))
        expect(recipientOf(sealed)).toBe(pair.publicKey)
      }),
      { numRuns: 30 },
    )
  })

  test('open with the right one of several keys', async () => {
    const [old, now, other] = await Promise.all([1, 2, 3].map((n) => keyPairFrom(new Uint8Array(32).fill(n))))
    const to: SealedFor = { request: tag('r'), job: tag('j'), prover: `0x${'07'.repeat(20)}` }
    const text = new TextEncoder().encode('{"x":"1"}')
    const sealed = await sealInputs(text, old?.publicKey as Bytes32, to, new Uint8Array(32).fill(9))
    expect(await openInputs(sealed, [now, old] as never, to)).toEqual(text)
    await expect(openInputs(sealed, [now, other] as never, to)).rejects.toEqual(code('cannot_open'))
    await expect(openInputs(sealed, [], to)).rejects.toEqual(code('cannot_open'))
  })

  test.each(['request', 'job', 'prover'] as const)('do not open for another %s', async (field) => {
    await fc.assert(
      fc.asyncProperty(inputs, sealedFor, sealedFor, seed, async (text, to, other, keySeed) => {
        fc.pre(to[field] !== other[field])
        const pair = await keyPairFrom(keySeed)
        const sealed = await sealInputs(text, pair.publicKey, to, keySeed)
        const wrong = { ...to, [field]: other[field] }
        await expect(openInputs(sealed, [pair], wrong)).rejects.toEqual(code('cannot_open'))
      }),
      { numRuns: 10 },
    )
  })

  test('do not open with any bit changed, nor cut short, nor made longer', async () => {
    await fc.assert(
      fc.asyncProperty(sealedFor, seed, fc.nat(), fc.nat(), async (to, keySeed, at, length) => {
        const pair = await keyPairFrom(keySeed)
        const sealed = await sealInputs(new Uint8Array(9), pair.publicKey, to, keySeed)
        const flipped = sealed.slice()
        flipped[(at >> 3) % sealed.length] = (flipped[(at >> 3) % sealed.length] ?? 0) ^ (1 << (at & 7))
        for (const changed of [
          flipped,
          sealed.slice(0, length % sealed.length),
          new Uint8Array([...sealed, 0]),
        ])
          await expect(openInputs(changed, [pair], to)).rejects.toEqual(code('cannot_open'))
      }),
      { numRuns: 50 },
    )
  })

  test('sealed to one key, do not open as if they were sealed to another', async () => {
    const [a, b] = await Promise.all([1, 2].map((n) => keyPairFrom(new Uint8Array(32).fill(n))))
    const to: SealedFor = { request: tag('r'), job: tag('j'), prover: `0x${'07'.repeat(20)}` }
    const sealed = await sealInputs(
      new Uint8Array(9),
      a?.publicKey as Bytes32,
      to,
      new Uint8Array(32).fill(9),
    )
    sealed.set(hexToBytes(b?.publicKey as Bytes32))
    await expect(openInputs(sealed, [b] as never, to)).rejects.toEqual(code('cannot_open'))
  })

  test('any bytes at all are refused with one error', async () => {
    const pair = await keyPairFrom(new Uint8Array(32).fill(1))
    const to: SealedFor = { request: tag('r'), job: tag('j'), prover: `0x${'07'.repeat(20)}` }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), fc.boolean(), async (noise, isAddressed) => {
        if (isAddressed && noise.length >= 32) noise.set(hexToBytes(pair.publicKey))
        await expect(openInputs(noise, [pair], to)).rejects.toEqual(code('cannot_open'))
      }),
      { numRuns: 50 },
    )
  })

  test('are made for no key that shares a secret with everybody', async () => {
    const to: SealedFor = { request: tag('r'), job: tag('j'), prover: `0x${'07'.repeat(20)}` }
    for (const point of ['00', '01']) {
      const publicKey: Bytes32 = `0x${point}${'00'.repeat(31)}`
      await expect(sealInputs(new Uint8Array(1), publicKey, to, new Uint8Array(32))).rejects.toEqual(
        code('bad_recipient'),
      )
    }
  })
})

describe('padding', () => {
  test('adds less than an eighth beyond a kilobyte, and leaves few lengths', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2_000, max: 2 ** 26 }), (length) => {
        const sealed = sealedLength(length)
        expect(sealed).toBeGreaterThanOrEqual(length + 4 + 64 + 16)
        expect(sealed).toBeLessThan(length * 1.125 + 128)
      }),
    )
    const lengths = new Set(Array.from({ length: 2 ** 17 }, (_, length) => sealedLength(length)))
    expect(lengths.size).toBeLessThan(160)
  })
})

/** Another implementation of RFC 9180: what either seals, the other opens. */
describe('HPKE as others know it', () => {
  const suite = new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM)
  const to: SealedFor = { request: tag('r'), job: tag('j'), prover: `0x${'07'.repeat(20)}` }

  test('opens what is sealed here', async () => {
    const pair = await keyPairFrom(new Uint8Array(32).fill(5))
    const theirs = await suite.DeriveKeyPair(new Uint8Array(32).fill(5))
    expect(bytesToHex(await suite.SerializePublicKey(theirs.publicKey))).toBe(pair.publicKey)
    const text = new TextEncoder().encode('{"secret":"42"}')
    const sealed = await sealInputs(text, pair.publicKey, to, new Uint8Array(32).fill(6))
    const padded = await suite.Open(theirs, sealed.slice(32, 64), sealed.slice(64), {
      info: infoOf(to, pair.publicKey),
    })
    expect(padded.slice(0, 4 + text.length)).toEqual(new Uint8Array([0, 0, 0, text.length, ...text]))
    expect(padded.slice(4 + text.length).every((byte) => byte === 0)).toBe(true)
  })

  test('seals what opens here', async () => {
    const pair = await keyPairFrom(new Uint8Array(32).fill(5))
    const key = await suite.DeserializePublicKey(hexToBytes(pair.publicKey))
    const padded = new Uint8Array(1024)
    padded.set([0, 0, 0, 2, 7, 8])
    const { encapsulatedSecret, ciphertext } = await suite.Seal(key, padded, {
      info: infoOf(to, pair.publicKey),
    })
    const sealed = new Uint8Array([...hexToBytes(pair.publicKey), ...encapsulatedSecret, ...ciphertext])
    expect(await openInputs(sealed, [pair], to)).toEqual(new Uint8Array([7, 8]))
    // Padded by one who does not pad as agreed: what is behind the inputs says something.
    padded[1000] = 1
    const leaky = await suite.Seal(key, padded, { info: infoOf(to, pair.publicKey) })
    const bad = new Uint8Array([
      ...hexToBytes(pair.publicKey),
      ...leaky.encapsulatedSecret,
      ...leaky.ciphertext,
    ])
    await expect(openInputs(bad, [pair], to)).rejects.toEqual(code('cannot_open'))
  })
})
