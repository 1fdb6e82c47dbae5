// What Weft asks of a verifier contract: its creation code, the hash of the code that it will have on L1, its function.
import sha3 from 'js-sha3'
import solc from 'solc'

/** The contract of that name in a Solidity source, and how it is called. */
export const compileVerifier = (content, name, signature) => {
  const settings = {
    optimizer: { enabled: true, runs: 200 },
    evmVersion: 'cancun',
    outputSelection: { '*': { [name]: ['evm.bytecode.object', 'evm.deployedBytecode'] } },
  }
  const input = { language: 'Solidity', sources: { 'Verifier.sol': { content } }, settings }
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input)))
  const failure = errors.find(({ severity }) => severity === 'error')
  if (failure !== undefined) throw new Error(failure.formattedMessage)
  const { bytecode, deployedBytecode } = contracts['Verifier.sol'][name].evm
  // Immutables are written at deployment: the hash of the code would not be known from here.
  if (Object.keys(deployedBytecode.immutableReferences).length > 0) throw new Error(`${name} has immutables`)
  return {
    creationCode: `0x${bytecode.object}`,
    codeHash: `0x${sha3.keccak256(Buffer.from(deployedBytecode.object, 'hex'))}`,
    selector: `0x${sha3.keccak256(signature).slice(0, 8)}`,
  }
}
