import { abis } from '@weft/contracts'
import type { Abi } from 'viem'

/** Every function, event and error of Weft's contracts: what a sender needs to explain a refusal. */
export const WEFT_ABI: Abi = [
  ...abis.Settlement,
  ...abis.PaymentsRollup,
  ...abis.FixedPricing,
  ...abis.Market,
  ...abis.Defaults,
  ...abis.Staking,
  ...abis.VerifierRouter,
  ...abis.ProofRegistry,
  ...abis.Groth16Verifier,
  ...abis.ContractVerifiers,
  ...abis.WrappedEther,
]
