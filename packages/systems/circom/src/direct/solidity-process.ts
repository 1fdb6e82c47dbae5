import solc from 'solc'

/** Codes of one contract, in hexadecimal. */
export type SolidityAnswer =
  | { readonly creationCode: string; readonly runtimeCode: string }
  | { readonly failure: string }

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, Contract>>>>
}

interface Contract {
  readonly evm: {
    readonly bytecode: { readonly object: string }
    readonly deployedBytecode: { readonly object: string }
  }
}

const FILE = 'Verifier.sol'

const compile = (content: string): SolidityAnswer => {
  const input = {
    language: 'Solidity',
    sources: { [FILE]: { content } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: 'cancun',
      // The code's hash is part of program ids, and is to depend on nothing but what is executed.
      metadata: { appendCBOR: false },
      outputSelection: { [FILE]: { Verifier: ['evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output
  const failure = output.errors?.find(({ severity }) => severity === 'error')?.formattedMessage
  const evm = output.contracts?.[FILE]?.Verifier?.evm
  if (evm === undefined) return { failure: failure ?? 'no contract Verifier' }
  return { creationCode: evm.bytecode.object, runtimeCode: evm.deployedBytecode.object }
}

process.on('message', (source: string) => {
  process.send?.(compile(source))
})
process.on('disconnect', () => process.exit(0))
