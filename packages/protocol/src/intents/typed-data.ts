import { asciiBytes } from '../ascii.js'
import { hashWords, keccak256 } from '../hash.js'
import { type Address, type Bytes32, hexToBytes, uintToBytes32 } from '../hex.js'

/** What binds an intent to one deployment: the EIP-712 domain, `name` "Weft Market" and `version` "1" added. */
export interface MarketDomain {
  readonly chainId: bigint
  /** The escrow contract that settles the intent. */
  readonly contract: Address
}

/** The atomic and dynamic types that intents are made of. */
export type FieldType = 'address' | 'bytes32' | 'address[]' | `uint${8 | 32 | 40 | 64 | 96 | 128 | 256}`
export type FieldValue = bigint | number | string | readonly string[]

/** An EIP-712 struct: its name and, in order, its fields. */
export interface StructType {
  readonly name: string
  readonly fields: readonly { readonly name: string; readonly type: FieldType }[]
}

const MAXIMA = new Map<FieldType, bigint>(
  [8, 32, 40, 64, 96, 128, 256].map((bits) => [`uint${bits}` as FieldType, (1n << BigInt(bits)) - 1n]),
)

/** The largest value of an unsigned field; undefined for other types. */
export const maxOf = (type: FieldType): bigint | undefined => MAXIMA.get(type)

/** EIP-712 `encodeType`: `Name(type field,…)`. */
export const encodeType = (struct: StructType): string =>
  `${struct.name}(${struct.fields.map((field) => `${field.type} ${field.name}`).join(',')})`

const TYPE_HASHES = new Map<StructType, Bytes32>()

export const typeHash = (struct: StructType): Bytes32 => {
  const known = TYPE_HASHES.get(struct)
  if (known !== undefined) return known
  const hash = keccak256(asciiBytes(encodeType(struct)))
  TYPE_HASHES.set(struct, hash)
  return hash
}

const encodeField = (type: FieldType, value: FieldValue): Bytes32 => {
  if (type === 'address[]') return hashWords(...(value as readonly Address[]))
  if (type === 'address') return `0x${(value as string).slice(2).padStart(64, '0')}`
  if (type === 'bytes32') return value as Bytes32
  return uintToBytes32(BigInt(value as bigint | number))
}

/** EIP-712 `hashStruct`. Throws a RangeError for a negative number or one above 256 bits. */
export const structHash = (struct: StructType, message: object): Bytes32 => {
  const values = message as Readonly<Record<string, FieldValue>>
  const words = struct.fields.map((field) => encodeField(field.type, values[field.name] as FieldValue))
  return hashWords(typeHash(struct), ...words)
}

const DOMAIN_TYPE = keccak256(
  asciiBytes('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'),
)
const NAME = keccak256(asciiBytes('Weft Market'))
const VERSION = keccak256(asciiBytes('1'))

export const domainSeparator = (domain: MarketDomain): Bytes32 =>
  hashWords(DOMAIN_TYPE, NAME, VERSION, uintToBytes32(domain.chainId), domain.contract)

/**
 * The EIP-712 digest: what is signed, and the id of an intent. Binds chain, contract and every field, so the owner
 * and its nonce too: no two intents share an id, and none is valid elsewhere.
 */
export const digestOf = (domain: MarketDomain, struct: StructType, message: object): Bytes32 => {
  const bytes = new Uint8Array(66)
  bytes.set([0x19, 0x01])
  bytes.set(hexToBytes(domainSeparator(domain)), 2)
  bytes.set(hexToBytes(structHash(struct, message)), 34)
  return keccak256(bytes)
}

/** The message in the form that viem's and ethers' signers take. */
export const typedData = (domain: MarketDomain, struct: StructType, message: object) => ({
  domain: { name: 'Weft Market', version: '1', chainId: domain.chainId, verifyingContract: domain.contract },
  types: { [struct.name]: struct.fields },
  primaryType: struct.name,
  message: { ...message } as Record<string, unknown>,
})

/** Checks a signature over a digest: ECDSA, or ERC-1271 where the signer is a contract. */
export interface SignatureChecker {
  isSignedBy(signer: Address, digest: Bytes32, signature: string): Promise<boolean>
}
