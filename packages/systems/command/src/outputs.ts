import { type DirectProof, ProofError } from '@weft/proof'
import { type Bytes32, hexToBytes } from '@weft/protocol'
import { z } from 'zod'
import { contractCall, count, hex, word } from './config.js'
import { readOutput } from './folder.js'
import type { CommandKey } from './key.js'
import type { Ended } from './runner.js'

/** Exit codes that say whose fault it is that there is no proof; every other is the command's. */
const REFUSALS: Readonly<Record<number, 'unsatisfied' | 'bad_inputs' | 'bad_artifact'>> = {
  10: 'unsatisfied',
  11: 'bad_inputs',
  12: 'bad_artifact',
}

/** What `setup` writes of a key goes through the network with the program. */
const MAX_KEY_BYTES = 2 ** 20
const MAX_JSON_BYTES = 2 ** 18
/** A word of public-inputs.json, with its quotes, comma and some space. */
const WORD_TEXT_BYTES = 100

/** Errors: what the exit code says; `prover_crashed`. */
export const checkExit = (what: string, { code, message }: Ended): void => {
  if (code === 0) return
  const refusal = REFUSALS[code]
  if (refusal !== undefined) throw new ProofError(refusal, `${what}: ${message || 'no message'}`)
  throw crashed(what, { code, message })
}

/** How a command ended that should not have. */
export const crashed = (what: string, { code, message }: Ended): ProofError =>
  new ProofError('prover_crashed', `${what} ended with code ${code}: ${message || 'no message'}`, { code })

const missing = (name: string) =>
  new ProofError('prover_crashed', `the command ended without a ${name}: have it write one into {output}`)

/** Null if there is none. Errors: `prover_crashed`. */
const readJson = async <T>(
  folder: string,
  name: string,
  schema: z.ZodType<T>,
  maxBytes = MAX_JSON_BYTES,
): Promise<T | null> => {
  const bytes = await readOutput(folder, name, maxBytes)
  if (bytes === null) return null
  let json: unknown
  try {
    json = JSON.parse(bytes.toString())
  } catch (cause) {
    throw new ProofError('prover_crashed', `the command wrote a ${name} that is no JSON`, {}, { cause })
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const why = z.prettifyError(parsed.error)
  throw new ProofError(
    'prover_crashed',
    `the command wrote a wrong ${name}: ${why}`,
    {},
    { cause: parsed.error },
  )
}

/** The public inputs in public-inputs.json. */
export const readPublicInputs = async (folder: string, most: number): Promise<readonly Bytes32[]> => {
  const name = 'public-inputs.json'
  const words = await readJson(folder, name, z.array(word).max(most), WORD_TEXT_BYTES * (most + 1))
  if (words === null) throw missing(name)
  return words
}

/** The proof in proof.bin, with its public inputs. */
export const readProof = async (
  folder: string,
  { maxProofBytes, maxPublicInputs }: { readonly maxProofBytes: number; readonly maxPublicInputs: number },
): Promise<DirectProof> => {
  const publicInputs = await readPublicInputs(folder, maxPublicInputs)
  const proof = await readOutput(folder, 'proof.bin', maxProofBytes)
  if (proof === null || proof.length === 0) throw missing('proof.bin')
  return { publicInputs, proof }
}

const circuit = z.strictObject({ gates: count.optional(), memoryBytes: count.optional() })
const verifier = z.strictObject({
  ...contractCall,
  creationCode: hex.refine((text) => text.length > 2, 'give the code'),
})

/** What `setup` wrote as key.bin. */
export const readKeyFile = async (folder: string): Promise<Uint8Array> => {
  const file = await readOutput(folder, 'key.bin', MAX_KEY_BYTES)
  if (file === null) throw missing('key.bin')
  return file
}

/** What `setup` wrote as circuit.json, if anything. */
export const readCircuit = async (folder: string) => (await readJson(folder, 'circuit.json', circuit)) ?? {}

/** What `setup` wrote as verifier.json: the contract for the proofs of its artifact. */
export const readVerifier = async (folder: string): Promise<Omit<CommandKey, 'file'>> => {
  const read = await readJson(folder, 'verifier.json', verifier)
  if (read === null) throw missing('verifier.json')
  return { ...read, creationCode: hexToBytes(read.creationCode) }
}
