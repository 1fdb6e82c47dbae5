import solc from 'solc'

/** What comes back for one source. */
export type SolidityAnswer = { readonly bytecode: string } | { readonly failure: string }

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>>
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
      outputSelection: { '*': { HonkVerifier: ['evm.bytecode.object'] } },
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output
  const failure = output.errors?.find(({ severity }) => severity === 'error')?.formattedMessage
  const bytecode = output.contracts?.['HonkVerifier.sol']?.HonkVerifier?.evm.bytecode.object
  return bytecode === undefined ? { failure: failure ?? 'no contract HonkVerifier' } : { bytecode }
}

process.once('message', (source: string) => {
  process.send?.(compileVerifier(source), () => process.exit(0))
})
