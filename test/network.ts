import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createL1Client, type L1Client, type MarketReader, marketReader } from '@weft/chain'
import { type Client, createWeft, openKey, readDeployment } from '@weft/client'
import { type Address, toAddress } from '@weft/protocol'
import type { PrivateKeyAccount } from 'viem/accounts'
import { Weft } from '../apps/cli/test/support.js'

/** What the commands' own default is, in the folder that they are started in. */
export const CACHE = fileURLToPath(new URL('../.cache/weft', import.meta.url))

/** A devnet, a coordinator and one node, each a process of its own as `weft` starts them. */
export interface Network {
  readonly folder: string
  readonly url: string
  readonly deployment: string
  readonly client: L1Client
  readonly market: MarketReader
  readonly prover: Address
  readonly account: PrivateKeyAccount
  readonly sdk: Client
  /** What the prover has been paid, collected or not. */
  paidWei(): Promise<bigint>
  /** Arguments of the requester's commands. */
  readonly requester: readonly string[]
  /** Runs a command; resolves with its lines, and throws when it fails. */
  run(...args: string[]): Promise<Weft['lines']>
  close(): Promise<void>
}

/** Starts one; `coordinator` are more of its arguments. */
export const openNetwork = async (...coordinator: string[]): Promise<Network> => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-network-'))
  const at = (name: string) => join(folder, name)
  const home = ['--deployment', at('deployment.json')]
  const running: Weft[] = []
  const start = async (...args: string[]) => {
    const weft = new Weft(...args, ...home)
    running.unshift(weft)
    return weft.event('ready')
  }
  await start('devnet', '--port', '0')
  const of = (name: string) => ['--folder', at(name), '--key-file', at(`${name}.key`)]
  const { url } = await start('coordinator', '--port', '0', ...of('coordinator'), ...coordinator)
  const server = ['--coordinator-url', String(url)]
  await start('node', ...server, ...of('prover'), '--market-poll-ms', '500')

  const deployment = await readDeployment(at('deployment.json'))
  const client = createL1Client(deployment.l1Url)
  const market = marketReader(client, deployment.market as NonNullable<typeof deployment.market>)
  const account = await openKey(at('requester.key'))
  const prover = toAddress((await openKey(at('prover.key'))).address)
  const sdk = createWeft({
    ...{ coordinator: String(url), chain: deployment, account },
    ...{ cacheFolder: CACHE, threads: 1, pollMs: 200 },
  })
  const run = async (...args: string[]) => {
    const weft = new Weft(...args)
    if ((await weft.ended) === 0) return weft.lines
    throw new Error(`weft ${args.join(' ')}: ${weft.stderr}`)
  }
  const wallet = ['--key-file', at('requester.key'), '--folder', at('wallet')]
  await run('deposit', '1', ...wallet, ...home)
  return {
    ...{ folder, url: String(url), deployment: at('deployment.json'), client, market, prover, account, sdk },
    paidWei: async () => (await market.earnedWei(prover)) + (await market.accountOf(prover)).balanceWei,
    requester: [...server, '--key-file', at('requester.key'), ...home],
    run,
    async close() {
      await sdk.close()
      for (const weft of running) await weft.kill('SIGTERM')
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
