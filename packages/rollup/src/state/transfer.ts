import {
  type Address,
  type Bytes32,
  type Hex,
  isHex,
  keccak256 as keccakBytes,
  uintToBytes32,
} from '@weft/protocol'
import { concatHex, fromRlp, hexToBytes, keccak256, recoverPublicKey, toRlp } from 'viem'
import { TransferRefused } from './refusal.js'

/** A plain transfer as its signer wrote it: an EIP-1559 transaction without data and access list. */
export interface Transfer {
  readonly chainId: bigint
  readonly nonce: bigint
  readonly maxPriorityFeeWeiPerGas: bigint
  readonly maxFeeWeiPerGas: bigint
  readonly gasLimit: bigint
  readonly to: Address
  readonly valueWei: bigint
  readonly yParity: 0 | 1
  readonly r: Bytes32
  readonly s: Bytes32
  /** The canonical encoding, type byte first. */
  readonly raw: Hex
  /** The transaction's hash. */
  readonly hash: Bytes32
}

/** A transfer and who signed it. */
export interface SignedTransfer extends Transfer {
  readonly from: Address
  /** The signer's uncompressed key, x then y, 64 bytes. */
  readonly publicKey: Hex
}

/** More than any plain transfer can take: 12 fields, the largest of 33 bytes. */
const MAX_RAW_BYTES = 256
const U64 = 1n << 64n
const U96 = 1n << 96n
/** Order of secp256k1 (SEC 2, section 2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const malformed = (what: string) =>
  new TransferRefused(
    'malformed_transaction',
    `malformed transaction: ${what}; send the canonical EIP-1559 encoding`,
  )

const unsupported = (what: string) =>
  new TransferRefused('unsupported_transaction', `${what}: this rollup takes plain EIP-1559 transfers only`)

const fieldsOf = (raw: Hex): readonly (Hex | readonly unknown[])[] => {
  // The largest transfer first, so that the rest looks at few bytes.
  if (raw.length > 2 + 2 * MAX_RAW_BYTES) throw unsupported('transaction too large')
  if (!isHex(raw)) throw malformed('not lower-case hexadecimal of whole bytes')
  if (raw.length === 2) throw malformed('empty')
  if (!raw.startsWith('0x02')) {
    throw unsupported(`transaction type not supported (first byte ${raw.slice(0, 4)})`)
  }
  const body: Hex = `0x${raw.slice(4)}`
  let fields: ReturnType<typeof fromRlp>
  try {
    fields = fromRlp(body, 'hex')
  } catch (cause) {
    throw malformed(`not RLP (${cause instanceof Error ? cause.message.split('\n')[0] : 'unreadable'})`)
  }
  if (!Array.isArray(fields) || fields.length !== 12) throw malformed('not a list of 12 fields')
  // Long forms of short lengths and bytes behind the list decode, but do not come back the same.
  if (toRlp(fields) !== body) throw malformed('not the canonical RLP')
  return fields
}

const uint = (field: unknown, name: string, limit: bigint): bigint => {
  if (typeof field !== 'string') throw malformed(`${name} is a list`)
  if (field.startsWith('0x00')) throw malformed(`${name} has leading zeros`)
  const value = field === '0x' ? 0n : BigInt(field)
  if (value >= limit) {
    throw new TransferRefused('field_too_large', `${name} ${value} is too large: keep it below ${limit}`, {
      field: name,
    })
  }
  return value
}

const recipientOf = (field: unknown): Address => {
  if (field === '0x') throw unsupported('contract creation is not supported')
  if (typeof field !== 'string' || field.length !== 42) throw malformed('to is not 20 bytes')
  return field as Address
}

const signatureOf = (
  parity: unknown,
  rField: unknown,
  sField: unknown,
): Pick<Transfer, 'yParity' | 'r' | 's'> => {
  const bad = (what: string) =>
    new TransferRefused('invalid_signature', `invalid sender: ${what}; sign the transaction again`)
  if (parity !== '0x' && parity !== '0x01') throw bad('yParity is neither 0 nor 1')
  const r = uint(rField, 'r', 1n << 256n)
  const s = uint(sField, 's', 1n << 256n)
  if (r === 0n || s === 0n || r >= ORDER || s >= ORDER) throw bad('r or s outside the curve order')
  if (s > ORDER / 2n) throw bad('s is in the upper half of the curve order (EIP-2)')
  return { yParity: parity === '0x01' ? 1 : 0, r: uintToBytes32(r), s: uintToBytes32(s) }
}

/**
 * Reads the raw bytes of a transaction. Exactly one encoding of a transfer is accepted, the canonical one: the circuit
 * builds it again from the fields. Throws a TransferRefused (`malformed_transaction`, `unsupported_transaction`,
 * `field_too_large`, `invalid_signature`).
 */
export const decodeTransfer = (raw: Hex): Transfer => {
  const fields = fieldsOf(raw)
  const to = recipientOf(fields[5])
  if (fields[7] !== '0x') throw unsupported('transaction data is not supported')
  if (!Array.isArray(fields[8])) throw malformed('the access list is not a list')
  if (fields[8].length > 0) throw unsupported('an access list is not supported')
  return {
    chainId: uint(fields[0], 'chainId', U64),
    nonce: uint(fields[1], 'nonce', U64),
    maxPriorityFeeWeiPerGas: uint(fields[2], 'maxPriorityFeePerGas', U64),
    maxFeeWeiPerGas: uint(fields[3], 'maxFeePerGas', U64),
    gasLimit: uint(fields[4], 'gasLimit', U64),
    to,
    valueWei: uint(fields[6], 'value', U96),
    ...signatureOf(fields[9], fields[10], fields[11]),
    raw,
    hash: keccak256(raw),
  }
}

const signingHash = (transfer: Transfer): Bytes32 => {
  const fields = fromRlp(`0x${transfer.raw.slice(4)}`, 'hex')
  return keccak256(concatHex(['0x02', toRlp(fields.slice(0, 9) as Hex[])]))
}

/** A transfer with the key that signed it, when the key is known from before. */
export const withKey = (transfer: Transfer, publicKey: Hex): SignedTransfer => ({
  ...transfer,
  publicKey,
  from: `0x${keccakBytes(hexToBytes(publicKey)).slice(26)}`,
})

/** Finds the signer. Throws a TransferRefused `invalid_signature` where no key fits. About a millisecond. */
export const recoverTransfer = async (transfer: Transfer): Promise<SignedTransfer> => {
  const { r, s, yParity } = transfer
  try {
    const key = await recoverPublicKey({ hash: signingHash(transfer), signature: { r, s, yParity } })
    return withKey(transfer, `0x${key.slice(4)}`)
  } catch {
    throw new TransferRefused(
      'invalid_signature',
      'invalid sender: no key fits the signature; sign the transaction again',
    )
  }
}
