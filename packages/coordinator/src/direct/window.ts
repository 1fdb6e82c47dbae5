import { DELIVERIES } from '@weft/protocol'
import type { Batch } from '../orders/batch.js'

export interface WindowRules {
  /** How long a proof waits for others of its proof system. */
  readonly windowMs: number
  /** How long before its request's proof deadline it no longer waits. */
  readonly marginMs: number
  readonly maxProofs: number
}

/** A proven batch that nothing merges. */
export interface Deliverable {
  readonly batch: Batch
  /** The name of its proof system. */
  readonly system: string
  readonly provenMs: number
  /** L1 did not take it with others. */
  readonly isAlone: boolean
}

/** Until when it waits for others, in milliseconds since 1970; null where its request wants no company. */
const waitsUntilMs = ({ batch, provenMs, isAlone }: Deliverable, rules: WindowRules): number | null => {
  if (isAlone || 'tenant' in batch.request) return null
  const { delivery, proofDeadline } = batch.request.request
  if (DELIVERIES[delivery] !== 'batched') return null
  return Math.min(provenMs + rules.windowMs, proofDeadline * 1000 - rules.marginMs)
}

/**
 * What goes to L1 now, each in one transaction: whatever is to be delivered alone, and those of one proof system
 * together, as soon as one of them cannot wait any more or they are as many as L1 takes.
 */
export const dueGroups = (ready: readonly Deliverable[], rules: WindowRules, nowMs: number): Batch[][] => {
  const alone: Batch[][] = []
  const bySystem = new Map<string, { batches: Batch[]; closesMs: number }>()
  for (const each of ready) {
    const untilMs = waitsUntilMs(each, rules)
    if (untilMs === null) {
      alone.push([each.batch])
      continue
    }
    const open = bySystem.get(each.system)
    const group = open ?? { batches: [], closesMs: untilMs }
    group.batches.push(each.batch)
    group.closesMs = Math.min(group.closesMs, untilMs)
    bySystem.set(each.system, group)
  }
  return [...alone, ...[...bySystem.values()].flatMap((group) => closed(group, rules.maxProofs, nowMs))]
}

/** Full groups, and the rest where it waits no longer. */
const closed = (
  { batches, closesMs }: { readonly batches: readonly Batch[]; readonly closesMs: number },
  maxProofs: number,
  nowMs: number,
): Batch[][] => {
  const groups = Array.from({ length: Math.ceil(batches.length / maxProofs) }, (_, i) =>
    batches.slice(i * maxProofs, (i + 1) * maxProofs),
  )
  return closesMs <= nowMs ? groups : groups.filter(({ length }) => length === maxProofs)
}
