import { WeftError } from '@weft/protocol'
import type { RefusalCode } from '../state/index.js'

/** Codes of JSON-RPC 2.0 (section 5.1) and EIP-1474. */
export const RPC = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  server: -32000,
  notFound: -32001,
  unavailable: -32002,
  rejected: -32003,
  limit: -32005,
} as const

/** The error member of an answer. `data` has our own stable code. */
export interface RpcErrorBody {
  readonly code: number
  readonly message: string
  readonly data?: { readonly code: string; readonly details: WeftError['details'] }
}

/** A call that is refused under one of the codes above. */
export class RpcError extends WeftError {
  override readonly name = 'RpcError'
  constructor(
    readonly rpcCode: number,
    code: string,
    message: string,
  ) {
    super(code, message)
  }
}

/** Wallets tell refusals apart by geth's texts under -32000; only what geth has no text for has another code. */
const RPC_CODES: Partial<Record<RefusalCode | 'storage_unavailable' | 'closed', number>> = {
  unsupported_transaction: RPC.rejected,
  pool_full: RPC.limit,
  storage_unavailable: RPC.unavailable,
  closed: RPC.unavailable,
}

/** An error as a client sees it; undefined for what it must not see, which is a bug of ours. */
export const errorBody = (error: unknown): RpcErrorBody | undefined => {
  if (!(error instanceof WeftError)) return undefined
  const code =
    error instanceof RpcError ? error.rpcCode : (RPC_CODES[error.code as RefusalCode] ?? RPC.server)
  return { code, message: error.message, data: { code: error.code, details: error.details } }
}
