export { type CircomFiles, packCircomArtifact, unpackCircomArtifact } from './container.js'
export { type CircomDirectOptions, createCircomDirectSystems } from './direct/system.js'
export { CircomError, type CircomErrorCode } from './error.js'
export { type CircomArtifact, readCircomProgram } from './files/read-program.js'
export { type CircomSetup, setupCircom } from './files/setup.js'
export type { Protocol, ZkeyHeader } from './headers.js'
export type { CircomArtifacts, CircomProgram } from './program.js'
export type { CircomProof, CircomVerificationKey } from './proof.js'
export type { Contribution } from './prover/setup.js'
export { sandboxArguments } from './sandbox.js'
export {
  type CircomSystem,
  type CircomSystemOptions,
  createCircomSystem,
  type SetupRequest,
} from './system.js'
