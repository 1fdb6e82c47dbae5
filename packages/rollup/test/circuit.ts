import { type Bytes32, bytesToHex, type Hex, keccak256, uintToBytes32 } from '@weft/protocol'
import {
  compress,
  DOMAIN,
  type LeafInput,
  rootOf,
  type SegmentInputs,
  type TransferInput,
} from '@weft/rollup'
import { concatHex, hexToBytes, recoverPublicKey, toHex, toRlp } from 'viem'

/**
 * What the segment circuit does, written a second time from its specification and from its inputs alone: it knows
 * nothing of the state, so it accepts only inputs that prove the transition by themselves.
 */
export const runCircuit = async (
  inputs: SegmentInputs,
): Promise<{ pre: Bytes32; post: Bytes32; data: Bytes32 }> => {
  const { segment } = inputs
  let root = BigInt(segment.tree_root_pre)
  const config = compress(
    BigInt(segment.chain_id),
    BigInt(segment.sequencer),
    BigInt(segment.base_fee_per_gas),
    DOMAIN.config,
  )
  const stateRoot = () => uintToBytes32(compress(root, config, 0n, DOMAIN.state))
  const pre = stateRoot()

  /** Replaces a leaf that must be where the witness says. */
  const update = (input: LeafInput, before: bigint, after: bigint) => {
    const path = input.path.map(BigInt)
    const index = Number(input.index)
    if (path.length !== 32) throw new Error('path of the wrong depth')
    if (rootOf(before, index, path) !== root) throw new Error(`leaf ${index} is not in the tree`)
    root = rootOf(after, index, path)
  }
  const leaf = (address: bigint, next: bigint, balance: bigint, nonce: bigint) => {
    if (balance < 0n || balance >> 128n !== 0n) throw new Error('balance out of range')
    return compress(address, next, balance + (nonce << 128n), DOMAIN.account)
  }

  let fees = 0n
  const records: Uint8Array[] = []
  const slot = async (t: TransferInput) => {
    const from = await signerOf(t, segment.chain_id)
    const [to, value] = [BigInt(t.to), BigInt(t.value)]
    const tip = BigInt(segment.base_fee_per_gas) + BigInt(t.max_priority_fee_per_gas)
    const cap = BigInt(t.max_fee_per_gas)
    if (cap < BigInt(segment.base_fee_per_gas) || cap < BigInt(t.max_priority_fee_per_gas))
      throw new Error('fees')
    const fee = 21_000n * (tip < cap ? tip : cap)

    const sender = {
      balance: BigInt(t.sender.balance),
      nonce: BigInt(t.sender.nonce),
      next: BigInt(t.sender.next),
    }
    if (sender.nonce !== BigInt(t.nonce)) throw new Error('nonce')
    update(
      t.sender,
      leaf(from, sender.next, sender.balance, sender.nonce),
      leaf(from, sender.next, sender.balance - value - fee, sender.nonce + 1n),
    )

    const low = { address: BigInt(t.low.address), next: BigInt(t.low.next) }
    const lowRest = [BigInt(t.low.balance), BigInt(t.low.nonce)] as const
    const { exists } = t.recipient
    if (exists ? low.address !== to : !(low.address < to && (to < low.next || low.next === 0n)))
      throw new Error('low')
    update(
      t.low,
      leaf(low.address, low.next, ...lowRest),
      leaf(low.address, exists ? low.next : to, ...lowRest),
    )

    const next = BigInt(t.recipient.next)
    const [balance, nonce] = [BigInt(t.recipient.balance), BigInt(t.recipient.nonce)]
    if (!exists && (next !== low.next || balance !== 0n || nonce !== 0n)) throw new Error('new account')
    update(t.recipient, exists ? leaf(to, next, balance, nonce) : 0n, leaf(to, next, balance + value, nonce))

    fees += fee
    return hexToBytes(
      concatHex([
        toHex(from, { size: 20 }),
        toHex(to, { size: 20 }),
        toHex(value, { size: 12 }),
        toHex(fee, { size: 12 }),
      ]),
    )
  }

  for (const t of segment.transfers) {
    // A disabled slot's key and signature are checked all the same.
    if (!t.enabled) await signerOf(t, segment.chain_id)
    records.push(t.enabled ? await slot(t) : new Uint8Array(64))
  }
  const s = segment.sequencer_account
  const [balance, nonce, next] = [BigInt(s.balance), BigInt(s.nonce), BigInt(s.next)]
  update(
    s,
    leaf(BigInt(segment.sequencer), next, balance, nonce),
    leaf(BigInt(segment.sequencer), next, balance + fees, nonce),
  )
  const data = keccak256(Uint8Array.from(records.flatMap((record) => [...record])))
  return { pre, post: stateRoot(), data }
}

const bytes = (value: string): Hex => (BigInt(value) === 0n ? '0x' : toHex(BigInt(value)))

/** Builds the transaction again from the fields and finds the signer, who must be the given key's owner. */
const signerOf = async (t: TransferInput, chainId: string): Promise<bigint> => {
  const fields = [
    bytes(chainId),
    bytes(t.nonce),
    bytes(t.max_priority_fee_per_gas),
    bytes(t.max_fee_per_gas),
    bytes(t.gas_limit),
    toHex(BigInt(t.to), { size: 20 }),
    bytes(t.value),
    '0x' as Hex,
    [],
  ]
  const hash = keccak256(hexToBytes(concatHex(['0x02', toRlp(fields)])))
  const key = bytesToHex(Uint8Array.from([...t.public_key_x, ...t.public_key_y]))
  const r = bytesToHex(Uint8Array.from(t.signature.slice(0, 32)))
  const s = bytesToHex(Uint8Array.from(t.signature.slice(32)))
  const keys = await Promise.all(
    [0, 1].map((yParity) => recoverPublicKey({ hash, signature: { r, s, yParity } })),
  )
  if (!keys.includes(`0x04${key.slice(2)}`)) throw new Error('signature')
  return BigInt(`0x${keccak256(hexToBytes(key)).slice(26)}`)
}
