declare module 'ffjavascript' {
  /** Points are bytes: affine or Jacobian, in Montgomery form. */
  export interface Group {
    readonly zero: Uint8Array
    readonly g: Uint8Array
    add(a: Uint8Array, b: Uint8Array): Uint8Array
    /** Scalars are little-endian. */
    timesScalar(point: Uint8Array, scalar: Uint8Array): Uint8Array
    isZero(point: Uint8Array): boolean
    /** On the curve, which says nothing of the group. */
    isValid(point: Uint8Array): boolean
    toAffine(point: Uint8Array): Uint8Array
    toJacobian(point: Uint8Array): Uint8Array
    batchToAffine(points: Uint8Array): Promise<Uint8Array>
    toObject(point: Uint8Array): unknown
    fromObject(point: unknown): Uint8Array
  }
  export interface Curve {
    readonly G1: Group
    readonly G2: Group
  }
  export function buildBn128(singleThread: boolean): Promise<Curve>
}

declare module 'snarkjs' {
  import type { Curve } from 'ffjavascript'
  /** A file in memory. */
  export interface MemoryFile {
    readonly type: 'mem'
    data?: Uint8Array
  }
  export interface Logger {
    debug(message: string): void
    info(message: string): void
    warn(message: string): void
    error(message: string): void
  }
  interface Proven {
    readonly proof: object
    readonly publicSignals: readonly string[]
  }
  interface System {
    prove(zkey: MemoryFile, witness: MemoryFile): Promise<Proven>
    verify(key: unknown, publicSignals: readonly string[], proof: unknown, logger: Logger): Promise<boolean>
  }
  interface UniversalSystem extends System {
    /** Returns -1 and logs when the powers are too few. */
    setup(r1cs: MemoryFile, powers: MemoryFile, zkey: MemoryFile, logger: Logger): Promise<unknown>
  }
  export const groth16: System & {
    fullProve(inputs: object, wasm: string, zkey: string): Promise<Proven>
  }
  export const plonk: UniversalSystem
  export const fflonk: UniversalSystem
  export const zKey: {
    newZKey(r1cs: MemoryFile, powers: MemoryFile, zkey: MemoryFile, logger: Logger): Promise<unknown>
    contribute(from: MemoryFile, to: MemoryFile, name: string, entropy: string): Promise<unknown>
    exportVerificationKey(zkey: MemoryFile, logger: Logger): Promise<Readonly<Record<string, unknown>>>
  }
  export const curves: { getCurveFromName(name: string): Promise<Curve> }
}
