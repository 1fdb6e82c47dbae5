import { BaseError } from 'viem'
import type { LinkReport } from '../link.js'

/** What happens to a sender's transactions, and to its endpoint. */
export type SenderReport =
  | LinkReport
  | {
      /** `left`: the sender was closed while it was on its way. */
      readonly kind: 'sent' | 'raised' | 'confirmed' | 'reverted' | 'left'
      readonly id: string
      readonly hash: string
    }
  | { readonly kind: 'fee_cap_reached' | 'reorganised' | 'displaced'; readonly id: string }
  | { readonly kind: 'rejected'; readonly id: string; readonly reason: string }

/** What somebody who waits has to know of a report, in a sentence; null in the usual course. */
export const describeReport = (report: SenderReport): string | null => {
  switch (report.kind) {
    case 'endpoint_down':
      return `L1 does not answer: waiting (${report.reason})`
    case 'endpoint_up':
      return `L1 answers again, after ${Math.ceil(report.downMs / 1000)} s`
    case 'rejected':
      return `L1 does not take transaction ${report.id} (${report.reason}): it is offered again`
    case 'fee_cap_reached':
      return `transaction ${report.id} waits until L1 asks for less: it offers the most that it may`
    case 'displaced':
      return `another transaction of the same key took the nonce of ${report.id}: it is sent under another`
    case 'reorganised':
      return `a re-organisation of L1 took transaction ${report.id} out of its block: waiting for another`
    case 'left':
      return `transaction ${report.id} is on its way as ${report.hash}: the key's next start follows it`
    default:
      return null
  }
}

/** What an endpoint says, without its address, which can hold a secret. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof BaseError) return error.details || error.shortMessage
  return error instanceof Error ? error.message : String(error)
}
