import { type Bytes32, costUpWei, type Delivery, WeftError } from '@weft/protocol'
import type { Trace } from './batch.js'
import { checkDelivery, deliveriesOf, paidWorkUp } from './delivery.js'
import { chooseDelivery } from './estimate.js'
import type { Estimator } from './estimator.js'
import type { ProgramStatement } from './program-system.js'
import type { Program, Programs } from './programs.js'
import { PROVE_WITHIN_MS, type RequestTerms } from './request.js'
import type { ProofRequest, WeftOptions } from './weft.js'

/** What is asked for, before it is signed. */
export interface Draft {
  readonly trace: Trace
  readonly statement: ProgramStatement
  readonly terms: RequestTerms
  readonly privateInputs: object | null
}

/** What drafts are made of. */
export interface DraftDeps {
  readonly programs: Programs
  readonly estimate: Estimator
}

/** A proof that tells of its inputs would tell everybody. Throws `not_zero_knowledge`. */
export const checkZk = ({ id, prepared }: Program): void => {
  if (prepared.zk === true) return
  throw new WeftError(
    'not_zero_knowledge',
    `proofs of ${prepared.name} are made without zero knowledge, and everybody can read them, so private inputs might leak: register the program with zk; one that makes its claim by itself is always proven without, so return public values from it instead`,
    { program: id },
  )
}

/** Executes a program: what does not satisfy it goes no further. */
export const createDrafts = (
  { systems }: Pick<WeftOptions, 'systems'>,
  { programs, estimate }: DraftDeps,
): ((request: ProofRequest, signal: AbortSignal) => Promise<Draft>) => {
  const systemOf = (program: Program): Bytes32 => {
    const found = systems.find(({ name }) => name === program.system)
    if (found !== undefined) return found.id
    throw new WeftError('unknown_system', `give the system of this program: ${program.system}`, {
      system: program.system,
    })
  }

  /** The program that is proven, and how it is delivered. */
  const planOf = async (
    { delivery = 'auto', maxPriceWei, proveWithinMs = PROVE_WITHIN_MS }: ProofRequest,
    program: Program,
    signal: AbortSignal,
  ): Promise<{ readonly program: Program; readonly delivery: Delivery }> => {
    const own = deliveriesOf(systemOf(program))
    if (delivery !== 'auto' && own.includes(delivery)) return { program, delivery }
    const lone = await programs.alone(program, { signal })
    const possible = lone === null ? own : [...own, ...deliveriesOf(systemOf(lone))]
    const [only, another] = possible
    const chosen =
      delivery !== 'auto'
        ? checkDelivery(delivery, possible)
        : another === undefined && only !== undefined
          ? only
          : chooseDelivery(await estimate({ program, maxPriceWei, signal }, lone), proveWithinMs).delivery
    if (lone === null || own.includes(chosen)) return { program, delivery: chosen }
    return { program: await programs.add(lone, { signal }), delivery: chosen }
  }

  return async (request, signal) => {
    const { program: named, inputs, private: isPrivate = false, statement = null, ...rest } = request
    const asked = typeof named === 'string' ? await programs.open(named, { signal }) : named
    const { program, delivery } = await planOf(request, asked, signal)
    if (isPrivate) checkZk(program)
    const { id, work, prepared } = program
    const executed = await prepared.execute(inputs, { work, statement }, signal)
    const maxTotalWei = costUpWei(rest.maxPriceWei, paidWorkUp(systemOf(program), work))
    const shown = isPrivate ? null : executed.inputs
    return {
      trace: { program: id, segments: [{ ...executed.statement, inputs: shown }] },
      statement: executed.statement,
      terms: { ...rest, delivery, maxTotalWei },
      privateInputs: isPrivate ? executed.inputs : null,
    }
  }
}
