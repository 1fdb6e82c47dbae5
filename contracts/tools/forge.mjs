#!/usr/bin/env node
// Runs forge on the contracts and ends with forge's own exit code: the launcher in @foundry-rs/forge always ends with 0,
// so that a failed test would pass. `node tools/forge.mjs test`
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** forge's binary for this machine, from inside its npm package. */
export const forgeBinary = () => {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const ofForge = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/forge/package.json'))
  return ofForge.resolve(`@foundry-rs/forge-${process.platform}-${arch}/bin/forge${suffix}`)
}

export const contractsFolder = new URL('..', import.meta.url)

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { status, error } = spawnSync(forgeBinary(), process.argv.slice(2), {
    cwd: contractsFolder,
    stdio: 'inherit',
  })
  if (error) throw error
  process.exitCode = status ?? 1
}
