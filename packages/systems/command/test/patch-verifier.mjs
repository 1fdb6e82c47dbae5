// Makes a Solidity verifier that `bb` wrote one of the development SRS.
import { readFileSync, writeFileSync } from 'node:fs'
import { patchSolidity } from '@weft/system-noir'

const [path] = process.argv.slice(2)
writeFileSync(path, patchSolidity(readFileSync(path, 'utf8')))
