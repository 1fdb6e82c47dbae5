import type { Inputs, InputValue } from '@weft/proof'

/**
 * Circom 2's witness calculator: field elements pass through a window of 32-bit words, little end first, and
 * signals are known by the FNV-1a hash of their names.
 */
interface Calculator {
  init(sanityCheck: number): void
  getFieldNumLen32(): number
  getRawPrime(): void
  getInputSize(): number
  getInputSignalSize(hashHigh: number, hashLow: number): number
  setInputSignal(hashHigh: number, hashLow: number, index: number): void
  getWitnessSize(): number
  getWitness(index: number): void
  readSharedRWMemory(word: number): number
  writeSharedRWMemory(word: number, value: number): void
  getMessageChar(): number
}

const EXPORTS = [
  'init',
  'getFieldNumLen32',
  'getRawPrime',
  'getInputSize',
  'getInputSignalSize',
  'setInputSignal',
  'getWitnessSize',
  'getWitness',
  'readSharedRWMemory',
  'writeSharedRWMemory',
  'getMessageChar',
] as const

/** All that a witness calculator may import: it reports failures and prints, both of which stay here. */
const IMPORTS: ReadonlySet<string> = new Set([
  'exceptionHandler',
  'printErrorMessage',
  'writeBufferMessage',
  'showSharedRWMemory',
])

const WORDS = 8
const PRIME = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const MAX_MESSAGE = 2000
const ASSERT_FAILED = 4
const NOT_ENOUGH_MEMORY = 5
const PAGE_BYTES = 65536
/** A program that fails with that part of its memory taken has failed for want of more: it grows in steps. */
const FULL = 0.75

export type FailureCode = 'bad_artifact' | 'bad_inputs' | 'unsatisfied' | 'memory_limit' | 'sandbox_violation'

export class Failure extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly signal: string | null = null,
  ) {
    super(message)
  }
}

/** What the calculator said through `exceptionHandler`. */
class Exception extends Error {
  constructor(
    readonly code: number,
    readonly trace: string,
  ) {
    super(`exception ${code}`)
  }
}

/** Refuses programs that ask the host for anything. Errors: `sandbox_violation`, `bad_artifact`. */
export const checkModule = (module: WebAssembly.Module): void => {
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (from === 'runtime' && kind === 'function' && IMPORTS.has(name)) continue
    throw new Failure('sandbox_violation', `the program asks the host for ${from}.${name} (${kind})`)
  }
  const exported = new Set(WebAssembly.Module.exports(module).map(({ name }) => name))
  for (const name of EXPORTS) {
    if (!exported.has(name)) {
      throw new Failure('bad_artifact', `the wasm has no ${name}: compile it with circom 2.0.9 or later`)
    }
  }
}

const instantiate = (module: WebAssembly.Module): Calculator => {
  let trace = ''
  const readMessage = (): string => {
    let text = ''
    for (
      let c = calculator.getMessageChar();
      c !== 0 && text.length < MAX_MESSAGE;
      c = calculator.getMessageChar()
    ) {
      text += String.fromCharCode(c)
    }
    return text
  }
  const runtime = {
    exceptionHandler: (code: number) => {
      throw new Exception(code, trace.trim())
    },
    printErrorMessage: () => {
      trace = `${trace}${readMessage()}\n`.slice(0, MAX_MESSAGE)
    },
    // What a program logs is nobody's; it is read so that the next message starts afresh.
    writeBufferMessage: () => {
      readMessage()
    },
    showSharedRWMemory: () => undefined,
  }
  const calculator = new WebAssembly.Instance(module, { runtime }).exports as unknown as Calculator
  return calculator
}

const MASK = 0xffff_ffffn

/** The two halves of the 64-bit FNV-1a hash of a signal's name. */
const hashName = (name: string): [number, number] => {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(name)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffff_ffff_ffff_ffffn
  }
  return [Number(hash >> 32n) | 0, Number(hash & MASK) | 0]
}

/** The field element that an input stands for; negative ones count from the prime down. */
const parseValue = (name: string, value: InputValue): bigint => {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (
    typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && INTEGER.test(value)
  ) {
    const integer = BigInt(value as string | number)
    if (integer < PRIME && integer > -PRIME) return integer < 0n ? integer + PRIME : integer
    throw new Failure('bad_inputs', `${name} is not below the field's prime`, name)
  }
  throw new Failure('bad_inputs', `${name} is no integer: write it in decimal or as 0x…`, name)
}

const INTEGER = /^(-?\d{1,80}|0x[0-9a-fA-F]{1,64})$/

/** Inputs by signal name with arrays laid flat; buses and nested objects are named with dots. */
const flatten = (inputs: Inputs): Map<string, bigint[]> => {
  const signals = new Map<string, bigint[]>()
  const visit = (name: string, value: InputValue | undefined) => {
    if (Array.isArray(value)) for (const item of value) visit(name, item)
    else if (typeof value === 'object' && value !== null) {
      for (const [field, item] of Object.entries(value as Inputs)) visit(`${name}.${field}`, item)
    } else {
      const values = signals.get(name) ?? []
      values.push(parseValue(name, value as InputValue))
      signals.set(name, values)
    }
  }
  for (const [name, value] of Object.entries(inputs)) {
    if (Array.isArray(value)) signals.set(name, [])
    visit(name, value)
  }
  return signals
}

/** Sets one signal; the calculator computes as soon as the last one is set. */
const setSignal = (calculator: Calculator, name: string, values: readonly bigint[]): void => {
  const [high, low] = hashName(name)
  const size = calculator.getInputSignalSize(high, low)
  // A name it does not know has size 0 or -1, by circom's version.
  if (size < 1 && values.length > 0) throw new Failure('bad_inputs', `the program has no input ${name}`, name)
  if (size !== values.length) {
    throw new Failure('bad_inputs', `${name} takes ${size} values, not ${values.length}`, name)
  }
  for (const [index, value] of values.entries()) {
    let rest = value
    for (let word = 0; word < WORDS; word++, rest >>= 32n) {
      calculator.writeSharedRWMemory(word, Number(rest & MASK) | 0)
    }
    calculator.setInputSignal(high, low, index)
  }
}

const setSignals = (calculator: Calculator, inputs: Inputs): void => {
  const signals = flatten(inputs)
  let given = 0
  for (const values of signals.values()) given += values.length
  // Asked before anything is set: with the last value the calculator starts.
  const expected = calculator.getInputSize()
  for (const [name, values] of signals) setSignal(calculator, name, values)
  if (given < expected) {
    const names = [...signals.keys()].join(', ') || 'none'
    throw new Failure('bad_inputs', `${expected - given} of ${expected} values are missing; given: ${names}`)
  }
}

const checkPrime = (calculator: Calculator): void => {
  let prime = 0n
  if (calculator.getFieldNumLen32() === WORDS) {
    calculator.getRawPrime()
    for (let word = WORDS - 1; word >= 0; word--) {
      prime = (prime << 32n) | BigInt(calculator.readSharedRWMemory(word) >>> 0)
    }
  }
  if (prime !== PRIME) {
    throw new Failure('bad_artifact', 'the wasm is not over BN254: compile it with the default prime')
  }
}

/** The witness in iden3's wtns format. */
const writeWitness = (calculator: Calculator, wires: number): Uint8Array => {
  const header = 12 + 12 + 4 + 4 * WORDS + 4 + 12
  const bytes = new Uint8Array(header + 4 * WORDS * wires)
  const view = new DataView(bytes.buffer)
  let at = 0
  const u32 = (...values: number[]) => {
    for (const value of values) {
      view.setUint32(at, value, true)
      at += 4
    }
  }
  u32(0x736e7477, 2, 2) // "wtns", version, sections
  u32(1, 4 + 4 * WORDS + 4, 0, 4 * WORDS)
  for (let word = 0, rest = PRIME; word < WORDS; word++, rest >>= 32n) u32(Number(rest & MASK))
  u32(wires)
  const length = BigInt(4 * WORDS * wires)
  u32(2, Number(length & MASK), Number(length >> 32n))
  for (let wire = 0; wire < wires; wire++) {
    calculator.getWitness(wire)
    for (let word = 0; word < WORDS; word++, at += 4) {
      view.setUint32(at, calculator.readSharedRWMemory(word), true)
    }
  }
  return bytes
}

/** A program's failure in the words of the requester. */
const explain = (error: unknown, memory: WebAssembly.Memory | undefined, memoryPages: number): Failure => {
  if (error instanceof Failure) return error
  const full = memory !== undefined && memory.buffer.byteLength > FULL * memoryPages * PAGE_BYTES
  if (full || (error instanceof Exception && error.code === NOT_ENOUGH_MEMORY)) {
    return new Failure('memory_limit', 'the program took all the memory that it may have')
  }
  if (error instanceof Exception) {
    return error.code === ASSERT_FAILED
      ? new Failure(
          'unsatisfied',
          `a constraint does not hold: ${error.trace || 'the program does not say which'}`,
        )
      : new Failure('bad_inputs', `the program refuses its inputs (${error.code}) ${error.trace}`)
  }
  const message = error instanceof Error ? error.message : String(error)
  // V8 says so of a memory that starts larger than --wasm-max-mem-pages; an access out of bounds is no RangeError.
  if (error instanceof RangeError && /memory/i.test(message)) return new Failure('memory_limit', message)
  return new Failure('bad_artifact', `the program failed: ${message}`)
}

/** Runs `work` with a program's calculator, of a circuit of so many wires. Errors: Failure. */
const withCalculator = <T,>(
  module: WebAssembly.Module,
  wires: number,
  memoryPages: number,
  work: (calculator: Calculator) => T,
): T => {
  let memory: WebAssembly.Memory | undefined
  try {
    const calculator = instantiate(module)
    const exported = (calculator as unknown as { memory?: unknown }).memory
    if (exported instanceof WebAssembly.Memory) memory = exported
    checkPrime(calculator)
    const size = calculator.getWitnessSize()
    if (size !== wires) {
      throw new Failure('bad_artifact', `the wasm is not the zkey's: it has ${size} wires, not ${wires}`)
    }
    return work(calculator)
  } catch (error) {
    throw explain(error, memory, memoryPages)
  }
}

/** Runs a program. `memoryPages` is what this process was started with. Errors: Failure. */
export const calculate = (
  module: WebAssembly.Module,
  inputs: Inputs,
  wires: number,
  memoryPages: number,
): Uint8Array =>
  withCalculator(module, wires, memoryPages, (calculator) => {
    calculator.init(1)
    setSignals(calculator, inputs)
    return writeWitness(calculator, wires)
  })

/** Runs a program as far as it says what it computes. Errors: Failure. */
export const checkProgram = (module: WebAssembly.Module, wires: number, memoryPages: number): void =>
  withCalculator(module, wires, memoryPages, () => undefined)
