export * from './error.js'
export * from './prepare.js'
export * from './program.js'
export * from './system.js'
