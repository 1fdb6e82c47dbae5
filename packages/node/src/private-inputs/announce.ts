import type { Capabilities } from '@weft/api'
import type { Link } from '../coordinator/link.js'
import type { Clock, Logger } from '../ports.js'
import type { EncryptionKeys } from './keys.js'

/** Between two looks whether the key is due for renewal. */
const LOOK_MS = 10 * 60_000
const TIME_MS = 10_000

export interface Announcement {
  readonly keys: EncryptionKeys
  readonly link: Link
  readonly capabilities: () => Promise<Capabilities>
  readonly clock: Clock
  readonly logger: Logger
}

/** Tells the coordinator of every new encryption key, until the signal aborts. Never rejects. */
export const announceKeys = async (
  { keys, link, capabilities, clock, logger }: Announcement,
  signal: AbortSignal,
): Promise<void> => {
  let announced: string | null = null
  while (!signal.aborted) {
    try {
      const { publicKey } = await keys.current()
      // The first goes with the session.
      if (announced !== null && announced !== publicKey) {
        const body = await capabilities()
        await link.ask(signal, TIME_MS, (api, limited) => api.registerNode({ body, signal: limited }))
      }
      announced = publicKey
    } catch (error) {
      if (!signal.aborted) logger.error({ error: String(error) }, 'cannot renew the encryption key')
    }
    await clock.sleep(LOOK_MS, signal)
  }
}
