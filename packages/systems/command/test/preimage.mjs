// A proof system of the smallest kind: a proof is a secret, the public input its hash under the program.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sha3 from 'js-sha3'
import { compileVerifier } from '../examples/solidity.mjs'

const sourceOf = (program) => `
pragma solidity 0.8.37;
contract Preimage {
    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external pure returns (bool) {
        return publicInputs.length == 1 && keccak256(abi.encodePacked(hex"${program}", proof)) == publicInputs[0];
    }
}`

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))
const programOf = (artifact) => createHash('sha256').update(readFileSync(artifact)).digest('hex')
const hashOf = (program, secret) =>
  `0x${sha3.keccak256(Buffer.concat([Buffer.from(program, 'hex'), secret]))}`

const fail = (code, message) => {
  console.error(message)
  process.exit(code)
}

const execute = (artifact, inputs, output) => {
  const { secret } = readJson(inputs)
  if (typeof secret !== 'string') fail(11, 'inputs.secret: give a text')
  if (secret === '') fail(10, 'nothing is no secret')
  const words = [hashOf(programOf(artifact), Buffer.from(secret))]
  writeFileSync(join(output, 'public-inputs.json'), JSON.stringify(words))
  return secret
}

const commands = {
  setup(artifact, output) {
    const program = programOf(artifact)
    const contract = compileVerifier(sourceOf(program), 'Preimage', 'verify(bytes,bytes32[])')
    writeFileSync(join(output, 'verifier.json'), JSON.stringify({ ...contract, takes: 'bytes' }))
    writeFileSync(join(output, 'key.bin'), program)
  },
  execute,
  prove: (artifact, inputs, output) =>
    writeFileSync(join(output, 'proof.bin'), execute(artifact, inputs, output)),
  verify: (key, publicInputs, proof) =>
    process.exit(
      hashOf(readFileSync(key, 'utf8'), readFileSync(proof)) === readJson(publicInputs).join() ? 0 : 1,
    ),
}

const [command, ...args] = process.argv.slice(2)
commands[command](...args)
