import {
  createL1Client,
  createSender,
  depositEtherCall,
  describeReport,
  fillOnDevnet,
  marketReader,
  type SenderReport,
  type TxStore,
  WEFT_ABI,
} from '@weft/chain'
import { type Address, type Bytes32, toAddress, WeftError } from '@weft/protocol'
import type { Clock } from '@weft/sdk'
import type { LocalAccount } from 'viem'
import { contractsOf, type DeploymentFile } from './deployment.js'

/** What proofs are paid from: an account in the market's contract, under the address of a key. */
export interface MarketAccount {
  readonly address: Address
  /** What is in it, in wei. Errors: `l1_unavailable`. */
  balanceWei(): Promise<bigint>
  /**
   * Pays ether in from the key's own, and resolves with the transaction when L1 has it. On a development chain, where ether
   * costs nothing, the key is given some first (else `l1_unavailable`). Waits while L1 does not answer, and tells `onWait` so
   * (`l1_waits`). Errors: `insufficient_funds`, `zero_amount`.
   */
  deposit(amountWei: bigint): Promise<Bytes32>
}

const POLL_MS = 250

/** A deposit that nobody waits for any more shows in the balance. */
const forgetful: TxStore = {
  load: async () => [],
  put: async () => undefined,
  close: async () => undefined,
}

export const marketAccount = (
  deployment: DeploymentFile,
  account: LocalAccount,
  clock: Clock,
  onWait: (reason: WeftError) => void = () => undefined,
): MarketAccount => {
  const contracts = contractsOf(deployment)
  const client = createL1Client(deployment.l1Url)
  const reader = marketReader(client, contracts)
  const address = toAddress(account.address)
  const onReport = (report: SenderReport) => {
    const text = report.kind === 'endpoint_up' ? null : describeReport(report)
    if (text !== null) onWait(new WeftError('l1_waits', text, report))
  }
  return {
    address,
    balanceWei: async () => (await reader.accountOf(address)).balanceWei,
    async deposit(amountWei) {
      if (deployment.srs === 'dev') await fillOnDevnet(client, address)
      const { chainId } = deployment
      const sender = await createSender({
        ...{ client, chainId, account, clock, store: forgetful, abi: WEFT_ABI, pollMs: POLL_MS, onReport },
      })
      try {
        return (await sender.send(depositEtherCall(contracts.market, address, amountWei, 'deposit'))).hash
      } finally {
        await sender.close()
      }
    },
  }
}
