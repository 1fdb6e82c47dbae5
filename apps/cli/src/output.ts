import type { SrsKind } from '@weft/chain'
import { DEV_SRS_WARNING } from '@weft/proof'
import { WeftError } from '@weft/protocol'
import pc from 'picocolors'

/** What a process tells on its standard output: lines for people, or one JSON object per event. */
export interface Output {
  readonly isJson: boolean
  /** An event; `text` is what a person reads, nothing if empty. */
  event(event: { readonly event: string } & Readonly<Record<string, unknown>>, text: string): void
}

const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)

export const createOutput = (isJson: boolean, write: (line: string) => void): Output => ({
  isJson,
  event(event, text) {
    if (isJson) write(`${JSON.stringify(event, plain)}\n`)
    else if (text !== '') write(`${text}\n`)
  },
})

/** The visible line that says what the dev SRS is worth; nothing for another. */
export const warnOfDevSrs = (output: Output, srs: SrsKind): void => {
  if (srs === 'dev') output.event({ event: 'warning', warning: DEV_SRS_WARNING }, DEV_SRS_WARNING)
}

/** Tells of each long step of getting ready. */
export const progressTo =
  (output: Output) =>
  (step: string): void =>
    output.event({ event: 'preparing', step }, `preparing ${step}`)

/** What went wrong, for people: the message says what to do next. */
export const formatError = (error: unknown): string => {
  if (error instanceof WeftError) return `${pc.red('error')} ${pc.dim(error.code)} ${error.message}`
  return `${pc.red('error')} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}

/** Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 130 interrupted. */
export const exitCodeOf = (error: unknown): number => {
  if (!(error instanceof WeftError)) return 1
  return ['bad_config', 'bad_deployment', 'bad_key', 'dev_srs_on_public_chain'].includes(error.code) ? 2 : 1
}
