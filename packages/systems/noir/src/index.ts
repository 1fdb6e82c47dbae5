export {
  type Abi,
  type AbiField,
  type AbiParameter,
  type AbiType,
  countPublicInputs,
  typeName,
} from './abi.js'
export { stripDebug } from './artifact.js'
export { BB_VERSION, findBb } from './bb-binary.js'
export { checkInputs } from './check-inputs.js'
export { NOIR_VERSION } from './compile.js'
export { ensureDevSrs, patchSolidity } from './dev-srs.js'
export { createHonkDirectSystem } from './direct-system.js'
export type { DirectProof } from './honk.js'
export { type LoadOptions, loadProgram, type NoirProgram } from './load-program.js'
export { KEY_FIELDS, PROOF_FIELDS, toLanes } from './merge-inputs.js'
export * from './srs.js'
export {
  createNoirSystem,
  largestCircuit,
  type NoirSystem,
  type NoirSystemOptions,
  type Run,
} from './system.js'
export { type WrapOptions, type WrappedProgram, wrapProgram, wrappedStatement } from './wrap.js'
