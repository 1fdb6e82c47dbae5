import { type Address, bytesToHex, type Hex, toAddress } from '@weft/protocol'
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'

/** The mnemonic that every development chain funds. Its keys are public: never use them elsewhere. */
export const DEV_MNEMONIC = 'test test test test test test test test test test test junk'

/** Development account number `index`: the same for everybody. */
export const devAccount = (index: number) => {
  const key = mnemonicToAccount(DEV_MNEMONIC, { addressIndex: index }).getHdKey().privateKey
  if (key === null) throw new Error('a derived key has a private part')
  const privateKey: Hex = bytesToHex(key)
  const account = privateKeyToAccount(privateKey)
  const address: Address = toAddress(account.address)
  return { privateKey, account, address }
}
