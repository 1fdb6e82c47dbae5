import { type Address, type Bytes32, isAddress, isBytes32 } from '@weft/protocol'
import { z } from 'zod'
import { setting } from './settings.js'

/** Settings that several processes share, so that one name means one thing. */
export const common = {
  deployment: setting(
    z.string().default('.weft/deployment.json'),
    'file with the contracts’ addresses, see weft devnet',
  ),
  cacheFolder: setting(z.string().default('.cache/weft'), 'compiled circuits, keys and the SRS'),
  threads: setting(z.coerce.number().int().min(1).max(256).default(2), 'threads of one proof'),
  host: setting(z.string().default('127.0.0.1'), 'address to listen on'),
  logLevel: setting(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('warn'),
    'least severe log line on the standard error',
  ),
  systems: setting(
    z.string().default('auto'),
    'proof systems besides Noir, with commas between: circom, external:FILE; none; auto is circom where it is installed',
  ),
  coordinatorUrl: setting(z.url().default('http://127.0.0.1:7420'), 'where the coordinator serves'),
} as const

/** A TCP port setting. */
export const port = (fallback: number, description: string) =>
  setting(z.coerce.number().int().min(0).max(65_535).default(fallback), description, '0: any free one')

/** A duration setting. */
export const durationMs = (fallback: number, description: string) =>
  setting(z.coerce.number().int().positive().default(fallback), description, 'ms')

/** An amount setting. */
export const wei = (fallback: bigint, description: string) =>
  setting(z.coerce.bigint().min(0n).default(fallback), description, 'wei')

/** Ether as text, `0.25` for instance: exact to the wei, and read by `parseEther`. */
export const etherText = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,18})?$/, 'give ether as a decimal number, 0.25 for instance')

/** An amount setting for people. */
export const ether = (fallback: string, description: string) =>
  setting(etherText.default(fallback), description, 'ether')

/** The same without a default. */
export const optionalEther = (description: string) => setting(etherText.optional(), description, 'ether')

/** An account's address, in any case. */
export const addressText = z
  .string()
  .toLowerCase()
  .refine((text): text is Address => isAddress(text), 'give an address: 0x and 40 hexadecimal digits')

/** The id of a program, request or offer. */
export const idText = z
  .string()
  .toLowerCase()
  .refine((text): text is Bytes32 => isBytes32(text), 'give an id: 0x and 64 hexadecimal digits')

/** Of every command that signs or pays with a key. */
export const wallet = {
  keyFile: setting(z.string().default('.weft/prover.key'), 'the private key; made if missing'),
  folder: setting(z.string().default('.weft/wallet'), 'what the key has sent, so that nothing is sent twice'),
  deployment: common.deployment,
} as const

/** The same for commands of a requester. */
export const requesterKeyFile = setting(
  z.string().default('.weft/requester.key'),
  'the requester’s private key; made if missing',
)
