import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { WeftError } from '@weft/protocol'
import { DEV_MNEMONIC } from './accounts.js'

export interface DevnetOptions {
  readonly chainId: number
  /** 0 or absent: any free port. */
  readonly port?: number
  /** Seconds between blocks, besides a block at once for every transaction. Absent: only the latter. */
  readonly blockTimeSeconds?: number
  /** Whether transactions wait for `evm_mine`; for tests of what happens in between. */
  readonly manualMining?: boolean
  /** Time of the first block, in seconds since 1970; now unless told. */
  readonly startSeconds?: number
  /** How many development accounts have ether; 20 unless told. */
  readonly accounts?: number
}

export interface Devnet {
  readonly url: string
  readonly chainId: number
  /** Rejects with `devnet_ended`, and anvil's last words, when the chain ends before it is stopped; never resolves. */
  watch(): Promise<never>
  stop(): Promise<void>
}

/** anvil's binary for this machine, from inside its npm package. Throws `anvil_missing`. */
const anvilBinary = (): string => {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const suffix = process.platform === 'win32' ? '.exe' : ''
  try {
    const inAnvil = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
    return inAnvil.resolve(`@foundry-rs/anvil-${process.platform}-${arch}/bin/anvil${suffix}`)
  } catch (cause) {
    throw new WeftError(
      'anvil_missing',
      `no anvil binary for ${process.platform}-${arch}: install with optional dependencies (npm ci)`,
      { platform: process.platform, arch },
      { cause },
    )
  }
}

const anvilArgs = (options: DevnetOptions): string[] => [
  ...['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--chain-id', String(options.chainId)],
  ...['--mnemonic', DEV_MNEMONIC, '--accounts', String(options.accounts ?? 20), '--balance', '10000'],
  ...(options.startSeconds === undefined ? [] : ['--timestamp', String(options.startSeconds)]),
  ...(options.manualMining ? ['--no-mining'] : []),
  ...(options.blockTimeSeconds === undefined
    ? []
    : ['--block-time', String(options.blockTimeSeconds), '--mixed-mining']),
]

/**
 * Starts a development chain of its own on this machine; it ends with this process, however that ends.
 * Errors: `anvil_missing`; `devnet_failed` with anvil's last words (a port in use, for instance).
 */
export const createDevnet = async (options: DevnetOptions): Promise<Devnet> => {
  const guard = fileURLToPath(new URL('./devnet-guard.js', import.meta.url))
  const child = spawn(process.execPath, [guard, anvilBinary(), ...anvilArgs(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, see the guard's SIGINT.
    detached: true,
  })
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  let isStopped = false
  let lastWords = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2_000)
  })
  // The guard may be gone when stdin is closed; that is what closing it is for.
  child.stdin.on('error', () => undefined)

  const stop = async () => {
    isStopped = true
    child.stdin.end()
    await ended
  }
  const watch = async (): Promise<never> => {
    const how = await ended
    if (isStopped) return new Promise(() => undefined)
    const said = lastWords.trim()
    throw new WeftError(
      'devnet_ended',
      `anvil ended unasked (${how}${said === '' ? '' : `: ${said}`}): start the devnet again`,
      { how },
    )
  }
  const lines = createInterface({ input: child.stdout })
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const address = /^Listening on (\S+)$/.exec(line)?.[1]
      if (address !== undefined) resolve(`http://${address}`)
    })
    ended.then(() =>
      reject(
        new WeftError('devnet_failed', `anvil ended at its start: ${lastWords.trim()}`, {
          port: options.port ?? 0,
        }),
      ),
    )
  })
  return { url, chainId: options.chainId, watch, stop }
}
