export * from './accounts.js'
export * from './defaults.js'
export * from './payments.js'
export * from './staking.js'
