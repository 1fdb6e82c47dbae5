import type { Connection } from '@weft/api'
import { type Bytes32, type MarketDomain, WeftError } from '@weft/protocol'
import type { Trace } from './batch.js'
import type { ProgramStatement } from './program-system.js'
import type { Program, Programs } from './programs.js'
import { ProgressMeter } from './progress.js'
import { checkOrder, openProof, type Proof } from './proof.js'
import type { RequestTerms } from './request.js'
import { createTenant } from './tenant.js'
import type { ProofRequest, ProveOptions, Weft, WeftOptions } from './weft.js'

const POLL_MS = 1_000
const never = new AbortController().signal

/** What is asked for, before it is signed. */
interface Draft {
  readonly trace: Trace
  readonly statement: ProgramStatement
  readonly terms: RequestTerms
}

/** Executes the program: what does not satisfy it goes no further. */
const draftOf = async (
  { program: _, inputs, statement, delivery = 'aggregated', ...rest }: ProofRequest,
  program: Program,
  signal: AbortSignal,
): Promise<Draft> => {
  if (delivery !== 'aggregated') {
    throw new WeftError(
      'unsupported',
      'a proof of one execution is delivered aggregated: ask for that, L1 verifies one proof of many',
      { delivery },
    )
  }
  const { id, work, prepared } = program
  const executed = await prepared.execute(inputs, { work, statement: statement ?? null }, signal)
  const trace = { program: id, segments: [{ ...executed.statement, inputs: executed.inputs }] }
  return { trace, statement: executed.statement, terms: { ...rest, delivery, segmentWork: work } }
}

/** Asks for proofs of single executions and follows them. */
export const createRequests = (
  options: WeftOptions,
  connection: Connection,
  programs: Programs,
): Pick<Weft, 'submit' | 'follow' | 'prove' | 'proof'> => {
  const { chain, clock, random, pollMs = POLL_MS } = options
  const { chainId, settlement, market } = chain
  const domain: MarketDomain = { chainId: BigInt(chainId), contract: market }

  const draft = async (request: ProofRequest, signal: AbortSignal): Promise<Draft> => {
    const { program } = request
    return draftOf(
      request,
      typeof program === 'string' ? await programs.open(program, { signal }) : program,
      signal,
    )
  }

  const handIn = ({ trace, terms }: Draft, signal: AbortSignal): Promise<Bytes32> => {
    const { coordinator, account, fetch, onWait } = options
    const tenant = createTenant({
      coordinatorUrl: coordinator,
      signer: account,
      payment: { kind: 'market', market, terms, random },
      deployment: { chainId, settlement },
      clock,
      ...(fetch ? { fetch } : {}),
      ...(onWait ? { onWait } : {}),
    })
    return tenant.submit(trace, { signal })
  }

  const orderOf = async (id: Bytes32, signal: AbortSignal) =>
    checkOrder(await connection.ask(signal, (api) => api.request({ params: { id }, signal })), id, domain)

  const look = async (id: Bytes32, signal: AbortSignal) => {
    const order = await orderOf(id, signal)
    const batch = await connection.ask(signal, (api) => api.batch({ params: { id }, signal }))
    const { aggregate } = batch
    return {
      ...{ order, batch },
      aggregate:
        aggregate === null
          ? null
          : await connection.ask(signal, (api) => api.aggregate({ params: { id: aggregate }, signal })),
      nodes: (await connection.ask(signal, (api) => api.status({ signal }))).nodes,
    }
  }

  const followTo = async (
    id: Bytes32,
    asked: ProgramStatement | null,
    { signal = never, onProgress }: ProveOptions,
  ): Promise<Proof> => {
    const meter = new ProgressMeter()
    for (;;) {
      const seen = await look(id, signal)
      const { order, batch } = seen
      onProgress?.(meter.read(seen, clock.nowMs()))
      if (order.state === 'cancelled' || order.state === 'failed' || batch.state === 'failed') {
        const reason = batch.reason ?? `the request is ${order.state}`
        throw new WeftError('batch_failed', `no proof: ${reason}; ask again`, { request: id, reason })
      }
      if (batch.state === 'settled') {
        return openProof(connection, order, asked, chain.isProven, signal)
      }
      await clock.sleep(pollMs, signal)
      signal.throwIfAborted()
    }
  }

  const submit: Weft['submit'] = async (request, { signal = never } = {}) => {
    const drafted = await draft(request, signal)
    return { request: await handIn(drafted, signal), statement: drafted.statement }
  }

  return {
    submit,
    follow: (id, { asked = null, ...followOptions } = {}) => followTo(id, asked, followOptions),
    async prove(request, proveOptions = {}) {
      const { request: id, statement } = await submit(request, proveOptions)
      proveOptions.onAccepted?.(id)
      return followTo(id, statement, proveOptions)
    },
    proof: async (id, { signal = never } = {}) =>
      openProof(connection, await orderOf(id, signal), null, chain.isProven, signal),
  }
}
