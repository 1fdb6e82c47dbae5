import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ProofError } from '@weft/proof'

/** The version of @aztec/bb.js whose binary this package drives; part of every cache key. */
export const BB_VERSION = '5.0.0'

const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'amd64-linux',
  'linux-arm64': 'arm64-linux',
  'darwin-x64': 'amd64-macos',
  'darwin-arm64': 'arm64-macos',
}

/** Path of the native `bb` inside @aztec/bb.js. Errors: `setup_failed` on a platform it does not ship. */
export const findBb = (platform: NodeJS.Platform, arch: string): string => {
  const folder = PLATFORMS[`${platform}-${arch}`]
  if (folder === undefined) {
    throw new ProofError(
      'setup_failed',
      `@aztec/bb.js ships no bb for ${platform}-${arch}: use Linux or macOS`,
      {
        platform,
        arch,
      },
    )
  }
  const entry = createRequire(import.meta.url).resolve('@aztec/bb.js')
  for (let at = dirname(entry); at !== dirname(at); at = dirname(at)) {
    const path = join(at, 'build', folder, 'bb')
    if (existsSync(path)) return path
  }
  throw new ProofError('setup_failed', 'no bb in @aztec/bb.js: install the dependencies again', {
    platform,
    arch,
  })
}
