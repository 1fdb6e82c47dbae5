import { type Bytes32, WeftError } from '@weft/protocol'
import { type OpenJournal, openJournal } from './journal/index.js'
import type { BatchProver, Clock, L1, Logger } from './ports.js'
import { createRpcServer, type RpcOptions } from './rpc/server.js'
import { BLOCK_GAS_LIMIT, Sequencer, type SequencerOptions } from './sequencer/index.js'
import { genesisState, stateRoot, TRANSFER_GAS } from './state/index.js'

export interface RollupOptions extends SequencerOptions {
  /** Where the journal lies; one rollup each. */
  readonly folder: string
  readonly rpc: RpcOptions
  /** What wallets are told to tip, in wei per gas. */
  readonly suggestedTipWeiPerGas: bigint
  /** For `web3_clientVersion`. */
  readonly clientVersion: string
}

/** Sensible values for all that a deployment does not have to decide. */
export const ROLLUP_DEFAULTS = {
  batch: { maxTransfers: 64, maxAgeMs: 10_000, maxUnproven: 16 },
  pool: { maxTransfers: 10_000, maxWaiting: 1_000, maxPerSender: 64 },
  // The values are those of the fees of 1,024 such batches at 100 percentiles, or of 150 such batches in full.
  rpc: { host: '127.0.0.1', port: 8545, maxBodyBytes: 262_144, maxCalls: 100, maxValues: 200_000 },
  suggestedTipWeiPerGas: 1_000_000n,
  clientVersion: 'weft-rollup/0.1.0',
} as const

export interface RollupDeps {
  readonly prover: BatchProver
  readonly l1: L1
  readonly clock: Clock
  readonly logger: Logger
}

/** A rollup in figures; JSON. Numbers of batches are numbers of their last blocks. */
export interface RollupStatus {
  readonly chainId: string
  readonly root: Bytes32
  readonly included: number
  /** The last batch up to which all are proven. */
  readonly proven: number
  /** The last batch that L1 has taken, and the root L1 holds. */
  readonly final: { readonly batch: number; readonly root: Bytes32; readonly l1Tx: Bytes32 | null }
  readonly transfers: { readonly included: number; readonly ready: number; readonly waiting: number }
  /** What keeps failing and is tried again. */
  readonly lastError: string | null
}

export interface Rollup {
  readonly genesisRoot: Bytes32
  /** Serves JSON-RPC; resolves with its URL. */
  listen(): Promise<string>
  status(): RollupStatus
  /** Stops serving and proving, and lets the folder go. What is not final continues after the next start. */
  close(): Promise<void>
}

/** As many as fill a block's gas. */
const MAX_TRANSFERS = Number(BLOCK_GAS_LIMIT / TRANSFER_GAS)

const checkOptions = ({ segmentSize, batch }: RollupOptions) => {
  const refuse = (message: string) => {
    throw new WeftError('bad_options', message)
  }
  const isCount = (value: number) => Number.isSafeInteger(value) && value > 0
  if (!isCount(segmentSize)) refuse(`segmentSize ${segmentSize}: give the size of the segment circuit`)
  if (!isCount(batch.maxTransfers) || batch.maxTransfers > MAX_TRANSFERS) {
    refuse(`batch.maxTransfers ${batch.maxTransfers}: give 1 to ${MAX_TRANSFERS}, which fill a block's gas`)
  }
}

/** Says in a new journal which rollup it is of, and refuses another's. */
const claimJournal = async ({ journal, records }: OpenJournal, genesisRoot: Bytes32, segmentSize: number) => {
  const [first] = records
  if (first === undefined) return journal.append({ kind: 'rollup', version: 1, genesisRoot, segmentSize })
  if (first.kind !== 'rollup' || first.genesisRoot !== genesisRoot || first.segmentSize !== segmentSize) {
    throw new WeftError(
      'journal_foreign',
      'the folder belongs to a rollup with another genesis or segment size: give its own options, or another folder',
    )
  }
}

const statusOf = ({ chain, pool, config, lastError }: Sequencer): RollupStatus => {
  const finalNumber = chain.finalNumber
  return {
    chainId: config.chainId.toString(),
    root: chain.head.stateRoot,
    included: chain.head.number,
    proven: chain.safeNumber,
    final: {
      batch: finalNumber,
      root: chain.block(finalNumber)?.stateRoot ?? chain.head.stateRoot,
      l1Tx: chain.l1Tx(finalNumber),
    },
    transfers: { included: chain.transferCount, ready: pool.ready, waiting: pool.size - pool.ready },
    lastError,
  }
}

/**
 * Opens a payments rollup on its folder and continues where it was. Throws a WeftError: `bad_options`, `bad_genesis`,
 * `folder_in_use`, `journal_corrupt`, `journal_foreign` or `journal_diverged`.
 */
export const createRollup = async (options: RollupOptions, deps: RollupDeps): Promise<Rollup> => {
  checkOptions(options)
  const genesisRoot = stateRoot(genesisState(options.genesis))
  const folder = await openJournal(options.folder)
  try {
    await claimJournal(folder, genesisRoot, options.segmentSize)
    const sequencer = new Sequencer(options, { ...deps, journal: folder.journal }, folder.records)
    const status = () => statusOf(sequencer)
    const server = await createRpcServer(options.rpc, { ...options, sequencer, status }, deps.logger)
    sequencer.start()
    const close = async () => {
      await server.close()
      await sequencer.close()
      await folder.close()
    }
    let closed: Promise<void> | undefined
    return {
      genesisRoot,
      listen: () => server.listen({ host: options.rpc.host, port: options.rpc.port }),
      status,
      close: () => {
        closed ??= close()
        return closed
      },
    }
  } catch (error) {
    await folder.close()
    throw error
  }
}
