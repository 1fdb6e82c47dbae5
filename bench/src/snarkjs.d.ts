declare module 'snarkjs' {
  export const groth16: {
    /** Inputs, and paths of the wasm and the zkey. */
    fullProve(
      inputs: object,
      wasm: string,
      zkey: string,
    ): Promise<{ proof: object; publicSignals: readonly string[] }>
  }
}
