import { abis } from '@weft/contracts'
import { type Address, type Bytes32, bytesToHex, WeftError } from '@weft/protocol'
import type { L1Client } from '../client.js'
import type { Clock } from '../clock.js'
import { WEFT_ABI } from '../contracts.js'
import { isUnreachable } from '../link.js'
import { read } from '../read.js'
import { revertOf } from '../revert.js'
import type { DirectProofOnL1, DirectRecord } from './proof.js'
import { createRecords } from './records.js'

export interface ProofReaderOptions {
  readonly client: L1Client
  readonly registry: Address
  /** The block of the deployment, from which records are read. */
  readonly fromBlock: bigint
}

export interface WaitOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Between two looks; 2,000 unless told. */
  readonly pollMs?: number
}

/** What L1 says of direct proofs. Errors of all: `l1_unavailable`, `l1_reverted`, see `read`. */
export interface ProofReader {
  /** Whether a job is recorded as proven where a path leads: what applications ask. */
  isProven(job: Bytes32, path: Pick<DirectRecord, 'index' | 'siblings'>): Promise<boolean>
  /** Where a job is recorded; null if it is not. */
  recordOf(job: Bytes32): Promise<DirectRecord | null>
  /** The same, once it is. Goes on while L1 is down. Throws the signal's reason when it aborts. */
  waitForRecord(job: Bytes32, options: WaitOptions): Promise<DirectRecord>
  /**
   * Whether the verifier that the registry uses says yes to a proof, recorded or not; no transaction is sent. Errors also:
   * `unknown_system`, `system_frozen`; `unknown_key` for a key that nobody has registered yet.
   */
  verifyOnL1(proof: DirectProofOnL1): Promise<boolean>
}

/** Refusals that say nothing of the proof. */
const NO_ANSWER: readonly string[] = ['unknown_key']

export const createProofReader = ({ client, registry, fromBlock }: ProofReaderOptions): ProofReader => {
  const contract = { address: registry, abi: abis.ProofRegistry } as const
  const records = createRecords(client, registry, fromBlock)
  const recordOf = async (job: Bytes32) => (await records.find([job]))[0] ?? null

  /** As the registry finds it. */
  const verifierOf = async (system: Bytes32): Promise<Address> => {
    const address = await read('the router', client.readContract({ ...contract, functionName: 'router' }))
    const router = { address, abi: abis.VerifierRouter, args: [system] } as const
    const [verifier, isFrozen] = await Promise.all([
      read('a verifier', client.readContract({ ...router, functionName: 'verifierOf' })),
      read('whether a system is frozen', client.readContract({ ...router, functionName: 'isFrozen' })),
    ])
    if (BigInt(verifier) === 0n) {
      throw new WeftError('unknown_system', 'the deployment has no verifier for this proof system', {
        system,
      })
    }
    if (isFrozen) {
      throw new WeftError('system_frozen', 'the guardian has stopped this proof system for good', { system })
    }
    return verifier
  }

  return {
    recordOf,
    isProven: (job, { index, siblings }) =>
      read(
        'whether a job is proven',
        client.readContract({
          ...contract,
          functionName: 'isProven',
          args: [job, BigInt(index), siblings],
        }),
      ),
    async waitForRecord(job, { clock, signal, pollMs = 2_000 }) {
      for (;;) {
        signal.throwIfAborted()
        try {
          const record = await recordOf(job)
          if (record !== null) return record
        } catch (error) {
          if (!(error instanceof WeftError) || error.code !== 'l1_unavailable') throw error
        }
        await clock.sleep(pollMs, signal)
      }
    },
    async verifyOnL1({ system, key, proof, publicInputs }) {
      const verifier = { address: await verifierOf(system), abi: abis.Groth16Verifier } as const
      const args = [key, bytesToHex(proof), publicInputs] as const
      try {
        return await client.readContract({ ...verifier, functionName: 'verify', args })
      } catch (error) {
        if (isUnreachable(error)) return read('a verification', Promise.reject(error))
        const refusal = revertOf(error, WEFT_ABI)
        if (refusal !== null && NO_ANSWER.includes(refusal.code)) throw refusal
        // A malformed proof can make a verifier revert, or use up all gas.
        return false
      }
    },
  }
}
