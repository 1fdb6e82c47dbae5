import { readFileSync } from 'node:fs'
import {
  ATTEMPT,
  attemptId,
  CANCELLATION,
  COMMITMENT,
  type Commitment,
  cancellationId,
  commitmentId,
  digestOf,
  OFFER,
  offerId,
  REQUEST,
  requestId,
  type StructType,
  toAddress,
  typedData,
} from '@weft/protocol'
import fc from 'fast-check'
import { decodeAbiParameters, type Hex, hashTypedData, recoverTypedDataAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { anOffer, aRequest, DOMAIN, proverAt, word } from './build.js'

const aCommitment: Commitment = {
  request: word(1),
  job: word(3),
  prover: proverAt(1),
  priceWei: 4n,
  deadline: 5,
  collateralWei: 6n,
  rank: 0,
}
const MESSAGES = [
  ['request', REQUEST, aRequest(), requestId],
  ['offer', OFFER, anOffer(), offerId],
  ['commitment', COMMITMENT, aCommitment, commitmentId],
  ['attempt', ATTEMPT, { request: word(1), job: word(3), prover: proverAt(1), feeWei: 4n }, attemptId],
  ['cancellation', CANCELLATION, { owner: proverAt(1), intent: word(2) }, cancellationId],
] as const

const hexOf = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => `0x${Buffer.from(b).toString('hex')}`)

const someMessage = (struct: StructType) =>
  fc.record(
    Object.fromEntries(
      struct.fields.map(({ name, type }) => {
        if (type === 'address') return [name, hexOf(20)]
        if (type === 'bytes32') return [name, hexOf(32)]
        if (type === 'address[]') return [name, fc.array(hexOf(20), { maxLength: 3 })]
        const bits = Number(type.slice(4))
        return [name, bits <= 40 ? fc.nat(2 ** bits - 1) : fc.bigInt(0n, (1n << BigInt(bits)) - 1n)]
      }),
    ),
  )

describe.each(MESSAGES)('%s', (_name, struct, message, id) => {
  const idOf = id as (domain: typeof DOMAIN, message: object) => string

  test('hashes as viem hashes it, whatever is in it', () => {
    fc.assert(
      fc.property(someMessage(struct), fc.bigInt(1n, 2n ** 53n), hexOf(20), (body, chainId, contract) => {
        const domain = { chainId, contract: contract as `0x${string}` }
        expect(digestOf(domain, struct, body)).toBe(hashTypedData(typedData(domain, struct, body) as never))
      }),
      { numRuns: 50 },
    )
  })

  test('its id binds chain, contract and every field', () => {
    const own = idOf(DOMAIN, message)
    expect(idOf({ ...DOMAIN, chainId: 1n }, message)).not.toBe(own)
    expect(idOf({ ...DOMAIN, contract: proverAt(1) }, message)).not.toBe(own)
    for (const { name, type } of struct.fields) {
      const other =
        type === 'address[]' ? [] : type === 'address' ? proverAt(77) : type === 'bytes32' ? word(77) : 77
      expect(idOf(DOMAIN, { ...message, [name]: other }), name).not.toBe(own)
    }
  })

  test('a wallet signs it', async () => {
    const account = privateKeyToAccount(word(1))
    const data = typedData(DOMAIN, struct, message) as never
    const signature = await account.signTypedData(data)
    expect(await recoverTypedDataAddress({ ...(data as object), signature } as never)).toBe(account.address)
  })
})

test('ids are those that the contracts compute: their vectors', () => {
  const json = readFileSync(new URL('../../../contracts/test/vectors/intents.json', import.meta.url), 'utf8')
  const vectors = JSON.parse(json)
  const domains = vectors.domains.input.map((input: Hex) => {
    const [chainId, contract] = decodeAbiParameters([{ type: 'uint256' }, { type: 'address' }], input)
    return { chainId, contract: toAddress(contract) }
  })
  const cases = { requests: REQUEST, offers: OFFER, commitments: COMMITMENT, attempts: ATTEMPT }
  for (const [name, struct] of Object.entries(cases)) {
    const { input, id } = vectors[name] as { input: Hex[]; id: Hex[] }
    input.forEach((bytes, i) => {
      const [message] = decodeAbiParameters([{ type: 'tuple', components: struct.fields }], bytes)
      const lower = Object.fromEntries(
        Object.entries(message as object).map(([key, value]) => [
          key,
          typeof value === 'string' ? value.toLowerCase() : value,
        ]),
      )
      expect(digestOf(domains[i], struct, lower), `${name} ${i}`).toBe(id[i])
    })
  }
})
