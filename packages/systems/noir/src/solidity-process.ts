import solc from 'solc'

/** What comes back for one source. */
export type SolidityAnswer =
  | { readonly creationCode: string; readonly runtimeCode: string }
  | { readonly failure: string }

interface Code {
  readonly object: string
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly evm: { readonly bytecode: Code; readonly deployedBytecode: Code } }>>
    >
  >
}

const compileVerifier = (content: string): SolidityAnswer => {
  const input = {
    language: 'Solidity',
    sources: { 'HonkVerifier.sol': { content } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: 'cancun',
      outputSelection: { '*': { HonkVerifier: ['evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output
  const failure = output.errors?.find(({ severity }) => severity === 'error')?.formattedMessage
  const evm = output.contracts?.['HonkVerifier.sol']?.HonkVerifier?.evm
  if (evm === undefined) return { failure: failure ?? 'no contract HonkVerifier' }
  // It has no immutables: what is compiled is what the chain will have.
  return { creationCode: evm.bytecode.object, runtimeCode: evm.deployedBytecode.object }
}

process.once('message', (source: string) => {
  process.send?.(compileVerifier(source), () => process.exit(0))
})
