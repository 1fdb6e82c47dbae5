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
  coordinatorUrl: setting(z.url().default('http://127.0.0.1:7420'), 'where the coordinator serves'),
} as const

/** A TCP port setting. */
export const port = (fallback: number, description: string) =>
  setting(z.coerce.number().int().min(0).max(65_535).default(fallback), description, '0: any free one')

/** A duration setting. */
export const durationMs = (fallback: number, description: string) =>
  setting(z.coerce.number().int().positive().default(fallback), description, 'ms')

/** A setting that is on or off. */
export const toggle = (fallback: boolean, description: string) =>
  setting(z.union([z.boolean(), z.stringbool()]).default(fallback), description, 'true or false')

/** An amount setting. */
export const wei = (fallback: bigint, description: string) =>
  setting(z.coerce.bigint().min(0n).default(fallback), description, 'wei')
