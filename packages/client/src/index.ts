export type { MarketAccount } from './account.js'
export { chainOf } from './chain.js'
export {
  contractsOf,
  type DeploymentFile,
  formatDeployment,
  type MarketContracts,
  readDeployment,
} from './deployment.js'
export { loadCircom, openCircomSystem, openDirectSystems } from './direct-systems.js'
export { openKey } from './keys.js'
export { NO_SYSTEMS, type OpenSystems } from './lazy-systems.js'
export { type NoirOptions, openNoir, type Progress, preparing } from './noir.js'
export { honkPrograms, honkSystems, noirPrograms } from './noir-programs.js'
export type { ClientSource } from './program-source.js'
export { type Client, type ClientOptions, createWeft } from './weft.js'
