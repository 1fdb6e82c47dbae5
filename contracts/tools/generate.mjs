// Writes generated/*.ts from what `forge build` left in out/: ABIs and creation bytecodes as constants, so that
// TypeScript needs no forge and knows every type. With --check it writes nothing and fails on a difference.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const check = process.argv.includes('--check')

const artifact = (file, name) =>
  JSON.parse(readFileSync(new URL(`../out/${file}.sol/${name}.json`, import.meta.url), 'utf8'))

const entry = (file, name = file) => {
  const { abi, bytecode } = artifact(file, name)
  return { name, abi, bytecode: bytecode.object }
}

const module = (source, entries) => {
  const abis = Object.fromEntries(entries.map(({ name, abi }) => [name, abi]))
  const bytecodes = Object.fromEntries(entries.map(({ name, bytecode }) => [name, bytecode]))
  return `// Written by tools/generate.mjs from ${source}: do not edit.

/** ABIs by contract. A contract's own and the errors that it passes on from the contracts it calls. */
export const abis = ${JSON.stringify(abis)} as const

/** Creation bytecodes by contract, without constructor arguments. */
export const bytecodes = ${JSON.stringify(bytecodes)} as const
`
}

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')

const format = (name, text) =>
  execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=generated/${name}`], {
    input: text,
    encoding: 'utf8',
  })

const write = (name, text) => {
  const file = new URL(`../generated/${name}`, import.meta.url)
  const formatted = format(name, text)
  if (!check) return writeFileSync(file, formatted)
  if (readFileSync(file, 'utf8') === formatted) return
  console.error(`generated/${name} is out of date: run npm run build -w @weft/contracts and commit it`)
  process.exitCode = 1
}

/** With the errors that a contract passes on from the contracts it calls. */
const passing = (own, ...called) => {
  const known = new Set(own.abi.filter(({ type }) => type === 'error').map(({ name }) => name))
  const passedOn = called
    .flatMap(({ abi }) => abi)
    .filter(({ type, name }) => type === 'error' && !known.has(name) && known.add(name))
  return { ...own, abi: [...own.abi, ...passedOn] }
}

const settlement = entry('Settlement')
const staking = entry('Staking')
const groth16 = entry('Groth16Verifier')
const contractVerifiers = entry('ContractVerifiers')
const market = passing(entry('Market'), settlement, staking)

write(
  'index.ts',
  module('src/', [
    settlement,
    entry('FixedPricing'),
    passing(entry('PaymentsRollup'), settlement),
    entry('VerifierRouter'),
    entry('RoutedVerifier'),
    market,
    passing(entry('Defaults'), market),
    passing(staking, market),
    entry('WrappedEther'),
    groth16,
    contractVerifiers,
    passing(entry('ProofRegistry'), entry('VerifierRouter'), groth16, contractVerifiers),
  ]),
)
write(
  'testing.ts',
  module('test/mocks/', [
    entry('MockVerifier'),
    entry('MockVerifier', 'RevertingVerifier'),
    entry('Tokens', 'MockToken'),
    entry('Wallets', 'MockWallet'),
    entry('Groth16Prover'),
    entry('ContractMocks', 'BytesVerifier'),
    entry('ContractMocks', 'WordsVerifier'),
  ]),
)
