// Circom programs by PLONK, proven by the command `snarkjs`. An artifact is a tar file of circuit.wasm and circuit.zkey.
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileVerifier } from './solidity.mjs'

const UNSATISFIED = 10
const BAD_INPUTS = 11
const BAD_ARTIFACT = 12

/** Base and scalar field of BN254: L1 takes no number that is not below its field's order. */
const BASE = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const SCALAR = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

/** The 24 words of a proof on L1: nine points, then six values. */
const POINTS = ['A', 'B', 'C', 'Z', 'T1', 'T2', 'T3', 'Wxi', 'Wxiw']
const VALUES = ['eval_a', 'eval_b', 'eval_c', 'eval_s1', 'eval_s2', 'eval_zw']

const fail = (code, message) => {
  console.error(message)
  process.exit(code)
}

const run = (program, ...args) => {
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status === null) fail(2, `${program}: ${error?.message ?? signal}`)
  return { isDone: status === 0, text: `${stdout}${stderr}`.trim() }
}

const must = (code, program, ...args) => {
  const { isDone, text } = run(program, ...args)
  if (!isDone) fail(code, text)
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))
const writeJson = (path, value) => writeFileSync(path, JSON.stringify(value))
const word = (value) => BigInt(value).toString(16).padStart(64, '0')

/** The circuit's files, unpacked once into the folder that stays. */
const unpack = (artifact, state) => {
  const files = ['circuit.wasm', 'circuit.zkey']
  const [wasm, zkey] = files.map((name) => join(state, name))
  if (existsSync(zkey)) return { wasm, zkey }
  const unpacked = mkdtempSync(join(state, 'unpacked-'))
  must(BAD_ARTIFACT, 'tar', '-xf', artifact, '-C', unpacked, ...files)
  for (const name of files) {
    if (!lstatSync(join(unpacked, name)).isFile()) fail(BAD_ARTIFACT, `${name} is no plain file`)
    // The zkey comes last: where it is, both are.
    renameSync(join(unpacked, name), join(state, name))
  }
  return { wasm, zkey }
}

/**
 * Refuses calls that are longer: L1 gives a contract the words of proof and public inputs in one row, and public inputs
 * that the circuit does not have would be proven by being there.
 */
const checkLength = (source, words) => {
  const head = /(function verifyProof\([^)]*\) public view returns \(bool\) \{)/g
  if (source.match(head)?.length !== 1) fail(2, 'this snarkjs writes another verifier: see its verifyProof')
  return source.replace(head, `$1\n        require(msg.data.length == 4 + 32 * ${words});`)
}

const writeKey = (zkey, path) =>
  must(BAD_ARTIFACT, 'snarkjs', 'zkey', 'export', 'verificationkey', zkey, path)

/** Writes a witness; `snarkjs` says in words what it does not like. */
const calculate = (wasm, inputs, witness) => {
  const { isDone, text } = run('snarkjs', 'wtns', 'calculate', wasm, inputs, witness)
  if (!isDone) fail(/Assert Failed/.test(text) ? UNSATISFIED : BAD_INPUTS, text)
}

const commands = {
  setup(artifact, state, output) {
    const { zkey } = unpack(artifact, state)
    const key = join(output, 'key.bin')
    writeKey(zkey, key)
    const { protocol, power, nPublic } = readJson(key)
    if (protocol !== 'plonk') fail(BAD_ARTIFACT, `the zkey is for ${protocol}`)
    const source = join(output, 'Verifier.sol')
    must(BAD_ARTIFACT, 'snarkjs', 'zkey', 'export', 'solidityverifier', zkey, source)
    const signature = `verifyProof(uint256[24],uint256[${nPublic}])`
    const checked = checkLength(readFileSync(source, 'utf8'), 24 + nPublic)
    const verifier = compileVerifier(checked, 'PlonkVerifier', signature)
    writeJson(join(output, 'verifier.json'), { ...verifier, takes: 'words' })
    // snarkjs takes as long for a row as UltraHonk for 22 gates, and about as long to start as for 60,000.
    const gates = 60_000 + 22 * 2 ** power
    writeJson(join(output, 'circuit.json'), { gates, memoryBytes: 500_000_000 + 10_000 * 2 ** power })
  },

  execute(artifact, state, inputs, output) {
    const { wasm, zkey } = unpack(artifact, state)
    const [key, witness, values] = ['key.json', 'witness.wtns', 'witness.json'].map((name) =>
      join(output, name),
    )
    writeKey(zkey, key)
    calculate(wasm, inputs, witness)
    must(2, 'snarkjs', 'wtns', 'export', 'json', witness, values)
    // The first is the constant one, then come the public signals.
    const signals = readJson(values).slice(1, 1 + readJson(key).nPublic)
    writeJson(
      join(output, 'public-inputs.json'),
      signals.map((signal) => `0x${word(signal)}`),
    )
  },

  prove(artifact, state, inputs, output) {
    const { wasm, zkey } = unpack(artifact, state)
    const [witness, proof, signals] = ['witness.wtns', 'proof.json', 'public.json'].map((name) =>
      join(output, name),
    )
    calculate(wasm, inputs, witness)
    must(2, 'snarkjs', 'plonk', 'prove', zkey, witness, proof, signals)
    const made = readJson(proof)
    const words = [...POINTS.flatMap((name) => made[name].slice(0, 2)), ...VALUES.map((name) => made[name])]
    writeFileSync(join(output, 'proof.bin'), Buffer.from(words.map(word).join(''), 'hex'))
    writeJson(
      join(output, 'public-inputs.json'),
      readJson(signals).map((signal) => `0x${word(signal)}`),
    )
  },

  verify(key, publicInputs, proof) {
    const bytes = readFileSync(proof)
    const words = Array.from({ length: bytes.length / 32 }, (_, i) => {
      return BigInt(`0x${bytes.subarray(32 * i, 32 * (i + 1)).toString('hex')}`)
    })
    const coordinates = words.slice(0, 2 * POINTS.length)
    const values = words.slice(2 * POINTS.length)
    if (bytes.length % 32 !== 0 || values.length !== VALUES.length) process.exit(1)
    if (coordinates.some((each) => each >= BASE) || values.some((each) => each >= SCALAR)) process.exit(1)
    const signals = readJson(publicInputs).map(BigInt)
    if (signals.some((each) => each >= SCALAR)) process.exit(1)
    const point = (i) => [`${coordinates[2 * i]}`, `${coordinates[2 * i + 1]}`, '1']
    writeJson('proof.json', {
      protocol: 'plonk',
      curve: 'bn128',
      ...Object.fromEntries(POINTS.map((name, i) => [name, point(i)])),
      ...Object.fromEntries(VALUES.map((name, i) => [name, `${values[i]}`])),
    })
    writeJson('public.json', signals.map(String))
    const { isDone, text } = run('snarkjs', 'plonk', 'verify', key, 'public.json', 'proof.json')
    if (!isDone) fail(1, text)
  },
}

const [command, ...args] = process.argv.slice(2)
commands[command](...args)
