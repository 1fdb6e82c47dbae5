import { type Address, type Bytes32, type Hex, isHex, type SignatureChecker, toAddress } from '@weft/protocol'
import { encodeFunctionData, parseAbi, recoverAddress } from 'viem'
import type { L1Client } from '../client.js'
import { isUnreachable } from '../link.js'
import { read } from '../read.js'

const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/**
 * The key that signed a digest, as the contracts recover it: 65 bytes, s in the lower half of the order, v 27 or 28.
 * Null for anything else.
 */
export const recoverSigner = async (digest: Bytes32, signature: string): Promise<Address | null> => {
  if (signature.length !== 132 || !isHex(signature)) return null
  const s = BigInt(`0x${signature.slice(66, 130)}`)
  const v = Number(`0x${signature.slice(130)}`)
  if (s > HALF_ORDER || (v !== 27 && v !== 28)) return null
  try {
    return toAddress(await recoverAddress({ hash: digest, signature }))
  } catch {
    // No point of the curve has this r.
    return null
  }
}

const ERC1271 = parseAbi(['function isValidSignature(bytes32 digest, bytes signature) view returns (bytes4)'])
const MAGIC = `0x1626ba7e${'00'.repeat(28)}`

/**
 * What the contracts let a wallet use (`Signatures.sol`), and what a call costs before it: rather too little, so that
 * nothing counts here that does not count there.
 */
const gasFor = (question: Hex) => 150_000n + 21_000n + 4n * BigInt((question.length - 2) / 2)

/** Whether a contract says that it signed. An endpoint that answers with an error has run its code. */
const isSignedByContract = async (client: L1Client, signer: Address, digest: Bytes32, signature: Hex) => {
  const data = encodeFunctionData({
    abi: ERC1271,
    functionName: 'isValidSignature',
    args: [digest, signature],
  })
  try {
    const answer = await client.call({ to: signer, data, gas: gasFor(data) })
    return answer.data?.slice(0, 66) === MAGIC
  } catch (error) {
    if (isUnreachable(error)) return read(`a signature of ${signer}`, Promise.reject(error))
    return false
  }
}

/**
 * Checks signatures as the contracts do: by recovery, and where the signer has code, by its `isValidSignature`
 * (ERC-1271) on the newest block. Errors: `l1_unavailable`.
 */
export const signatureChecker = (client: L1Client): SignatureChecker => ({
  async isSignedBy(signer, digest, signature) {
    if ((await recoverSigner(digest, signature)) === signer) return true
    if (!isHex(signature)) return false
    const code = await read(`the code of ${signer}`, client.getCode({ address: signer }))
    if (code === undefined) return false
    return isSignedByContract(client, signer, digest, signature)
  },
})
