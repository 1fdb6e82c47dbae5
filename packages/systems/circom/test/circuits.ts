import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const CIRCUITS = fileURLToPath(new URL('./circuits', import.meta.url))
const require = createRequire(import.meta.url)

/** Compiles test/circuits/NAME.circom with circom itself. */
export const compileCircuit = async (name: string): Promise<{ r1cs: Uint8Array; wasm: Uint8Array }> => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-circom-'))
  try {
    const circom = join(dirname(require.resolve('circom2/package.json')), 'cli.js')
    const libraries = dirname(dirname(require.resolve('circomlib/package.json')))
    const source = join(CIRCUITS, `${name}.circom`)
    const args = [circom, source, '--r1cs', '--wasm', '-l', libraries, '-o', folder]
    await promisify(execFile)(process.execPath, args)
    return {
      r1cs: await readFile(join(folder, `${name}.r1cs`)),
      wasm: await readFile(join(folder, `${name}_js`, `${name}.wasm`)),
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The value of a wire in a wtns file. */
export const wireOf = (witness: Uint8Array, wire: number): bigint => {
  const at = 76 + 32 * wire
  return BigInt(
    `0x${Buffer.from(witness.slice(at, at + 32))
      .reverse()
      .toString('hex')}`,
  )
}
