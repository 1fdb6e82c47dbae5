export { type CommandConfig, readCommandConfig } from './config.js'
export { type CommandSystemOptions, createCommandSystem } from './system.js'
