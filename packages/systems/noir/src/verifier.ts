import { join } from 'node:path'
import { ProofError } from '@weft/proof'
import { sha256 } from './artifact.js'
import { cached } from './cache.js'
import { oneShot } from './one-shot.js'
import type { SolidityAnswer } from './solidity-process.js'

/** The compiler takes about two seconds and 0.3 GB. */
const LIMITS = { signal: new AbortController().signal, timeMs: 120_000, memoryBytes: 4e9 }

/** A compiled verifier contract. */
export interface VerifierCode {
  readonly creationCode: Uint8Array
  readonly runtimeCode: Uint8Array
}

const decode = (answer: { readonly creationCode: string; readonly runtimeCode: string }): VerifierCode => ({
  creationCode: Buffer.from(answer.creationCode, 'hex'),
  runtimeCode: Buffer.from(answer.runtimeCode, 'hex'),
})

/** A generated Solidity verifier; cached by its source. Errors: `setup_failed`. */
export const compileVerifier = async (source: string, cacheFolder: string): Promise<VerifierCode> => {
  const path = join(cacheFolder, `verifier-${sha256(Buffer.from(source)).slice(0, 32)}.json`)
  const bytes = await cached(path, async () => {
    const script = new URL('./solidity-process.js', import.meta.url)
    const answer = await oneShot<SolidityAnswer>(script, [], LIMITS, source).catch((error: Error) => ({
      failure: `the Solidity compiler ${error.message}`,
    }))
    if ('failure' in answer) throw new ProofError('setup_failed', answer.failure)
    return Buffer.from(JSON.stringify(answer))
  })
  return decode(JSON.parse(Buffer.from(bytes).toString()))
}
