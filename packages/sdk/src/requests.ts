import type { Connection } from '@weft/api'
import { type Bytes32, jobOf, type MarketDomain, WeftError } from '@weft/protocol'
import { checkZk, createDrafts, type Draft, type DraftDeps } from './draft.js'
import type { Clock, Random } from './ports.js'
import { Sealer } from './private-inputs.js'
import type { ProgramStatement } from './program-system.js'
import { type Look, ProgressMeter } from './progress.js'
import { checkOrder, openProof, type Proof } from './proof.js'
import { createTenant } from './tenant.js'
import type { ProveOptions, Weft, WeftOptions } from './weft.js'

const POLL_MS = 1_000
const never = new AbortController().signal

/** Inputs that provers blame have a code of their own: another try with them would fail as well. */
const failureOf = ({ order, batch }: Look): WeftError => {
  const request = order.id
  const failure = order.failure ?? batch.failure
  if (failure !== undefined) {
    const message = `provers could not prove these inputs: ${failure.message}; check them, and ask again`
    return new WeftError(failure.code, message, { request })
  }
  const reason = batch.reason ?? `the request is ${order.state}`
  return new WeftError('batch_failed', `no proof: ${reason}; ask again`, { request, reason })
}

const noProverKeys = () =>
  new WeftError(
    'unsupported',
    'private inputs need `chain.isSignedForProver`: without it, nobody tells a prover’s key from the coordinator’s own',
  )

/** Asks for proofs of single executions and follows them. */
export const createRequests = (
  options: WeftOptions & { readonly clock: Clock; readonly random: Random },
  deps: DraftDeps & { readonly connection: Connection },
): Pick<Weft, 'submit' | 'follow' | 'resume' | 'prove' | 'proof'> => {
  const { chain, clock, random, pollMs = POLL_MS } = options
  const { connection, programs } = deps
  const { chainId, settlement, market } = chain
  const domain: MarketDomain = { chainId: BigInt(chainId), contract: market }

  const draft = createDrafts(options, deps)

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

  const sealerOf = (inputs: object | null, onSealed: ProveOptions['onSealed']): Sealer | null => {
    if (inputs === null) return null
    const { isSignedForProver } = chain
    if (isSignedForProver === undefined) throw noProverKeys()
    const told = onSealed ?? (() => undefined)
    return new Sealer({ connection, domain, isSignedForProver, clock, random, onSealed: told }, inputs)
  }

  const followTo = async (
    id: Bytes32,
    asked: ProgramStatement | null,
    privateInputs: object | null,
    { signal = never, onProgress, onSealed }: ProveOptions,
  ): Promise<Proof> => {
    const sealer = sealerOf(privateInputs, onSealed)
    const meter = new ProgressMeter()
    for (;;) {
      const seen = await look(id, signal)
      const { order, batch } = seen
      onProgress?.(meter.read(seen, clock.nowMs()))
      if (order.state === 'cancelled' || order.state === 'failed' || batch.state === 'failed') {
        throw failureOf(seen)
      }
      if (batch.state === 'settled') {
        return openProof(connection, order, asked, chain, signal)
      }
      const { program, pre, data } = order.request
      const job = jobOf({ program, pre, post: asked?.post ?? order.post, data })
      await sealer?.look(order, job, signal)
      await clock.sleep(pollMs, signal)
      signal.throwIfAborted()
    }
  }

  const submit: Weft['submit'] = async (request, { signal = never } = {}) => {
    if (request.private && chain.isSignedForProver === undefined) throw noProverKeys()
    const drafted = await draft(request, signal)
    const { trace, statement, privateInputs } = drafted
    const id = await handIn(drafted, signal)
    return { request: id, program: trace.program, statement, privateInputs }
  }

  const resume: Weft['resume'] = async (id, inputs, { signal = never } = {}) => {
    const { request } = await orderOf(id, signal)
    const program = await programs.open(request.program, { signal })
    checkZk(program)
    const expected = { work: program.work, statement: null }
    const { statement, inputs: privateInputs } = await program.prepared.execute(inputs, expected, signal)
    if (statement.pre === request.pre && statement.data === request.data) {
      return { request: id, program: program.id, statement, privateInputs }
    }
    throw new WeftError(
      'bad_inputs',
      'the request was made for other inputs: give those that it was made for',
      {
        request: id,
      },
    )
  }

  return {
    submit,
    resume,
    follow: (id, { asked = null, privateInputs = null, ...followOptions } = {}) =>
      followTo(id, asked, privateInputs, followOptions),
    async prove(request, proveOptions = {}) {
      const { request: id, statement, privateInputs } = await submit(request, proveOptions)
      proveOptions.onAccepted?.(id)
      return followTo(id, statement, privateInputs, proveOptions)
    },
    proof: async (id, { signal = never } = {}) =>
      openProof(connection, await orderOf(id, signal), null, chain, signal),
  }
}
