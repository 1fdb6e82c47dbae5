export * from './error.js'
export * from './program.js'
export * from './system.js'
