#!/usr/bin/env node
// npm's solc (WebAssembly) in the shape of a native solc, as far as forge asks: `--version` and
// `--standard-json`. forge inlines every source, so no file is read here.
const { readFileSync } = require('node:fs')
const solc = require('solc')

const args = process.argv.slice(2)
if (args.includes('--version')) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`)
} else if (args.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
} else {
  process.stderr.write(`solc.cjs answers --version and --standard-json, not: ${args.join(' ')}\n`)
  process.exitCode = 1
}
