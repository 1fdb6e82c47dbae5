import { type CompiledCircuit, type InputMap, Noir } from '@noir-lang/noir_js'

/** One witness generation: the circuit comes once and is kept by its hash. */
export interface ExecuteRequest {
  readonly id: number
  readonly hash: string
  readonly circuit?: CompiledCircuit
  readonly inputs: InputMap
}

export type ExecuteAnswer =
  | { readonly id: number; readonly witness: Uint8Array }
  | {
      readonly id: number
      readonly failure: 'unsatisfied' | 'bad_inputs' | 'unknown_circuit'
      readonly message: string
    }

const KEPT = 8
const circuits = new Map<string, Noir>()

const circuitOf = (request: ExecuteRequest): Noir | undefined => {
  const known = circuits.get(request.hash)
  if (known !== undefined || request.circuit === undefined) return known
  const [oldest] = circuits.keys()
  if (circuits.size >= KEPT && oldest !== undefined) circuits.delete(oldest)
  const noir = new Noir(request.circuit)
  circuits.set(request.hash, noir)
  return noir
}

/** The simulator's own words for a constraint that does not hold; anything else is about the inputs' shape. */
const UNSATISFIED = /constraint|assert|cannot satisfy|failed to solve|out of bounds|overflow|underflow/i

const answer = async (request: ExecuteRequest): Promise<ExecuteAnswer> => {
  const noir = circuitOf(request)
  if (noir === undefined) return { id: request.id, failure: 'unknown_circuit', message: request.hash }
  try {
    const { witness } = await noir.execute(request.inputs)
    return { id: request.id, witness }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { id: request.id, failure: UNSATISFIED.test(message) ? 'unsatisfied' : 'bad_inputs', message }
  }
}

process.on('message', (request: ExecuteRequest) => {
  void answer(request).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit(0))
