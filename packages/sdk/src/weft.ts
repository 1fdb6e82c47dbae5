import { createConnection, type Deployment, type Signer } from '@weft/api'
import type { Address, Bytes32, WeftError } from '@weft/protocol'
import type { ProofDelivery } from './delivery.js'
import type { Estimate } from './estimate.js'
import { createEstimator } from './estimator.js'
import { platformClock, platformRandom } from './platform.js'
import type { Clock, Random } from './ports.js'
import type { IsSignedForProver, Sealed } from './private-inputs.js'
import type { ProgramStatement, ProgramSystem } from './program-system.js'
import { createPrograms, type Program, type Programs } from './programs.js'
import type { ProofProgress } from './progress.js'
import type { Proof, ProofReader } from './proof.js'
import type { RequestTerms } from './request.js'
import { createRequests } from './requests.js'

/** The deployment that is signed for, and the questions to it. */
export interface Chain extends Deployment, ProofReader {
  readonly market: Address
  /** What a unit of gas costs now. Errors: `l1_unavailable`. */
  gasPriceWei(): Promise<bigint>
  /** Needed for private inputs. */
  readonly isSignedForProver?: IsSignedForProver
}

export interface WeftOptions {
  /** URL of a coordinator. */
  readonly coordinator: string
  readonly chain: Chain
  /** Signs requests, and pays from its market account. */
  readonly account: Signer
  /** Proof systems of the caller's programs; programs name theirs. */
  readonly systems: readonly ProgramSystem[]
  /** The platform's unless told. */
  readonly clock?: Clock
  /** For nonces; the platform's unless told. */
  readonly random?: Random
  readonly fetch?: typeof fetch
  /** Between two looks at a request; 1,000 unless told. */
  readonly pollMs?: number
  /** Told of every answer that has to be waited for. */
  readonly onWait?: (reason: WeftError) => void
}

/** A proof that is asked for, and what is paid for it. See `RequestTerms` for what is left out here. */
export interface ProofRequest
  extends Omit<RequestTerms, 'maxTotalWei' | 'segmentWork' | 'winners' | 'delivery'> {
  /** The program, or its id. */
  readonly program: Program | Bytes32
  /** By parameter, as JSON. */
  readonly inputs: object
  /**
   * Has the inputs encrypted to whoever is matched, who alone reads them; otherwise anybody may. As long as it is
   * not proven, somebody has to `follow` the request: who takes over from a prover has to be sealed to, too.
   */
  readonly private?: boolean
  /** What is claimed, for a program that makes its claim by itself: the proof shows a hash of it alone. */
  readonly statement?: ProgramStatement
  /**
   * One that the program's proofs have (else `unsupported`); `auto` unless told. With `individual`, a program that is
   * merged is proven as its `Programs.alone`, which is added.
   */
  readonly delivery?: ProofDelivery
}

export interface ProveOptions {
  readonly signal?: AbortSignal
  /** Told the request's id as soon as it is accepted: `follow` takes it, in another process as well. */
  readonly onAccepted?: (request: Bytes32) => void
  /** Told at every look; a look that changed nothing says how much time is left. */
  readonly onProgress?: (progress: ProofProgress) => void
  /** Told whenever private inputs went to a node. */
  readonly onSealed?: (sealed: Sealed) => void
}

/** A request that a coordinator has taken, and what its claim has to be. */
export interface Submitted {
  readonly request: Bytes32
  /** The id that is proven: with `individual`, that of a merged program for Ethereum alone. */
  readonly program: Bytes32
  readonly statement: ProgramStatement
  /** What `follow` seals to provers; null where the inputs are not private. */
  readonly privateInputs: object | null
}

/** What is asked before a proof is asked for. */
export interface EstimateRequest {
  readonly program: Program
  /** For a million units of work; a proof that nothing merges is so much work. */
  readonly maxPriceWei: bigint
  readonly signal?: AbortSignal
}

/** A shared prover network, for whoever has programs and no provers. */
export interface Weft {
  readonly programs: Programs
  /**
   * Says what a proof costs in each way it can be delivered, before anything is signed. Errors: `unknown_system`,
   * `no_market`, `l1_unavailable`.
   */
  estimate(request: EstimateRequest): Promise<Estimate>
  /**
   * Executes the program here, signs a request for that execution's claim and hands it in.
   * Nothing is signed for inputs that do not satisfy the program. Errors: those of `PreparedProgram.execute` and of
   * `Programs.open`; `bad_terms`, `unsupported`, `wrong_deployment`, `no_market`, and the refusals of `submitRequest`
   * that waiting does not change (`insufficient_balance`, with what is needed). With `auto`, those of `estimate` too,
   * `beyond_budget` and `too_little_time`.
   */
  submit(request: ProofRequest, options?: { readonly signal?: AbortSignal }): Promise<Submitted>
  /**
   * Waits until a request is settled; with `asked`, it must state that. With `privateInputs`, seals them to whoever
   * proves it. Errors: `batch_failed`; `unsatisfied` and `bad_inputs`, when provers say so; `unknown_intent`,
   * `bad_opening`, `bad_answer`; `bad_recipient` for a key that no matched prover has signed.
   */
  follow(
    request: Bytes32,
    options?: Omit<ProveOptions, 'onAccepted'> & {
      readonly asked?: ProgramStatement
      readonly privateInputs?: object | null
    },
  ): Promise<Proof>
  /**
   * What `follow` needs of a request with private inputs that was made before, in another process: executes its program
   * again. Errors: those of `submit` before anything is signed; `unknown_intent`, `bad_answer`.
   */
  resume(request: Bytes32, inputs: object, options?: { readonly signal?: AbortSignal }): Promise<Submitted>
  /** Both. */
  prove(request: ProofRequest, options?: ProveOptions): Promise<Proof>
  /** The proof of a request that is settled. Errors: `not_settled`, `unknown_intent`, `bad_opening`, `bad_answer`. */
  proof(request: Bytes32, options?: { readonly signal?: AbortSignal }): Promise<Proof>
}

export const createWeft = (options: WeftOptions): Weft => {
  const { coordinator: url, chain, account: signer, systems, fetch, onWait } = options
  const { clock = platformClock, random = platformRandom } = options
  const connection = createConnection({
    ...{ url, signer, clock },
    deployment: { chainId: chain.chainId, settlement: chain.settlement },
    ...(fetch ? { fetch } : {}),
    ...(onWait ? { onWait } : {}),
  })
  const programs = createPrograms({ connection, systems })
  const estimate = createEstimator(connection, chain)
  return {
    programs,
    estimate: async (request) => {
      const { program, signal } = request
      return estimate(request, await programs.alone(program, signal === undefined ? {} : { signal }))
    },
    ...createRequests({ ...options, clock, random }, { connection, programs, estimate }),
  }
}
