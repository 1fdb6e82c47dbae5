export { BB_VERSION, findBb } from './bb-binary.js'
export { ensureDevSrs, patchSolidity } from './dev-srs.js'
export { KEY_FIELDS, PROOF_FIELDS, toLanes } from './merge-inputs.js'
export * from './srs.js'
export {
  createNoirSystem,
  largestCircuit,
  type NoirSystem,
  type NoirSystemOptions,
} from './system.js'
