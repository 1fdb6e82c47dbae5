import { readFile } from 'node:fs/promises'
import { toAddress, WeftError } from '@weft/protocol'
import type { Genesis } from '@weft/rollup'
import { z } from 'zod'

/** Balances in wei by address. */
const genesisFile = z.record(z.string().regex(/^0x[0-9a-fA-F]{40}$/), z.coerce.bigint().min(0n))

/** Accounts of a genesis file: `{"0x…": "1000000000000000000"}`. Throws `bad_config`. */
export const readGenesisAccounts = async (path: string): Promise<Genesis['accounts']> => {
  try {
    const entries = Object.entries(genesisFile.parse(JSON.parse(await readFile(path, 'utf8'))))
    return entries.map(([address, balanceWei]) => ({ address: toAddress(address), balanceWei }))
  } catch (cause) {
    throw new WeftError(
      'bad_config',
      `${path} is not a genesis file: a JSON object of balances in wei by address`,
      { path },
      { cause },
    )
  }
}
