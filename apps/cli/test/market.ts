import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOutput, type Output, readSettings, type SettingsSchema } from '@weft/cli'
import { ULTRAHONK, WeftError } from '@weft/protocol'
import type { z } from 'zod'
import { MERGE_KEY } from '../../../packages/chain/test/claims.js'
import { openMarket, type TestMarket } from '../../../packages/chain/test/market.js'

export type Line = { readonly event: string } & Readonly<Record<string, unknown>>

/** A command as the program runs it: settings from flags, one JSON object per event. */
export type Run = (settings: never, output: Output, signal: AbortSignal) => Promise<void>

/** A market on a devnet, its deployment file, and a place for keys. */
export interface MarketCli {
  readonly market: TestMarket
  readonly folder: string
  /** Runs a command with a key's file in `folder`; resolves with what it told. */
  run(
    schema: SettingsSchema,
    command: Run,
    key: string,
    flags?: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Line[]>
  close(): Promise<void>
}

export const openMarketCli = async (coordinatorUrl: string): Promise<MarketCli> => {
  const market = await openMarket()
  const folder = await mkdtemp(join(tmpdir(), 'weft-market-'))
  const deployment = join(folder, 'deployment.json')
  const { verifier, pricing, settlement, ...contracts } = market.addresses
  const file = {
    l1Url: market.client.transport.url,
    chainId: Number(market.domain.chainId),
    srs: 'dev',
    ...{ verifier, pricing, settlement, mergeKey: MERGE_KEY },
    market: { ...contracts, systems: [ULTRAHONK] },
    fromBlock: '0',
  }
  await writeFile(deployment, JSON.stringify(file))
  return {
    market,
    folder,
    async run(schema, command, key, flags = {}, signal = new AbortController().signal) {
      const lines: Line[] = []
      const output = createOutput(true, (line) => lines.push(JSON.parse(line)))
      const wallet = { keyFile: join(folder, key), folder: join(folder, 'wallet') }
      const known = Object.entries({ deployment, coordinatorUrl, ...wallet })
      const common = Object.fromEntries(known.filter(([name]) => name in schema.shape))
      const settings = await readSettings(schema, { ...common, ...flags }, {})
      await command(settings as z.output<typeof schema> as never, output, signal)
      return lines
    },
    async close() {
      await market.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The line of an event; the last one, where there are several. */
export const lineOf = (lines: readonly Line[], event: string): Line => {
  const found = lines.findLast((line) => line.event === event)
  if (found === undefined) throw new WeftError('no_event', `no ${event} among ${JSON.stringify(lines)}`)
  return found
}
