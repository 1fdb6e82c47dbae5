import type { Readable } from 'node:stream'
import type { NOTHING, OCTETS, RouteName, RouteSpec, Routes } from '@weft/api'
import type { z } from 'zod'
import type { Caller } from '../sessions.js'

type Parsed<R, K extends string> = R extends { readonly [_ in K]: infer S }
  ? S extends z.ZodType
    ? { readonly [_ in K]: z.output<S> }
    : unknown
  : unknown

/** What a handler is given: checked, and for routes with `auth`, by whom. */
export type Call<N extends RouteName> = Parsed<Routes[N], 'params'> &
  Parsed<Routes[N], 'query'> &
  Parsed<Routes[N], 'body'> &
  (Routes[N]['auth'] extends true ? { readonly caller: Caller } : unknown) &
  (Routes[N] extends { readonly body: typeof OCTETS } ? { readonly octets: OctetsOf<N> } : unknown) & {
    /** Aborts when the client is gone. */
    readonly signal: AbortSignal
  }

/** Proofs are small and read whole; blobs are streamed. */
type OctetsOf<N extends RouteName> = N extends 'submitProof' ? Uint8Array : Readable

type AnswerOf<R extends RouteSpec> = R['answer'] extends z.ZodType
  ? z.output<R['answer']>
  : R['answer'] extends typeof NOTHING
    ? undefined
    : Blob

interface Blob {
  readonly stream: Readable
  readonly bytes: number
}

export type Answer<N extends RouteName> =
  | AnswerOf<Routes[N]>
  | (Routes[N] extends { readonly orNothing: true } ? undefined : never)

/** One function for each route of the API. They refuse by throwing an ApiError. */
export type Handlers = { readonly [N in RouteName]: (call: Call<N>) => Promise<Answer<N>> | Answer<N> }
