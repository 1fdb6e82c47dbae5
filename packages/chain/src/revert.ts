import { type Hex, isHex, WeftError } from '@weft/protocol'
import { type Abi, BaseError, decodeErrorResult } from 'viem'
import { HINTS } from './hints.js'

/** The bytes that a contract reverted with, from anywhere in viem's chain of causes; null if it was no revert. */
const revertData = (error: unknown): Hex | null => {
  if (!(error instanceof BaseError)) return null
  let found: Hex | null = null
  error.walk((e) => {
    const data = (e as { data?: unknown }).data
    const bytes = typeof data === 'object' && data !== null ? (data as { data?: unknown }).data : data
    if (typeof bytes === 'string' && isHex(bytes)) found = bytes
    return false
  })
  return found
}

const isRevert = (error: unknown): boolean =>
  error instanceof BaseError && /revert/i.test(`${error.message} ${error.details}`)

/** `NotYetDue` as `not_yet_due`: the stable code of a contract's error. */
export const codeOf = (name: string) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()

const asDetail = (value: unknown) =>
  typeof value === 'number' || typeof value === 'boolean' ? value : String(value)

/**
 * A contract's custom error as a WeftError: its name in snake case as the code, its arguments as details and a
 * message that says what to do next. Null if `error` is not a revert.
 */
export const revertOf = (error: unknown, abi: Abi): WeftError | null => {
  const data = revertData(error)
  if (data === null || data === '0x') {
    return isRevert(error) ? unexplained(error, '0x') : null
  }
  try {
    const { errorName, args, abiItem } = decodeErrorResult({ abi, data })
    const inputs = abiItem.type === 'error' ? abiItem.inputs : []
    const details = Object.fromEntries(
      (args ?? []).map((arg, i) => [inputs[i]?.name || `arg${i}`, asDetail(arg)]),
    )
    const said = `the contract refused with ${errorName}(${(args ?? []).map(String).join(', ')})`
    return new WeftError(codeOf(errorName), `${said}: ${HINTS[errorName] ?? 'see its interface'}`, details, {
      cause: error,
    })
  } catch {
    return unexplained(error, data)
  }
}

const unexplained = (cause: unknown, data: Hex) =>
  new WeftError(
    'l1_reverted',
    `the contract refused with ${data === '0x' ? 'no reason' : data}: check that the address is the right contract`,
    { data },
    { cause },
  )
