// Noir programs by `bb` itself. An artifact is what `nargo compile` writes.
import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { abi, acvm, Noir } from '@noir-lang/noir_js'
import { compileVerifier } from './solidity.mjs'

const UNSATISFIED = 10
const BAD_INPUTS = 11
const BAD_ARTIFACT = 12

const fail = (code, error) => {
  console.error(error?.message ?? String(error))
  process.exit(code)
}

/** Ends the process with a code of its own for what goes wrong in this step. */
const or = (code, step) => {
  try {
    return step()
  } catch (error) {
    return fail(code, error)
  }
}

const bb = (...args) =>
  execFileSync('bb', [...args, '-t', 'evm'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

const readCircuit = (path) =>
  or(BAD_ARTIFACT, () => {
    const circuit = readJson(path)
    if (typeof circuit?.bytecode !== 'string' || circuit.abi === undefined)
      throw new Error('no compiled program')
    return circuit
  })

/** Its bytecode as a file for `bb`. */
const writeBytecode = ({ bytecode }, output) => {
  const path = join(output, 'bytecode.gz')
  writeFileSync(path, Buffer.from(bytecode, 'base64'))
  return path
}

/** A witness as `bb` takes it, with the public inputs in it: public parameters, then the return value. */
const execute = async (circuit, inputs) => {
  const given = readJson(inputs)
  or(BAD_INPUTS, () => abi.abiEncode(circuit.abi, given))
  const { witness } = await new Noir(circuit).execute(given).catch((error) => fail(UNSATISFIED, error))
  const solved = acvm.decompressWitness(witness)
  const bytecode = Buffer.from(circuit.bytecode, 'base64')
  const byIndex = (words) => [...words].sort(([a], [b]) => a - b).map(([, value]) => value)
  const publicInputs = [
    ...byIndex(acvm.getPublicParametersWitness(bytecode, solved)),
    ...byIndex(acvm.getReturnWitness(bytecode, solved)),
  ]
  return { witness, publicInputs }
}

const commands = {
  setup(artifact, output) {
    const bytecode = writeBytecode(readCircuit(artifact), output)
    or(BAD_ARTIFACT, () => bb('write_vk', '-b', bytecode, '-o', output))
    const key = join(output, 'key.bin')
    renameSync(join(output, 'vk'), key)
    const source = join(output, 'Verifier.sol')
    bb('write_solidity_verifier', '-k', key, '-o', source, '--optimized')
    const verifier = compileVerifier(readFileSync(source, 'utf8'), 'HonkVerifier', 'verify(bytes,bytes32[])')
    writeFileSync(join(output, 'verifier.json'), JSON.stringify({ ...verifier, takes: 'bytes' }))
    const { circuit_size: size } = JSON.parse(bb('gates', '-b', bytecode)).functions[0]
    // Starting Node and `bb` takes about as long as 30,000 gates, on two cores.
    const gates = 30_000 + size
    const circuit = { gates, memoryBytes: 300_000_000 + 2_000 * size }
    writeFileSync(join(output, 'circuit.json'), JSON.stringify(circuit))
  },

  async execute(artifact, inputs, output) {
    const { publicInputs } = await execute(readCircuit(artifact), inputs)
    writeFileSync(join(output, 'public-inputs.json'), JSON.stringify(publicInputs))
  },

  async prove(artifact, key, inputs, output) {
    const circuit = readCircuit(artifact)
    const { witness, publicInputs } = await execute(circuit, inputs)
    const path = join(output, 'witness.gz')
    writeFileSync(path, witness)
    bb('prove', '-b', writeBytecode(circuit, output), '-w', path, '-k', key, '-o', output)
    renameSync(join(output, 'proof'), join(output, 'proof.bin'))
    writeFileSync(join(output, 'public-inputs.json'), JSON.stringify(publicInputs))
  },

  verify(key, publicInputs, proof) {
    const words = `${publicInputs}.bin`
    writeFileSync(
      words,
      Buffer.from(
        readJson(publicInputs)
          .map((word) => word.slice(2))
          .join(''),
        'hex',
      ),
    )
    try {
      bb('verify', '-k', key, '-i', words, '-p', proof)
    } catch (error) {
      // 1 for a proof that is wrong and for one that is none; a `bb` that is missing or was ended has not verified it.
      fail(error.status === 1 ? 1 : 2, error)
    }
  },
}

const [command, ...args] = process.argv.slice(2)
await commands[command](...args)
