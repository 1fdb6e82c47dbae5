export * from './fakes.js'
export * from './laws.js'
