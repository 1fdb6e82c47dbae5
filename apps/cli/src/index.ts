export { coordinatorSettings } from './commands/coordinator.js'
export { demoSettings } from './commands/demo.js'
export { depositSettings, runDeposit } from './commands/deposit.js'
export { devnetSettings, serveDevnet } from './commands/devnet.js'
export { nodeSettings } from './commands/node.js'
export { offersSettings, runOffers } from './commands/offers.js'
export { ordersSettings, runOrders } from './commands/orders.js'
export {
  programAddSettings,
  programListSettings,
  programShowSettings,
  runProgramAdd,
  runProgramList,
  runProgramShow,
} from './commands/program.js'
export { proveSettings, runProve } from './commands/prove.js'
export { requestSettings, runRequest } from './commands/request.js'
export { rollupSettings } from './commands/rollup.js'
export { runSetup, setupSettings } from './commands/setup.js'
export { runStake, stakeSettings } from './commands/stake.js'
export { runStatus, statusSettings } from './commands/status.js'
export { runVerify, verifySettings } from './commands/verify.js'
export { runWithdraw, withdrawSettings } from './commands/withdraw.js'
export type { Settled } from './demo/summary.js'
export { logBy, openL1, watchBy } from './l1.js'
export { createOutput, type Output } from './output.js'
export { createProgram } from './program.js'
export { type Payer, paymentSettings, preparePayment } from './rollup-payment.js'
export { describeSettings, readSettings, type SettingsSchema } from './settings.js'
