import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Bytes32, isBytes32, WeftError } from '@weft/protocol'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

const load = (path: string, text: string): PrivateKeyAccount => {
  const key = text.trim().toLowerCase()
  if (!isBytes32(key)) {
    throw new WeftError('bad_key', `${path} does not hold a private key: 0x and 64 hexadecimal digits`, {
      path,
    })
  }
  return privateKeyToAccount(key)
}

/** The key in a file; a new one, readable by its owner alone, where there is no file. Throws `bad_key`. */
export const openKey = async (
  path: string,
  generate: () => Bytes32 = generatePrivateKey,
): Promise<PrivateKeyAccount> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new WeftError('bad_key', `${path} cannot be read: ${error.message}`, { path }, { cause: error })
  })
  if (text !== null) return load(path, text)
  const key = generate()
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${key}\n`, { mode: 0o600, flag: 'wx' })
  return privateKeyToAccount(key)
}
