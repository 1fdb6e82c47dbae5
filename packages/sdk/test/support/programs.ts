import { MERGED_SYSTEM } from '@weft/api'
import { bytesToHex, keccak256, tag, uintToBytes32, WeftError } from '@weft/protocol'
import { type PreparedProgram, type ProgramSystem, stateless } from '@weft/sdk'

export const SYSTEM = tag('system.test')
const text = new TextEncoder()

/**
 * A proof system of no proofs: a program is its path, makes its one input public, and is satisfied by all but "wrong".
 * One whose path begins with `claim` makes its claim by itself; one whose path begins with `both` is one of Groth16 as well.
 */
const prepare = (name: string): PreparedProgram => ({
  name,
  artifact: text.encode(`artifact:${name}`),
  key: text.encode(`key:${name}`),
  keyHash: keccak256(text.encode(name)),
  gates: 100_000,
  work: name.startsWith('claim') ? null : 120_000n,
  ...(name.startsWith('both') ? { alone: { system: 'groth16', artifact: text.encode(name) } } : {}),
  async execute(inputs, { statement }) {
    const { x } = inputs as { x?: string }
    if (x === undefined) throw new WeftError('bad_inputs', 'inputs.x: expected Field, got nothing')
    if (x === 'wrong') throw new WeftError('unsatisfied', `${name}: x is wrong`)
    const result = stateless(uintToBytes32(BigInt(x)))
    if (!name.startsWith('claim')) return { statement: result, inputs: { inner: inputs } }
    if (statement === null) throw new WeftError('statement_needed', 'say what it claims')
    if (statement.post !== result.post) throw new WeftError('bad_claim', 'it claims something else')
    return { statement, inputs }
  },
})

export const testSystem: ProgramSystem = {
  name: MERGED_SYSTEM,
  id: SYSTEM,
  load: async ({ path }) => prepare(path),
  open: async (_, artifact) => {
    const [kind, name] = new TextDecoder().decode(artifact).split(':')
    if (kind !== 'artifact' || name === undefined) {
      throw new WeftError('bad_artifact', `no artifact: ${bytesToHex(artifact)}`)
    }
    return prepare(name)
  },
}
