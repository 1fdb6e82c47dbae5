import type { Hex } from '@weft/protocol'
import { numberToHex } from 'viem'
import { z } from 'zod'
import { BLOCK_GAS_LIMIT, type Block, type Sequencer } from '../sequencer/index.js'
import { TRANSFER_GAS, TransferRefused } from '../state/index.js'
import type { Allowance } from './allowance.js'
import { feeHistory, findBlock, requireHead } from './blocks.js'
import { RPC, RpcError } from './error.js'
import { formatBlock, formatReceipt, formatStage, formatTransfer } from './format.js'
import {
  address,
  blockCount,
  blockTag,
  type CallObject,
  callObject,
  data,
  hash,
  percentiles,
} from './params.js'

export interface MethodContext {
  readonly sequencer: Sequencer
  /** What wallets are told to tip, in wei per gas. */
  readonly suggestedTipWeiPerGas: bigint
  readonly clientVersion: string
  /** Of this POST. */
  readonly allowance: Allowance
  status(): unknown
}

/** Takes its parameters unchecked. */
export type Method = (params: readonly unknown[], context: MethodContext) => Promise<unknown>

const method =
  <P extends readonly unknown[]>(
    schema: z.ZodType<P>,
    run: (params: NoInfer<P>, context: MethodContext) => unknown,
  ): Method =>
  async (params, context) => {
    const { data: checked, error } = schema.safeParse(params)
    if (error) {
      throw new RpcError(RPC.invalidParams, 'invalid_params', `invalid params: ${z.prettifyError(error)}`)
    }
    return run(checked, context)
  }

const nothing = z.tuple([])
const account = z.tuple([address, blockTag.optional()])
const MAX_HISTORY = 1_024

/** Throws a TransferRefused for whatever `eth_sendRawTransaction` would refuse as no plain transfer. */
const checkPlain = (call: CallObject) => {
  const refuse = (what: string) => {
    throw new TransferRefused(
      'unsupported_transaction',
      `${what}: this rollup takes plain EIP-1559 transfers only`,
    )
  }
  if (!call.to) refuse('contract creation is not supported')
  if ((call.data ?? '0x') !== '0x' || (call.input ?? '0x') !== '0x')
    refuse('transaction data is not supported')
  if (call.accessList?.length) refuse('an access list is not supported')
  if (call.authorizationList?.length || call.blobVersionedHashes?.length)
    refuse('transaction type not supported')
}

const estimateGas = (call: CallObject, { sequencer }: MethodContext): Hex => {
  checkPlain(call)
  const wantWei = (call.value ?? 0n) + TRANSFER_GAS * (call.maxFeePerGas ?? call.gasPrice ?? 0n)
  const haveWei = call.from ? sequencer.account(call.from).balanceWei : wantWei
  if (haveWei < wantWei) {
    throw new TransferRefused(
      'insufficient_funds',
      `insufficient funds for gas * price + value: have ${haveWei} want ${wantWei}`,
    )
  }
  return numberToHex(TRANSFER_GAS)
}

const transactionByHash = (id: Hex, { sequencer }: MethodContext) => {
  const included = sequencer.chain.included(id)
  const transfer = included?.transfer ?? sequencer.pool.get(id)
  return transfer === undefined ? null : formatTransfer(transfer, included, sequencer.config)
}

const transactionStatus = (id: Hex, { sequencer }: MethodContext) => {
  const included = sequencer.chain.included(id)
  if (included !== undefined) return formatStage(sequencer.chain, included.block.number)
  return sequencer.pool.get(id) ? { stage: 'pending', batch: null, l1TransactionHash: null } : null
}

/** Fields of a transaction object. */
const TRANSFER_VALUES = 20

const blockAnswer = (block: Block | undefined, isFull = false, { sequencer, allowance }: MethodContext) => {
  if (block === undefined) return null
  allowance.take(block.transfers.length * (isFull ? TRANSFER_VALUES : 1))
  return formatBlock(block, isFull, sequencer.config)
}

const accounts: [string, Method][] = [
  [
    'eth_getBalance',
    method(account, ([of, tag = 'latest'], { sequencer }) => {
      requireHead(sequencer, tag)
      return numberToHex(sequencer.account(of).balanceWei)
    }),
  ],
  [
    'eth_getTransactionCount',
    method(account, ([of, tag = 'latest'], { sequencer }) => {
      requireHead(sequencer, tag)
      return numberToHex(tag === 'pending' ? sequencer.pool.nextNonce(of) : sequencer.account(of).nonce)
    }),
  ],
  // No account has code.
  ['eth_getCode', method(account, () => '0x')],
  ['eth_accounts', method(nothing, () => [])],
]

const fees: [string, Method][] = [
  [
    'eth_gasPrice',
    method(nothing, (_, { sequencer, suggestedTipWeiPerGas }) =>
      numberToHex(sequencer.config.baseFeeWeiPerGas + suggestedTipWeiPerGas),
    ),
  ],
  [
    'eth_maxPriorityFeePerGas',
    method(nothing, (_, { suggestedTipWeiPerGas }) => numberToHex(suggestedTipWeiPerGas)),
  ],
  [
    'eth_feeHistory',
    method(
      z.tuple([blockCount, blockTag, percentiles.nullish()]),
      ([wanted, tag, percents], { sequencer, allowance }) => {
        const newest = findBlock(sequencer.chain, tag)
        if (newest === undefined)
          throw new RpcError(RPC.server, 'unknown_block', 'header not found: ask for latest')
        const count = Math.min(Number(wanted), MAX_HISTORY)
        const range = { count, newest, percentiles: percents ?? [] }
        const { oldest, blocks } = feeHistory(sequencer, range, allowance)
        const baseFee = numberToHex(sequencer.config.baseFeeWeiPerGas)
        return {
          oldestBlock: numberToHex(oldest),
          // One more than the blocks: the fee of the next one.
          baseFeePerGas: Array.from({ length: blocks.length + 1 }, () => baseFee),
          gasUsedRatio: blocks.map(({ gasUsed }) => Number(gasUsed) / Number(BLOCK_GAS_LIMIT)),
          ...(percents?.length
            ? { reward: blocks.map(({ tips }) => tips.map((tip) => numberToHex(tip))) }
            : {}),
        }
      },
    ),
  ],
  [
    'eth_estimateGas',
    method(z.tuple([callObject, blockTag.optional(), z.unknown().optional()]), ([call], context) =>
      estimateGas(call, context),
    ),
  ],
]

const transactions: [string, Method][] = [
  ['eth_sendRawTransaction', method(z.tuple([data]), ([raw], { sequencer }) => sequencer.accept(raw))],
  ['eth_getTransactionByHash', method(z.tuple([hash]), ([id], context) => transactionByHash(id, context))],
  [
    'eth_getTransactionReceipt',
    method(z.tuple([hash]), ([id], { sequencer }) => {
      const included = sequencer.chain.included(id)
      return included === undefined ? null : formatReceipt(included, sequencer.chain, sequencer.config)
    }),
  ],
  [
    // No account has code, so a call does nothing and returns nothing, whatever its data (as on Ethereum).
    'eth_call',
    method(z.tuple([callObject, blockTag.optional(), z.unknown().optional()]), ([call]) => {
      if (!call.to) checkPlain(call)
      return '0x'
    }),
  ],
  ['weft_transactionStatus', method(z.tuple([hash]), ([id], context) => transactionStatus(id, context))],
]

const blocks: [string, Method][] = [
  ['eth_blockNumber', method(nothing, (_, { sequencer }) => numberToHex(sequencer.chain.head.number))],
  [
    'eth_getBlockByNumber',
    method(z.tuple([blockTag, z.boolean().optional()]), ([tag, isFull], context) =>
      blockAnswer(findBlock(context.sequencer.chain, tag), isFull, context),
    ),
  ],
  [
    'eth_getBlockByHash',
    method(z.tuple([hash, z.boolean().optional()]), ([id, isFull], context) =>
      blockAnswer(context.sequencer.chain.block(id), isFull, context),
    ),
  ],
]

const network: [string, Method][] = [
  ['eth_chainId', method(nothing, (_, { sequencer }) => numberToHex(sequencer.config.chainId))],
  ['net_version', method(nothing, (_, { sequencer }) => sequencer.config.chainId.toString())],
  ['web3_clientVersion', method(nothing, (_, { clientVersion }) => clientVersion)],
  ['eth_syncing', method(nothing, () => false)],
  ['weft_status', method(nothing, (_, context) => context.status())],
]

/** All methods by name (https://github.com/ethereum/execution-apis), and ours under `weft_`. */
export const METHODS: ReadonlyMap<string, Method> = new Map([
  ...network,
  ...blocks,
  ...accounts,
  ...fees,
  ...transactions,
])
