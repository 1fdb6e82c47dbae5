import { type Address, type Hex, keccak256, uintToBytes32 } from '@weft/protocol'
import { decodeTransfer, recoverTransfer, type Transfer, TransferRefused } from '@weft/rollup'
import { SigningKey, Transaction, Wallet } from 'ethers'
import fc from 'fast-check'
import {
  concatHex,
  fromRlp,
  hexToBytes,
  numberToHex,
  parseTransaction,
  serializeTransaction,
  toRlp,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { addressOf, signRaw, wallet } from './wallet.js'

const U64 = (1n << 64n) - 1n
const U96 = (1n << 96n) - 1n
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const anyTransfer = fc
  .record({
    key: fc.bigInt(1n, ORDER - 1n),
    // viem and ethers keep chain ids and nonces as numbers.
    chainId: fc.maxSafeNat().filter((id) => id > 0),
    nonce: fc.maxSafeNat(),
    tip: fc.bigInt(0n, U64),
    extra: fc.bigInt(0n, U64),
    gas: fc.bigInt(0n, U64),
    to: fc.bigInt(0n, (1n << 160n) - 1n),
    value: fc.bigInt(0n, U96),
  })
  .map(({ key, tip, extra, to, ...rest }) => ({
    ...rest,
    key: uintToBytes32(key),
    to: `0x${uintToBytes32(to).slice(26)}` as Address,
    maxPriorityFeePerGas: tip,
    maxFeePerGas: tip + extra > U64 ? U64 : tip + extra,
  }))

describe('a transfer', () => {
  test('viem, ethers and we agree on encoding, hash, signer and key', async () => {
    await fc.assert(
      fc.asyncProperty(anyTransfer, async ({ key, gas, ...fields }) => {
        const byViem = await privateKeyToAccount(key).signTransaction({ type: 'eip1559', gas, ...fields })
        const byEthers = await new Wallet(key).signTransaction({ type: 2, gasLimit: gas, ...fields })
        expect(byEthers).toBe(byViem)

        const ours = await recoverTransfer(decodeTransfer(byViem))
        const theirs = Transaction.from(byViem)
        expect(ours.hash).toBe(theirs.hash)
        expect(ours.from).toBe(theirs.from?.toLowerCase())
        expect(`0x04${ours.publicKey.slice(2)}`).toBe(SigningKey.computePublicKey(key))
        expect(ours).toMatchObject({
          chainId: BigInt(fields.chainId),
          nonce: BigInt(fields.nonce),
          maxFeeWeiPerGas: fields.maxFeePerGas,
          maxPriorityFeeWeiPerGas: fields.maxPriorityFeePerGas,
          gasLimit: gas,
          to: fields.to,
          valueWei: fields.value,
          r: theirs.signature?.r,
          s: theirs.signature?.s,
          yParity: theirs.signature?.yParity,
        })
      }),
      { numRuns: 60 },
    )
  })

  /** Null where it is refused as it should be. */
  const takenOr = (raw: Hex): Transfer | null => {
    try {
      return decodeTransfer(raw)
    } catch (error) {
      expect(error).toBeInstanceOf(TransferRefused)
      return null
    }
  }

  test('of any bytes, only the canonical encoding of a transfer is taken', async () => {
    const raw = hexToBytes(await signRaw(1, { value: 1_000_000n, nonce: 300, maxPriorityFeePerGas: 5n }))
    fc.assert(
      fc.property(fc.nat(raw.length - 1), fc.nat(255), fc.nat(3), (at, byte, kind) => {
        const bytes = [...raw]
        if (kind === 0) bytes.splice(at, 1)
        else if (kind === 1) bytes.splice(at, 0, byte)
        else bytes[at] = byte
        const mutated = `0x${Buffer.from(bytes).toString('hex')}` as Hex
        const taken = takenOr(mutated)
        if (taken === null) return
        expect(taken.hash).toBe(keccak256(hexToBytes(mutated)))
        // A tip above the cap is refused by the rules; viem cannot write it.
        if (taken.maxPriorityFeeWeiPerGas > taken.maxFeeWeiPerGas) return
        const { r, s, yParity, ...signed } = parseTransaction(mutated)
        expect(serializeTransaction(signed as never, { r, s, yParity } as never)).toBe(mutated)
      }),
      { numRuns: 500 },
    )
  })
})

describe('refused', () => {
  const fieldsOf = async (): Promise<(Hex | Hex[])[]> =>
    fromRlp(`0x${(await signRaw(1, { value: 5n, nonce: 7 })).slice(4)}`, 'hex') as (Hex | Hex[])[]
  const encode = (fields: (Hex | Hex[])[]): Hex => concatHex(['0x02', toRlp(fields as never)])
  const withField = async (at: number, value: Hex | Hex[]) => encode((await fieldsOf()).with(at, value))
  const upperS = async () => {
    const fields = await fieldsOf()
    const s = numberToHex(ORDER - BigInt(fields[11] as Hex), { size: 32 })
    return encode(fields.with(9, fields[9] === '0x' ? '0x01' : '0x').with(11, s))
  }

  test('the unchanged one is taken', async () => {
    const raw = encode(await fieldsOf())
    expect((await recoverTransfer(decodeTransfer(raw))).from).toBe(addressOf(1))
  })

  test.each<[string, string, () => Promise<Hex>]>([
    ['leading zeros in the nonce', 'malformed_transaction', () => withField(1, '0x0007')],
    ['a zero nonce as a zero byte', 'malformed_transaction', () => withField(1, '0x00')],
    ['leading zeros in the value', 'malformed_transaction', () => withField(6, '0x0005')],
    [
      'leading zeros in r',
      'malformed_transaction',
      async () => withField(10, `0x00${((await fieldsOf())[10] as Hex).slice(2)}`),
    ],
    ['trailing bytes', 'malformed_transaction', async () => concatHex([encode(await fieldsOf()), '0x00'])],
    ['cut short', 'malformed_transaction', async () => encode(await fieldsOf()).slice(0, -2) as Hex],
    ['a field too many', 'malformed_transaction', async () => encode([...(await fieldsOf()), '0x'])],
    ['unsigned', 'malformed_transaction', async () => encode((await fieldsOf()).slice(0, 9))],
    [
      'a single byte as a string of one',
      'malformed_transaction',
      async () => encode(await fieldsOf()).replace('07', '8107') as Hex,
    ],
    ['a list where a number belongs', 'malformed_transaction', () => withField(1, ['0x01'])],
    ['a short address', 'malformed_transaction', () => withField(5, '0x0102')],
    ['nothing', 'malformed_transaction', async () => '0x'],
    ['not RLP', 'malformed_transaction', async () => '0x02ff'],
    ['no list', 'malformed_transaction', async () => '0x0280'],
    ['no recipient', 'unsupported_transaction', () => withField(5, '0x')],
    ['data', 'unsupported_transaction', () => withField(7, '0x00')],
    [
      'an access list',
      'unsupported_transaction',
      async () => signAny({ type: 'eip1559', accessList: [{ address: addressOf(1), storageKeys: [] }] }),
    ],
    ['legacy', 'unsupported_transaction', async () => signAny({ type: 'legacy', gasPrice: 1n })],
    ['EIP-2930', 'unsupported_transaction', async () => signAny({ type: 'eip2930', gasPrice: 1n })],
    ['EIP-7702', 'unsupported_transaction', async () => signAny({ type: 'eip7702', authorizationList: [] })],
    ['blobs', 'unsupported_transaction', async () => '0x03c0'],
    ['far too long', 'unsupported_transaction', () => withField(7, `0x${'01'.repeat(300)}`)],
    ['a value of 2^96', 'field_too_large', () => withField(6, numberToHex(1n << 96n))],
    [
      'a nonce of 2^64',
      'field_too_large',
      () => withField(1, numberToHex(((1n << 64n) * 256n) >> 8n, { size: 9 })),
    ],
    ['a fee of 2^64', 'field_too_large', () => withField(3, numberToHex(1n << 64n, { size: 9 }))],
    ['a high s', 'invalid_signature', upperS],
    ['parity 2', 'invalid_signature', () => withField(9, '0x02')],
    ['r = 0', 'invalid_signature', () => withField(10, '0x')],
    ['s = 0', 'invalid_signature', () => withField(11, '0x')],
    ['r = the order', 'invalid_signature', () => withField(10, numberToHex(ORDER, { size: 32 }))],
  ])('%s', async (_, code, make) => {
    const raw = await make()
    expect(() => decodeTransfer(raw)).toThrow(expect.objectContaining({ name: 'TransferRefused', code }))
  })

  test('a signature that no key fits', async () => {
    // 5 is no x coordinate of a point on secp256k1: 5^3 + 7 is no square.
    const raw = await withField(10, '0x05')
    await expect(recoverTransfer(decodeTransfer(raw))).rejects.toMatchObject({ code: 'invalid_signature' })
  })

  const signAny = (fields: object): Promise<Hex> =>
    wallet(1).signTransaction({ chainId: 1, nonce: 0, to: addressOf(1), gas: 21_000n, ...fields } as never)
})
