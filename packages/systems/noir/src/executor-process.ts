import { type CompiledCircuit, type ForeignCallHandler, type InputMap, Noir } from '@noir-lang/noir_js'
import type { InputValue } from '@weft/proof'

/** One witness generation: the circuit comes once and is kept by its hash. */
export interface ExecuteRequest {
  readonly hash: string
  readonly circuit?: Partial<CompiledCircuit>
  readonly inputs: InputMap
}

export type Failure = 'unsatisfied' | 'bad_inputs' | 'bad_artifact' | 'memory_limit' | 'unknown_circuit'

export type ExecuteAnswer =
  | { readonly witness: Uint8Array; readonly returned: InputValue | null }
  | {
      readonly failure: Failure
      readonly message: string
      /** Where in the program's source, if its artifact has debug information. */
      readonly location?: string
      /** The process answers nothing more. */
      readonly isLast?: true
    }

const KEPT = 8
const circuits = new Map<string, Noir>()

const circuitOf = (request: ExecuteRequest): Noir | undefined => {
  const known = circuits.get(request.hash)
  if (known !== undefined || request.circuit === undefined) return known
  const [oldest] = circuits.keys()
  if (circuits.size >= KEPT && oldest !== undefined) circuits.delete(oldest)
  const noir = new Noir(request.circuit as CompiledCircuit)
  circuits.set(request.hash, noir)
  return noir
}

/** The simulator's own words for bytecode that is not what the compiler writes, or not for this ABI. */
const BAD_ARTIFACT =
  /deserialize|cannot solve opcode|pedantic|inconsistent with|calldatacopy|unknown variant|missing field|invalid type/i
/** Its words for a constraint that does not hold; anything else is about the inputs' shape. */
const UNSATISFIED =
  /constraint|assert|cannot satisfy|failed to solve|out of bounds|overflow|underflow|execution failed/i
const MAX_MESSAGE = 1000
const FAILED = 'Circuit execution failed: '

interface ExecutionError {
  readonly message: string
  readonly rawAssertionPayload?: unknown
  readonly decodedAssertionPayload?: unknown
  readonly noirCallStack?: readonly string[]
}

/** `file:line:column` of the innermost call that is known. */
const locationOf = ({ noirCallStack }: ExecutionError): string | undefined =>
  noirCallStack?.at(-1)?.match(/\(([^()]*:\d+:\d+)\)$/)?.[1]

const failureOf = (error: ExecutionError): Failure => {
  if (error.rawAssertionPayload !== undefined) return 'unsatisfied'
  if (BAD_ARTIFACT.test(error.message)) return 'bad_artifact'
  return UNSATISFIED.test(error.message) ? 'unsatisfied' : 'bad_inputs'
}

const describe = ({ message, decodedAssertionPayload }: ExecutionError): string => {
  const text = message.startsWith(FAILED) ? message.slice(FAILED.length) : message
  const payload = decodedAssertionPayload === undefined ? '' : ` ${JSON.stringify(decodedAssertionPayload)}`
  return `${text}${payload}`.slice(0, MAX_MESSAGE)
}

const execute = async (request: ExecuteRequest): Promise<ExecuteAnswer> => {
  const { hash, inputs } = request
  let oracle: string | null = null
  const onForeignCall: ForeignCallHandler = async (name) => {
    if (name === 'print') return []
    oracle = name
    throw new Error(name)
  }
  try {
    const noir = circuitOf(request)
    if (noir === undefined) return { failure: 'unknown_circuit', message: hash }
    const { witness, returnValue } = await noir.execute(inputs, onForeignCall)
    return { witness, returned: (returnValue ?? null) as InputValue | null }
  } catch (thrown) {
    const error: ExecutionError = thrown instanceof Error ? thrown : { message: String(thrown) }
    if (oracle !== null) {
      const message = `the program asks for the oracle ${oracle}, and a prover has none: pass its answer as an input`
      return { failure: 'bad_artifact', message }
    }
    const location = locationOf(error)
    const answer = { failure: failureOf(error), message: describe(error) }
    return location === undefined ? answer : { ...answer, location }
  }
}

/** Whether a question is under way, which a panic is the answer to then. */
let isAsked = false

/** WebAssembly has 4 GB; a simulator that ends beyond this has run out of it. */
const EXHAUSTED_BYTES = 3e9

// The simulator's panics leave the WebAssembly instance unusable, and reach nobody but this handler.
process.on('uncaughtException', (error) => {
  const isExhausted = process.memoryUsage.rss() > EXHAUSTED_BYTES
  const failure = isExhausted ? 'memory_limit' : 'bad_artifact'
  const message = isExhausted
    ? 'witness generation needs more than the 4 GB that a simulator can have'
    : `the simulator gave up (${error.message}): take the artifact as the compiler wrote it`
  if (!isAsked) throw error
  process.send?.({ failure, message, isLast: true } satisfies ExecuteAnswer)
  process.disconnect()
})

// One at a time: whoever asks waits for the answer.
process.on('message', async (request: ExecuteRequest) => {
  isAsked = true
  process.send?.(await execute(request))
  isAsked = false
})
process.on('disconnect', () => process.exit(0))
