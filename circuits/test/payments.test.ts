import { PAYMENTS } from '@weft/circuits'
import {
  type Address,
  type Bytes32,
  bytesToHex,
  type Hex,
  keccak256,
  publicInput,
  uintToBytes32,
} from '@weft/protocol'
import {
  type Account,
  accountLeaf,
  decodeTransfer,
  executeSegment,
  feeWei,
  genesisState,
  LazyTree,
  RECORD_BYTES,
  recoverTransfer,
  type Segment,
  type SignedTransfer,
  segmentData,
  segmentInputs,
  type TransferInput,
} from '@weft/rollup'
import type { NoirSystem } from '@weft/system-noir'
import { concatHex, hexToBytes, toHex, toRlp } from 'viem'
import { privateKeyToAccount, sign as signHash } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROVER, realSystem, runner } from './support.js'

const CHAIN_ID = 7001
const BASE_FEE = 1_000_000n
const ETHER = 10n ** 18n
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const keys = [1n, 2n, 3n].map((i) => uintToBytes32(0xfeed00n + i))
const wallets = keys.map((key) => privateKeyToAccount(key))
const addressOf = (i: number) => wallets[i]?.address.toLowerCase() as Address
const SEQUENCER = addressOf(0)
const NEW: Address = '0x00000000000000000000000000000000000000ff'
const MAX_U64 = 2n ** 64n - 1n

const fields = {
  chainId: CHAIN_ID,
  nonce: 0,
  to: NEW,
  value: ETHER / 10n,
  gas: 21_000n,
  maxFeePerGas: 2n * BASE_FEE,
  maxPriorityFeePerGas: 300n,
}
type Fields = { -readonly [K in keyof typeof fields]: (typeof fields)[K] }

const transfer = async (from: number, change: Partial<Fields> = {}): Promise<SignedTransfer> => {
  const wallet = wallets[from]
  if (wallet === undefined) throw new Error(`no wallet ${from}`)
  const raw = await wallet.signTransaction({ type: 'eip1559', ...fields, ...change })
  return recoverTransfer(decodeTransfer(raw))
}

const freshState = (balanceWei = ETHER) =>
  genesisState({
    chainId: BigInt(CHAIN_ID),
    sequencer: SEQUENCER,
    baseFeeWeiPerGas: BASE_FEE,
    accounts: [0, 1, 2].map((i) => ({ address: addressOf(i), balanceWei })),
  })

const segmentOf = (...transfers: SignedTransfer[]) => executeSegment(freshState(), transfers, 2)

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends object ? Mutable<T[K]> : T[K] }
type Slot = Mutable<TransferInput>
const SLOT = 0

/** The honest segment's inputs with the transfer in one slot changed. */
const tampered = (segment: Segment, change: (slot: Slot, all: Slot[]) => void, at = SLOT) => {
  const inputs = structuredClone(segment.inputs) as Mutable<typeof segment.inputs>
  const slots = inputs.segment.transfers as unknown as Slot[]
  change(slots[at] as Slot, slots)
  return { ...inputs, prover: PROVER }
}

const signatureBytes = async (hash: Hex, key: number): Promise<number[]> => {
  const { r, s } = await signHash({ hash, privateKey: keys[key] as Hex })
  return [...hexToBytes(r, { size: 32 }), ...hexToBytes(s, { size: 32 })]
}

const unpadded = (value: bigint | number): Hex => (BigInt(value) === 0n ? '0x' : toHex(BigInt(value)))
const payload = (f: Fields, tail: Hex = '0x'): Hex => {
  const list = [f.chainId, f.nonce, f.maxPriorityFeePerGas, f.maxFeePerGas, f.gas].map(unpadded)
  return concatHex(['0x02', toRlp([...list, f.to, unpadded(f.value), '0x', []]), tail])
}

const claimOf = (segment: Segment, size: keyof typeof PAYMENTS) => {
  const { pre, post, data } = segment
  return publicInput({ kind: 'transition', pre, post, data, prover: PROVER, work: PAYMENTS[size].work })
}

let system: NoirSystem
let run: (inputs: never) => Promise<Bytes32>
const attack = (inputs: unknown) => run(inputs as never)

beforeAll(async () => {
  system = await realSystem()
  run = (await runner(system, PAYMENTS[2])) as typeof run
})
afterAll(() => system.close())

describe('agrees with the state in TypeScript', () => {
  const cases: [string, () => Promise<SignedTransfer[]>][] = [
    ['to a new account', async () => [await transfer(1)]],
    ['to an account that exists', async () => [await transfer(1, { to: addressOf(2) })]],
    ['to oneself', async () => [await transfer(1, { to: addressOf(1) })]],
    ['to the sequencer', async () => [await transfer(1, { to: SEQUENCER })]],
    ['from the sequencer', async () => [await transfer(0), await transfer(1)]],
    ['from the sequencer to itself', async () => [await transfer(0, { to: SEQUENCER })]],
    ['to the zero address', async () => [await transfer(1, { to: `0x${'00'.repeat(20)}` })]],
    ['of nothing', async () => [await transfer(1, { value: 0n })]],
    ['twice', async () => [await transfer(1), await transfer(1, { nonce: 1 })]],
    [
      'to two new accounts',
      async () => [await transfer(1), await transfer(2, { to: `0x${'fe'.repeat(20)}` })],
    ],
    ['with a capped priority fee', async () => [await transfer(1, { maxFeePerGas: BASE_FEE + 7n })]],
    ['with a large gas limit', async () => [await transfer(1, { gas: 2n ** 40n })]],
    ['with a short payload', async () => [await transfer(1, { value: 1n, maxPriorityFeePerGas: 0n })]],
  ]
  test.each(cases)('%s', async (_, transfers) => {
    const segment = segmentOf(...(await transfers()))
    expect(await attack({ ...segment.inputs, prover: PROVER })).toBe(claimOf(segment, 2))
  })

  test('at the larger size', async () => {
    const transfers = await Promise.all([0, 1, 2].map((nonce) => transfer(1, { nonce })))
    const segment = executeSegment(freshState(), transfers, 4)
    const larger = await runner(system, PAYMENTS[4])
    expect(await larger({ ...segment.inputs, prover: PROVER } as never)).toBe(claimOf(segment, 4))

    // An empty slot between two transfers does nothing but show in the data, where L1 refuses it.
    const inputs = tampered(segment, (_, slots) => {
      const [first, second, third, empty] = slots as [Slot, Slot, Slot, Slot]
      slots.splice(0, 4, first, empty, second, third)
    })
    const { records } = segment
    const second = 2 + 2 * RECORD_BYTES
    const gapped: Hex = `0x${records.slice(2, second)}${'00'.repeat(RECORD_BYTES)}${records.slice(second)}`
    expect(await larger(inputs as never)).toBe(claimOf({ ...segment, data: segmentData(gapped, 4) }, 4))
  })
})

describe('attacks have no witness', () => {
  test('a replayed nonce', async () => {
    const segment = segmentOf(await transfer(1), await transfer(1, { nonce: 1 }))
    const inputs = tampered(segment, (_, slots) => {
      const [first, second] = slots as [Slot, Slot]
      slots[1] = { ...first, sender: second.sender, low: second.low, recipient: second.recipient }
    })
    await expect(attack(inputs)).rejects.toThrow('wrong nonce')
  })

  test('a signature for another chain id', async () => {
    const segment = segmentOf(await transfer(1))
    const signature = await signatureBytes(keccak256(hexToBytes(payload({ ...fields, chainId: 1 }))), 1)
    const inputs = tampered(segment, (slot) => Object.assign(slot, { signature }))
    await expect(attack(inputs)).rejects.toThrow('bad signature')
  })

  test('an overdraft', async () => {
    const segment = segmentOf(await transfer(1))
    const value = 2n * ETHER
    const signature = await signatureBytes(keccak256(hexToBytes(payload({ ...fields, value }))), 1)
    const inputs = tampered(segment, (slot) => Object.assign(slot, { signature, value: value.toString() }))
    await expect(attack(inputs)).rejects.toThrow('attempt to subtract with overflow')
  })

  test('a transfer to oneself that reads the balance before the debit', async () => {
    const segment = segmentOf(await transfer(1, { to: addressOf(1) }))
    const inputs = tampered(segment, (slot) => {
      slot.recipient.balance = slot.sender.balance
      slot.low.balance = slot.sender.balance
    })
    await expect(attack(inputs)).rejects.toThrow('no such account below')
    const behind = tampered(segment, (slot) => {
      slot.recipient.balance = slot.sender.balance
    })
    await expect(attack(behind)).rejects.toThrow('no such recipient')
  })

  // The black box refuses it too, so this cannot tell whether `is_low_s` does: library.test.ts asks it directly.
  test('a high s', async () => {
    const segment = segmentOf(await transfer(1))
    const inputs = tampered(segment, (slot) => {
      const s = BigInt(bytesToHex(Uint8Array.from(slot.signature.slice(32) as number[])))
      const high = [...hexToBytes(uintToBytes32(ORDER - s))]
      slot.signature = [...slot.signature.slice(0, 32), ...high] as never
    })
    await expect(attack(inputs)).rejects.toThrow('bad signature')
  })

  test('RLP with leading zeros', async () => {
    const segment = segmentOf(await transfer(1))
    const list = [
      fields.chainId,
      fields.nonce,
      fields.maxPriorityFeePerGas,
      fields.maxFeePerGas,
      fields.gas,
    ].map(unpadded)
    const padded = concatHex(['0x00', unpadded(fields.value)])
    const raw = concatHex(['0x02', toRlp([...list, fields.to, padded, '0x', []])])
    const signature = await signatureBytes(keccak256(hexToBytes(raw)), 1)
    await expect(attack(tampered(segment, (slot) => Object.assign(slot, { signature })))).rejects.toThrow(
      'bad signature',
    )
  })

  test('RLP with trailing bytes', async () => {
    const segment = segmentOf(await transfer(1))
    const signature = await signatureBytes(keccak256(hexToBytes(payload(fields, '0x00'))), 1)
    await expect(attack(tampered(segment, (slot) => Object.assign(slot, { signature })))).rejects.toThrow(
      'bad signature',
    )
    const honest = await signatureBytes(keccak256(hexToBytes(payload(fields))), 1)
    const same = tampered(segment, (slot) => Object.assign(slot, { signature: honest }))
    expect(await attack(same)).toBe(claimOf(segment, 2))
  })

  test("another's signature", async () => {
    const segment = segmentOf(await transfer(1))
    const other = segmentOf(await transfer(2))
    const inputs = tampered(segment, (slot) => {
      const [theirs] = other.inputs.segment.transfers
      Object.assign(slot, {
        public_key_x: theirs?.public_key_x,
        public_key_y: theirs?.public_key_y,
        signature: theirs?.signature,
      })
    })
    await expect(attack(inputs)).rejects.toThrow('no such sender')
  })

  test('a sender who is not in the state', async () => {
    const segment = segmentOf(await transfer(1))
    const inputs = tampered(segment, (slot) => {
      slot.sender.balance = (BigInt(slot.sender.balance) * 2n).toString()
    })
    await expect(attack(inputs)).rejects.toThrow('no such sender')
  })

  test('a gas limit below a transfer', async () => {
    const segment = segmentOf(await transfer(1))
    const signature = await signatureBytes(keccak256(hexToBytes(payload({ ...fields, gas: 20_999n }))), 1)
    const inputs = tampered(segment, (slot) => Object.assign(slot, { signature, gas_limit: '20999' }))
    await expect(attack(inputs)).rejects.toThrow('intrinsic gas too low')
  })

  test('a maximum fee below the base fee', async () => {
    const segment = segmentOf(await transfer(1))
    const maxFeePerGas = BASE_FEE - 1n
    const signature = await signatureBytes(keccak256(hexToBytes(payload({ ...fields, maxFeePerGas }))), 1)
    const inputs = tampered(segment, (slot) =>
      Object.assign(slot, { signature, max_fee_per_gas: maxFeePerGas.toString() }),
    )
    await expect(attack(inputs)).rejects.toThrow('max fee below base fee')
  })

  test('a priority fee above the maximum', async () => {
    const segment = segmentOf(await transfer(1))
    const change = { maxPriorityFeePerGas: 2n * BASE_FEE + 1n }
    const signature = await signatureBytes(keccak256(hexToBytes(payload({ ...fields, ...change }))), 1)
    const tip = change.maxPriorityFeePerGas.toString()
    const inputs = tampered(segment, (slot) =>
      Object.assign(slot, { signature, max_priority_fee_per_gas: tip }),
    )
    await expect(attack(inputs)).rejects.toThrow('max fee below priority fee')
  })

  test('a second account for an address that has one', async () => {
    const segment = segmentOf(await transfer(1, { to: addressOf(2) }))
    const inputs = tampered(segment, (slot) => {
      slot.recipient.exists = false
    })
    await expect(attack(inputs)).rejects.toThrow('the recipient is not new')
  })

  test('a second account for an address that has one, in a free slot', async () => {
    // The forger writes the leaves itself, so that every leaf and path is honest: nothing is against it but the
    // sentinel's range, which ends before the recipient. In the second account, at nonce 0, old transfers would
    // be valid again.
    const { accounts, config } = freshState()
    const leaves: Account[] = Array.from({ length: accounts.size }, (_, index) => accounts.at(index))
    const tree = new LazyTree((index) => accountLeaf(leaves[index] as Account))
    for (const index of leaves.keys()) tree.touch(index)
    const read = (index: number) => ({ ...(leaves[index] as Account), index, path: tree.path(index) })
    const write = (index: number, change: Partial<Account>) => {
      leaves[index] = { ...(leaves[index] as Account), ...change }
      tree.touch(index)
    }
    const own = { config, treeRootPre: tree.root() }
    const [to, signed] = [addressOf(2), await transfer(1, { to: addressOf(2) })]
    const fee = feeWei(signed, config)

    const sender = read(accounts.indexOf(addressOf(1)) as number)
    write(sender.index, { balanceWei: sender.balanceWei - signed.valueWei - fee, nonce: 1n })
    const low = read(0)
    write(low.index, { next: to })
    const account = { address: to, next: low.next, balanceWei: 0n, nonce: 0n }
    const recipient = { ...account, index: leaves.length, path: tree.path(leaves.length), exists: false }
    write(recipient.index, { ...account, balanceWei: signed.valueWei })
    const sequencer = read(accounts.indexOf(SEQUENCER) as number)

    const transfers = [{ transfer: signed, feeWei: fee, sender, low, recipient }]
    const inputs = segmentInputs({ ...own, transfers, sequencer }, 2)
    await expect(attack({ ...inputs, prover: PROVER })).rejects.toThrow('the recipient is not new')
  })

  test('a credit to an account that is not the recipient', async () => {
    const segment = segmentOf(await transfer(1))
    const inputs = tampered(segment, (slot) => {
      slot.recipient.exists = true
    })
    await expect(attack(inputs)).rejects.toThrow('not the recipient')
  })

  test('a new account in a slot that is taken', async () => {
    const segment = segmentOf(await transfer(1))
    const inputs = tampered(segment, (slot) =>
      Object.assign(slot.recipient, { index: slot.sender.index, path: slot.sender.path }),
    )
    await expect(attack(inputs)).rejects.toThrow('its slot is taken')
  })

  test('a false neighbour', async () => {
    const segment = segmentOf(await transfer(1))
    const inputs = tampered(segment, (slot) => {
      slot.low.next = uintToBytes32(0n)
    })
    await expect(attack(inputs)).rejects.toThrow('no such account below')
  })

  test('fees to an account that is not the sequencer', async () => {
    const segment = segmentOf(await transfer(1))
    const inputs = structuredClone(segment.inputs) as Mutable<typeof segment.inputs>
    inputs.segment.sequencer = uintToBytes32(BigInt(addressOf(2)))
    await expect(attack({ ...inputs, prover: PROVER })).rejects.toThrow("not the sequencer's account")
  })

  test('an empty segment', async () => {
    const segment = segmentOf(await transfer(1))
    const inputs = tampered(segment, (slot) => {
      slot.enabled = false
    })
    await expect(attack(inputs)).rejects.toThrow('an empty segment')
  })

  test('an empty slot before the first transfer', async () => {
    const inputs = tampered(segmentOf(await transfer(1)), (_, slots) => slots.reverse())
    await expect(attack(inputs)).rejects.toThrow('an empty segment')
  })

  // Every leaf and path is honest, and the last bytes of the number are the ones that were signed.
  test.each<[string, number, (signed: SignedTransfer) => Partial<SignedTransfer>]>([
    ['a value beyond 2^96', 12, ({ valueWei }) => ({ valueWei: valueWei + 2n ** 96n })],
    ['a recipient beyond 2^160', 20, ({ to }) => ({ to: `0xff${to.slice(2)}` })],
  ])('%s', async (_, bytes, change) => {
    const signed = await transfer(1)
    const segment = executeSegment(freshState(2n ** 100n), [{ ...signed, ...change(signed) }], 2)
    await expect(attack({ ...segment.inputs, prover: PROVER })).rejects.toThrow(
      `decompose into specified ${bytes} limbs`,
    )
  })

  test('a nonce after the last', async () => {
    const state = freshState()
    const index = state.accounts.indexOf(addressOf(1)) as number
    state.accounts.update(index, { balanceWei: ETHER, nonce: MAX_U64 })
    // viem encodes it as it does a number.
    const last = await transfer(1, { nonce: MAX_U64 as never })
    const segment = executeSegment(state, [last], 2)
    await expect(attack({ ...segment.inputs, prover: PROVER })).rejects.toThrow(
      'attempt to add with overflow',
    )
  })

  test('an old state before', async () => {
    const state = freshState()
    executeSegment(state, [await transfer(2)], 2)
    const segment = executeSegment(state, [await transfer(1)], 2)
    const inputs = structuredClone(segment.inputs) as Mutable<typeof segment.inputs>
    inputs.segment.tree_root_pre = segmentOf(await transfer(1)).inputs.segment.tree_root_pre
    await expect(attack({ ...inputs, prover: PROVER })).rejects.toThrow('no such sender')
  })

  test('a prover that is no address', async () => {
    const segment = segmentOf(await transfer(1))
    await expect(attack({ ...segment.inputs, prover: uintToBytes32(2n ** 160n) })).rejects.toThrow(
      'decompose into specified 20 limbs',
    )
  })

  test('another prover or chain id changes the claim', async () => {
    const segment = segmentOf(await transfer(1))
    const honest = claimOf(segment, 2)
    expect(await attack({ ...segment.inputs, prover: NEW })).not.toBe(honest)
    const inputs = structuredClone(segment.inputs) as Mutable<typeof segment.inputs>
    inputs.segment.chain_id = '1'
    await expect(attack({ ...inputs, prover: PROVER })).rejects.toThrow('bad signature')
  })
})
