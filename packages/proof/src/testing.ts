export * from './direct-laws.js'
export * from './fakes.js'
export * from './laws.js'
