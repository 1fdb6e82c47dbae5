export { createFileTxStore } from './file-store.js'
export { describeReport, type SenderReport } from './report.js'
export { createSender, type Sender, type SenderOptions, type SenderStatus } from './sender.js'
export type { Attempt, Call, Outcome, TxRecord, TxStore } from './tx.js'
