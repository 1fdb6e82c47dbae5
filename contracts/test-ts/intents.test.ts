// Writes what EIP-712 says about intents into test/vectors/intents.json, for test/market/Intents.t.sol to compare with
// the contracts. The file is committed; this test fails when it is out of date (`npm run vectors` writes it again).
import { tag } from '@weft/protocol'
import { encodeAbiParameters, type Hex, hashStruct, hashTypedData, type TypedDataDomain } from 'viem'
import { expect, test } from 'vitest'

interface Field {
  readonly name: string
  readonly type: string
}

type Intent = 'Request' | 'Offer' | 'Commitment' | 'Attempt'

/** EIP-712 types of the intents, fields in the order of the contracts' structs. */
const types: Record<Intent, readonly Field[]> = {
  Request: [
    { name: 'owner', type: 'address' },
    { name: 'program', type: 'bytes32' },
    { name: 'pre', type: 'bytes32' },
    { name: 'data', type: 'bytes32' },
    { name: 'startPriceWei', type: 'uint96' },
    { name: 'maxPriceWei', type: 'uint96' },
    { name: 'maxTotalWei', type: 'uint96' },
    { name: 'offerDeadline', type: 'uint40' },
    { name: 'proofDeadline', type: 'uint40' },
    { name: 'collateralWei', type: 'uint96' },
    { name: 'policy', type: 'uint8' },
    { name: 'delivery', type: 'uint8' },
    { name: 'allowedProvers', type: 'bytes32' },
    { name: 'matcher', type: 'address' },
    { name: 'nonce', type: 'uint256' },
  ],
  Offer: [
    { name: 'prover', type: 'address' },
    { name: 'target', type: 'bytes32' },
    { name: 'priceWei', type: 'uint96' },
    { name: 'turnaroundMs', type: 'uint64' },
    { name: 'capacity', type: 'uint32' },
    { name: 'collateralWei', type: 'uint96' },
    { name: 'expiry', type: 'uint40' },
    { name: 'nonce', type: 'uint256' },
  ],
  Commitment: [
    { name: 'request', type: 'bytes32' },
    { name: 'job', type: 'bytes32' },
    { name: 'prover', type: 'address' },
    { name: 'priceWei', type: 'uint96' },
    { name: 'deadline', type: 'uint40' },
    { name: 'collateralWei', type: 'uint96' },
    { name: 'rank', type: 'uint8' },
  ],
  Attempt: [
    { name: 'request', type: 'bytes32' },
    { name: 'job', type: 'bytes32' },
    { name: 'prover', type: 'address' },
    { name: 'feeWei', type: 'uint96' },
  ],
}

const domain = (chainId: number, verifyingContract: Hex): TypedDataDomain => ({
  name: 'Weft Market',
  version: '1',
  chainId,
  verifyingContract,
})

/** A value for a field: nothing, everything, or something. */
const value = (intent: Intent, { name, type }: Field, fill: 'zero' | 'max' | 'some') => {
  const bits = Number(/\d+$/.exec(type)?.[0] ?? 160) * (type.startsWith('bytes') ? 8 : 1)
  const max = (1n << BigInt(bits)) - 1n
  const some = BigInt(tag(`vector ${intent} ${name}`)) & max
  const number = { zero: 0n, max, some }[fill]
  if (type.startsWith('uint')) return bits <= 48 ? Number(number) : number
  return `0x${number.toString(16).padStart(bits / 4, '0')}`
}

const fills = ['zero', 'max', 'some'] as const
const domains = fills.map((_, i) => domain(1 + i * 31_336, `0x${String(i + 1).repeat(40)}`))

const vectorsOf = (primaryType: Intent) => {
  const fields = types[primaryType]
  const messages = fills.map((fill) =>
    Object.fromEntries(fields.map((field) => [field.name, value(primaryType, field, fill)])),
  )
  return {
    input: messages.map((message) => encodeAbiParameters([{ type: 'tuple', components: fields }], [message])),
    hash: messages.map((data) => hashStruct({ types, primaryType, data })),
    id: messages.map((message, i) => hashTypedData({ domain: domains[i], types, primaryType, message })),
  }
}

const vectors = {
  domains: {
    input: domains.map(({ chainId, verifyingContract }) =>
      encodeAbiParameters(
        [{ type: 'uint256' }, { type: 'address' }],
        [BigInt(chainId ?? 0), verifyingContract ?? '0x'],
      ),
    ),
  },
  requests: vectorsOf('Request'),
  offers: vectorsOf('Offer'),
  commitments: vectorsOf('Commitment'),
  attempts: vectorsOf('Attempt'),
}

test('the intents that the Solidity tests read are what EIP-712 says', async () => {
  await expect(`${JSON.stringify(vectors, null, 2)}\n`).toMatchFileSnapshot('../test/vectors/intents.json')
})
