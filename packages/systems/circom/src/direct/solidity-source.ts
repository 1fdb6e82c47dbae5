import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Hex, keccak256 } from '@weft/protocol'
import ejs from 'ejs'
import { modPow, SCALAR_FIELD } from '../bn254.js'
import type { CircomVerificationKey } from '../proof.js'
import { type ContractProtocol, PROOF_WORDS } from './layout.js'

const CONTRACTS: Readonly<Record<ContractProtocol, { readonly name: string; readonly word: string }>> = {
  plonk: { name: 'PlonkVerifier', word: 'uint256' },
  fflonk: { name: 'FflonkVerifier', word: 'bytes32' },
}

/** What the wrapper is called by, for proofs of that many public signals. */
export const selectorOf = (protocol: ContractProtocol, publicSignals: number): Hex => {
  const { word } = CONTRACTS[protocol]
  const signature = `verify(${word}[${PROOF_WORDS}],uint256[${publicSignals}])`
  return `0x${keccak256(new TextEncoder().encode(signature)).slice(2, 10)}`
}

/** Powers of the roots, which the template wants beside the roots. */
const powersOfRoots = (key: CircomVerificationKey): Readonly<Record<string, string>> => {
  const power = (name: string, exponent: number) =>
    String(modPow(BigInt(key[name] as string), BigInt(exponent), SCALAR_FIELD))
  const powers = (name: string, exponents: readonly number[]) =>
    exponents.map((exponent) => [`${name}_${exponent}`, power(name, exponent)])
  return Object.fromEntries([
    ...powers('w3', [2]),
    ...powers('w4', [2, 3]),
    ...powers('w8', [1, 2, 3, 4, 5, 6, 7]),
  ])
}

/**
 * snarkjs' verifier takes public signals beyond the field for what is left of them, and does not look at words behind
 * the last one, which whoever sends them would take for public signals: one proof could stand for anything.
 */
const wrapper = (protocol: ContractProtocol, publicSignals: number): string => `
contract Verifier is ${CONTRACTS[protocol].name} {
    function verify(
        ${CONTRACTS[protocol].word}[${PROOF_WORDS}] calldata proof,
        uint256[${publicSignals}] calldata publicSignals
    ) external view returns (bool) {
        if (msg.data.length != ${4 + 32 * (PROOF_WORDS + publicSignals)}) return false;
        for (uint256 i = 0; i < ${publicSignals}; i++) {
            if (publicSignals[i] >= q) return false;
        }
        return verifyProof(proof, publicSignals);
    }
}
`

/** The source of a key's verifier, the contract `Verifier` in it. The key has to be one of numbers alone. */
export const solidityOf = async (protocol: ContractProtocol, key: CircomVerificationKey): Promise<string> => {
  const snarkjs = dirname(dirname(createRequire(import.meta.url).resolve('snarkjs')))
  const template = await readFile(join(snarkjs, 'templates', `verifier_${protocol}.sol.ejs`), 'utf8')
  const values = protocol === 'fflonk' ? { ...key, ...powersOfRoots(key) } : key
  return ejs.render(template, values, {}) + wrapper(protocol, key.nPublic)
}
