export { createFileTxStore } from './file-store.js'
export {
  createSender,
  type Sender,
  type SenderOptions,
  type SenderReport,
  type SenderStatus,
} from './sender.js'
export type { Attempt, Call, Outcome, TxRecord, TxStore } from './tx.js'
