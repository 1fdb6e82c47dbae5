import { type Hex, isBytes32, isHex, WeftError } from '@weft/protocol'
import { z } from 'zod'

const bytes32 = z.custom<Hex>((value) => typeof value === 'string' && isBytes32(value))
const hex = z.custom<Hex>((value) => typeof value === 'string' && isHex(value))
const uint = z
  .string()
  .regex(/^\d+$/)
  .transform((digits) => BigInt(digits))
const batchNumber = z.int().min(1)

const claim = z.object({
  program: bytes32,
  pre: bytes32,
  post: bytes32,
  data: bytes32,
  work: uint,
  payouts: bytes32,
})

/** A batch's opening as the prover gave it. */
const provenSchema = z.object({
  claim,
  path: z.object({ index: uint, siblings: z.array(bytes32).readonly() }),
  settlementTx: bytes32,
})

/** What a journal holds, in order. */
export const recordSchema = z.discriminatedUnion('kind', [
  /** Always the first: which rollup this is. */
  z.object({ kind: z.literal('rollup'), version: z.literal(1), genesisRoot: bytes32, segmentSize: z.int() }),
  /** A transaction was accepted. The signer's key spares a restart the recovery, which costs a millisecond each. */
  z.object({ kind: z.literal('transfer'), raw: hex, publicKey: hex }),
  /** A batch was closed over these transactions in this order. */
  z.object({
    kind: z.literal('batch'),
    number: batchNumber,
    atMs: z.int(),
    hashes: z.array(bytes32).min(1).readonly(),
  }),
  /** A settlement has recorded the batch's claim. */
  z.object({ kind: z.literal('proven'), number: batchNumber, proven: provenSchema }),
  /** L1 has taken the batch; `l1Tx` is unknown where it did so while the rollup was down. */
  z.object({ kind: z.literal('final'), number: batchNumber, post: bytes32, l1Tx: bytes32.nullable() }),
])

export type JournalRecord = z.infer<typeof recordSchema>

/** A line is one flush: written, torn and read as a whole. */
export const lineSchema = z.array(recordSchema).min(1)

const decimal = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)

/** A record as JSON. Throws a WeftError `bad_record` for what could not be read again. */
export const encodeRecord = (record: JournalRecord): string => {
  const json = JSON.stringify(record, decimal)
  const { error } = recordSchema.safeParse(JSON.parse(json))
  if (error !== undefined) {
    throw new WeftError('bad_record', `a ${record.kind} record is malformed: ${z.prettifyError(error)}`)
  }
  return json
}

export const encodeLine = (records: readonly string[]): Uint8Array =>
  new TextEncoder().encode(`[${records.join(',')}]\n`)
