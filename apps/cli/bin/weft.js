#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = new URL('../dist/main.js', import.meta.url)
if (existsSync(fileURLToPath(main))) await import(main.href)
else {
  process.stderr.write('weft is not built yet: run `npm run build` first\n')
  process.exitCode = 2
}
