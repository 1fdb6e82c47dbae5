import { ModuleBuilder } from 'wasmbuilder'
import curves from 'wasmcurves'
import { addBatchAddition } from './batch-add.js'

const PAGE_BYTES = 65536
const STATIC_PAGES = 25
/** Left free behind what is allocated, for what the module's own functions allocate. */
const HEADROOM = 2 ** 20

type Field = 'f1m' | 'f2m'
type GroupName = 'g1m' | 'g2m'
type Binary = (a: number, b: number, result: number) => void
type Unary = (a: number, result: number) => void
type Batch = (pairs: number, sums: number, n: number, place: number) => void

/** The functions that proving uses; arguments are addresses and counts. */
export type EngineFunctions = {
  readonly [name in `${GroupName}_${'add' | 'addMixed' | 'subMixed'}`]: Binary
} & { readonly [name in `${GroupName}_double` | `${Field}_inverse`]: Unary } & {
  readonly [name in `${GroupName}_zero`]: (result: number) => void
} & { readonly [name in `${GroupName}_${'denominators' | 'sums'}`]: Batch } & {
  qap_buildABC(
    coefficients: number,
    count: number,
    witness: number,
    a: number,
    b: number,
    c: number,
    firstRow: number,
    rows: number,
    firstWire: number,
    wires: number,
  ): void
  qap_joinABC(a: number, b: number, c: number, n: number, result: number): void
  frm_fft(values: number, n: number): void
  frm_ifft(values: number, n: number): void
  frm_batchApplyKey(values: number, n: number, first: number, factor: number, result: number): void
  frm_batchFromMontgomery(values: number, n: number, result: number): void
}

/** BN254 arithmetic as WebAssembly: wasmcurves' module with batch addition. Takes 0.2 s. */
export const buildModule = (): Promise<WebAssembly.Module> => {
  const builder = new ModuleBuilder()
  builder.setMemory(STATIC_PAGES)
  curves.buildBn128(builder)
  addBatchAddition(builder)
  return WebAssembly.compile(builder.build())
}

/** An instance with a memory of its own, allocated from the front and freed as a whole. */
export class Engine {
  readonly call: EngineFunctions
  readonly #memory = new WebAssembly.Memory({ initial: STATIC_PAGES, maximum: 65536 })
  readonly #start: number
  #free: number
  #bytes: Uint8Array

  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } })
    this.call = exports as unknown as EngineFunctions
    this.#bytes = new Uint8Array(this.#memory.buffer)
    // The module keeps the address of its free memory at 0.
    this.#start = (new Uint32Array(this.#memory.buffer)[0] as number) + 7
    this.#free = this.#start
  }

  /** Views of the memory; invalid after the next `alloc`. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  reset(): void {
    this.#free = this.#start
  }

  /** An address aligned to 8 bytes. Throws a RangeError beyond WebAssembly's 4 GiB. */
  alloc(length: number): number {
    const address = this.#free & ~7
    this.#free = address + length + 7
    const missing = this.#free + HEADROOM - this.#bytes.length
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES))
      this.#bytes = new Uint8Array(this.#memory.buffer)
    }
    new Uint32Array(this.#memory.buffer)[0] = this.#free & ~7
    return address
  }

  put(content: Uint8Array): number {
    const address = this.alloc(content.length)
    this.#bytes.set(content, address)
    return address
  }

  get(address: number, length: number): Uint8Array {
    return this.#bytes.slice(address, address + length)
  }
}
