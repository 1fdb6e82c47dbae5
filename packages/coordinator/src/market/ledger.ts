import type { LogPage } from '@weft/api'
import {
  canonical,
  DEFAULT_LIMITS,
  DEFAULT_REPUTATION,
  decodeEntry,
  type Input,
  isIntact,
  LogTail,
  Market,
  type MarketRules,
  type Output,
  parseCanonical,
  sealDigest,
} from '@weft/market'
import { WeftError } from '@weft/protocol'
import type { Context } from '../context.js'
import * as tables from '../db/tables.js'
import type { MarketOptions } from '../options.js'
import type { Matcher } from '../ports.js'

const RULES = 'rules'

/** Entries in one page of the log, and in one reading of it at start. */
const PAGE = 500

/** An input without its time. */
type Timeless<I> = I extends Input ? Omit<I, 'atMs'> : never
export type Happening = Timeless<Input>

type Listener = (input: Input, output: Output) => void

const rulesOf = ({ contract, ...given }: MarketOptions, chainId: number, matcher: Matcher): MarketRules => ({
  domain: { chainId: BigInt(chainId), contract },
  limits: { ...DEFAULT_LIMITS, ...given.limits },
  reputation: { ...DEFAULT_REPUTATION, ...given.reputation },
  classes: given.classes ?? [],
  matcher: matcher.address,
  ranks: given.ranks ?? 3,
})

/**
 * The market and its log. The log is all that is stored: at start, every input is answered again, and the answers have
 * to be the same. A log goes on under the rules that it began with.
 */
export class Ledger {
  readonly market: Market
  #tail: LogTail
  #sealed = -1
  #lastMs = 0

  private constructor(
    readonly context: Context,
    readonly rules: MarketRules,
    readonly matcher: Matcher,
    /** Told of every input and its answer, of those at start too. */
    readonly onApplied: Listener,
  ) {
    this.market = new Market(rules)
    this.#tail = new LogTail(rules)
  }

  /** Errors: those of the database; `foreign_log` where the data folder's market is another one, or damaged. */
  static async open(
    context: Context,
    options: MarketOptions,
    matcher: Matcher,
    onApplied: Listener,
  ): Promise<Ledger> {
    const { deps, journal } = context
    const wanted = rulesOf(options, context.options.chainId, matcher)
    const [stored] = await tables.marketRules.select(deps.database)
    const rules = stored ? (parseCanonical(stored.rules) as MarketRules) : wanted
    if (canonical([rules.domain, rules.matcher]) !== canonical([wanted.domain, wanted.matcher])) {
      throw new WeftError(
        'foreign_log',
        'this data folder has the log of another market, or of another matcher’s key: use the folder that belongs to them',
        { contract: rules.domain.contract, matcher: rules.matcher },
      )
    }
    if (canonical(rules) !== canonical(wanted))
      deps.log.warn(
        {},
        'the market goes on under the rules that its log began with, not those configured now',
      )
    if (!stored) journal.put(tables.marketRules, { id: RULES, rules: canonical(rules) })
    const ledger = new Ledger(context, rules, matcher, onApplied)
    await ledger.#restore()
    return ledger
  }

  /** Answers an input and writes both down. Synchronous: the answer is durable with the journal's next commit. */
  apply(happening: Happening): Output {
    const { journal, deps } = this.context
    this.#lastMs = Math.max(this.#lastMs, deps.clock.nowMs())
    const input = { ...happening, atMs: this.#lastMs } as Input
    const output = this.market.apply(input)
    journal.put(tables.marketLog, this.#tail.append(input, output))
    this.onApplied(input, output)
    return output
  }

  /** Signs the log's end, unless it is signed already. */
  async seal(): Promise<void> {
    const { index, head } = this.#tail.end
    if (index < 0 || index === this.#sealed) return
    this.#sealed = index
    const signature = await this.matcher.sign(sealDigest(this.rules.domain, { index, head }))
    this.context.journal.put(tables.marketSeals, { index, head, signature })
  }

  /** Errors: `storage_unavailable`. */
  async page(from: number): Promise<LogPage> {
    const { journal } = this.context
    const rows = await journal.select(tables.marketLog, `index >= $1 order by index limit ${PAGE}`, from)
    const last = rows.at(-1)?.index ?? from - 1
    const seals = await journal.select(tables.marketSeals, `index >= $1 order by index limit ${PAGE}`, from)
    return {
      rules: canonical(this.rules),
      entries: [...rows],
      seals: [...seals],
      next: rows.length === PAGE ? last + 1 : null,
    }
  }

  async #restore(): Promise<void> {
    const { database } = this.context.deps
    for (let from = 0; ; from += PAGE) {
      const rows = await tables.marketLog.select(
        database,
        `index >= $1 and index < $2 order by index`,
        from,
        from + PAGE,
      )
      for (const row of rows) this.#replay(row)
      if (rows.length < PAGE) break
    }
    const [seal] = await tables.marketSeals.select(database, 'true order by index desc limit 1')
    this.#sealed = seal?.index ?? -1
  }

  #replay(row: tables.MarketLogRow): void {
    const { index, head } = this.#tail.end
    const { input, output } = decodeEntry(row)
    const isNext = row.index === index + 1 && row.previous === head && isIntact(row)
    const answer = isNext ? this.market.apply(input) : null
    if (answer === null || canonical(answer) !== row.output) {
      throw new WeftError(
        'foreign_log',
        `entry ${row.index} of the market's log is damaged, or was written by another version: restore the data folder`,
        { index: row.index },
      )
    }
    this.#tail = new LogTail(this.rules, row)
    this.#lastMs = input.atMs
    this.onApplied(input, output)
  }
}
