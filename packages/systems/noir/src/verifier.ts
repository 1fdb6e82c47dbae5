import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ProofError } from '@weft/proof'
import { sha256 } from './artifact.js'
import { writeAtomically } from './atomic.js'
import { oneShot } from './one-shot.js'
import type { SolidityAnswer } from './solidity-process.js'

/** The compiler takes about two seconds and 0.3 GB. */
const LIMITS = { signal: new AbortController().signal, timeMs: 120_000, memoryBytes: 4e9 }

/** Creation bytecode of a generated Solidity verifier; cached by its source. Errors: `setup_failed`. */
export const compileVerifier = async (source: string, cacheFolder: string): Promise<Uint8Array> => {
  const path = join(cacheFolder, `verifier-${sha256(Buffer.from(source)).slice(0, 32)}.bin`)
  const cached = await readFile(path).catch(() => null)
  if (cached !== null) return cached
  const script = new URL('./solidity-process.js', import.meta.url)
  const answer = await oneShot<SolidityAnswer>(script, [], LIMITS, source).catch((error: Error) => ({
    failure: `the Solidity compiler ${error.message}`,
  }))
  if ('failure' in answer) throw new ProofError('setup_failed', answer.failure)
  const bytecode = Buffer.from(answer.bytecode, 'hex')
  await writeAtomically(path, bytecode)
  return bytecode
}
