import type { Child, Claim, Parallel, Sequence } from '@weft/protocol'
import { z } from 'zod'
import { address, bytes32, count, uint } from './primitives.js'

/** What is proven, whoever proves it. */
const statement = { program: bytes32, pre: bytes32, post: bytes32, data: bytes32 }

export const claim = z.object({ ...statement, work: uint, payouts: bytes32 })

const transition = z.object({
  kind: z.literal('transition'),
  ...statement,
  prover: address,
  work: uint,
})
const sequence = z.object({
  kind: z.literal('sequence'),
  mergeKey: bytes32,
  ...statement,
  work: uint,
  payouts: bytes32,
})
const parallel = z.object({
  kind: z.literal('parallel'),
  mergeKey: bytes32,
  claims: bytes32,
  count,
  payouts: bytes32,
  first: bytes32,
  last: bytes32,
  job: bytes32,
})

/** The claim of a merge's child; a leaf's with the program whose key verifies it. */
export const child = z.discriminatedUnion('kind', [transition, sequence, parallel])

/** The claim of an aggregate's proof. */
export const rootClaim = z.discriminatedUnion('kind', [sequence, parallel])
export type RootClaim = Sequence | Parallel

// The schemas and the protocol's types say the same; a difference does not compile.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
type Mutable<T> = T extends unknown ? { -readonly [K in keyof T]: T[K] } : never
const _same: [
  Same<z.output<typeof claim>, Mutable<Claim>>,
  Same<z.output<typeof child>, Mutable<Child>>,
  Same<z.output<typeof rootClaim>, Mutable<RootClaim>>,
] = [true, true, true]
void _same
