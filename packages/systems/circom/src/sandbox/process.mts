import type { Inputs } from '@weft/proof'
import { calculate, checkModule, checkProgram, Failure, type FailureCode } from './calculator.mjs'

/** One witness; `wasm` comes with the first request of a process, which serves one program only. */
export interface WitnessRequest {
  readonly wasm?: Uint8Array
  /** Null to check the program alone. */
  readonly inputs: Inputs | null
  /** Wires of the circuit. */
  readonly wires: number
  /** The process's own --wasm-max-mem-pages. */
  readonly memoryPages: number
}

export type WitnessAnswer =
  | { readonly witness: Uint8Array }
  | { readonly checked: true }
  | { readonly failure: FailureCode; readonly message: string; readonly signal: string | null }
  | { readonly unknown: true }

let program: WebAssembly.Module | null = null

const compile = async (wasm: Uint8Array): Promise<WebAssembly.Module> => {
  const module = await WebAssembly.compile(wasm).catch((error: Error) => {
    throw new Failure('bad_artifact', `the wasm does not compile: ${error.message}`)
  })
  checkModule(module)
  return module
}

const answer = async (request: WitnessRequest): Promise<WitnessAnswer> => {
  try {
    if (request.wasm !== undefined) program = await compile(request.wasm)
    if (program === null) return { unknown: true }
    const { inputs, wires, memoryPages } = request
    if (inputs !== null) return { witness: calculate(program, inputs, wires, memoryPages) }
    checkProgram(program, wires, memoryPages)
    return { checked: true }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { failure: error.code, message: error.message, signal: error.signal }
  }
}

process.on('message', (request: WitnessRequest) => {
  void answer(request).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit(0))
