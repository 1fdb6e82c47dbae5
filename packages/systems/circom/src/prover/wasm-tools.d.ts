declare module 'wasmbuilder' {
  /** WebAssembly code under construction: bytes. */
  export type Code = readonly number[]
  export interface CodeBuilder {
    getLocal(name: string): Code
    setLocal(name: string, value: Code): Code
    call(name: string, ...args: Code[]): Code
    if(condition: Code, then: Code, otherwise?: Code): Code
    block(body: Code): Code
    loop(...body: Code[]): Code
    br(depth: number): Code
    br_if(depth: number, condition: Code): Code
    i32_const(value: number): Code
    i32_add(a: Code, b: Code): Code
    i32_sub(a: Code, b: Code): Code
    i32_mul(a: Code, b: Code): Code
    i32_and(a: Code, b: Code): Code
    i32_or(a: Code, b: Code): Code
    i32_eq(a: Code, b: Code): Code
    i32_eqz(a: Code): Code
    i32_load(address: Code, offset?: number): Code
  }
  export interface FunctionBuilder {
    addParam(name: string, type: 'i32'): void
    addLocal(name: string, type: 'i32'): void
    addCode(...code: Code[]): void
    getCodeBuilder(): CodeBuilder
  }
  export class ModuleBuilder {
    setMemory(pages: number): void
    addFunction(name: string): FunctionBuilder
    exportFunction(name: string): void
    /** Reserves static memory; returns its address. */
    alloc(bytes: number): number
    build(): Uint8Array
  }
}

declare module 'wasmcurves' {
  import type { ModuleBuilder } from 'wasmbuilder'

  const curves: { buildBn128(module: ModuleBuilder): void }
  export default curves
}
