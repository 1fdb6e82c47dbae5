import { createL1Client, devAccount, type L1Client, recoverSigner, signatureChecker } from '@weft/chain'
import { bytecodes } from '@weft/contracts/testing'
import { type Hex, tag, toAddress } from '@weft/protocol'
import fc from 'fast-check'
import { numberToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChain, type TestChain } from './chain.js'
import { creation } from './support.js'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const { account, address } = devAccount(1)
const digest = tag('test.digest')

describe('recovery', () => {
  it('finds who signed', async () => {
    const signature = await account.sign({ hash: digest })
    expect(await recoverSigner(digest, signature)).toBe(address)
    expect(await recoverSigner(tag('test.other'), signature)).not.toBe(address)
  })

  it('takes what the contracts take and nothing else', async () => {
    const signature = await account.sign({ hash: digest })
    const [r, s, v] = [signature.slice(2, 66), signature.slice(66, 130), signature.slice(130)]
    const high = numberToHex(ORDER - BigInt(`0x${s}`), { size: 32 }).slice(2)
    const compact = numberToHex(BigInt(`0x${s}`) | (BigInt(v === '1c') << 255n), { size: 32 }).slice(2)
    const refused = {
      'high s': `0x${r}${high}${v === '1b' ? '1c' : '1b'}`,
      'parity for v': `0x${r}${s}${v === '1b' ? '00' : '01'}`,
      compact: `0x${r}${compact}`,
      'too short': signature.slice(0, -2),
      'too long': `${signature}00`,
      'upper case': `0x${signature.slice(2).toUpperCase()}`,
      'r of no point': `0x${'ff'.repeat(32)}${s}${v}`,
      'zero r': `0x${'00'.repeat(32)}${s}${v}`,
      'zero s': `0x${r}${'00'.repeat(32)}${v}`,
      empty: '0x',
      'no hexadecimal': 'signed, the requester',
    }
    for (const [what, given] of Object.entries(refused)) {
      expect(await recoverSigner(digest, given), what).toBeNull()
    }
  })

  it('never finds the signer in a signature with one bit changed', async () => {
    const signature = await account.sign({ hash: digest })
    await fc.assert(
      fc.asyncProperty(fc.nat(519), async (bit) => {
        const changed = numberToHex(BigInt(signature) ^ (1n << BigInt(bit)), { size: 65 })
        expect(await recoverSigner(digest, changed)).not.toBe(address)
      }),
    )
  })
})

describe('contracts', () => {
  let chain: TestChain
  let client: L1Client
  beforeAll(async () => {
    chain = await openChain()
    client = chain.client
  })
  afterAll(() => chain.close())

  const deploy = async (data: Hex) => {
    const { contractAddress } = await (await chain.senderOf(0)).send({
      id: data,
      to: null,
      data,
      valueWei: 0n,
    })
    return toAddress(String(contractAddress))
  }
  const isSignedBy = (signer: Hex, signature = '0x') =>
    signatureChecker(client).isSignedBy(signer, digest, signature)

  it('say themselves what they signed, within their gas and in a whole word', async () => {
    const magic = '631626ba7e60e01b'
    const answers = {
      // mstore(0, magic << 224); return(0, 32)
      whole: [`${magic}60005260206000f3`, true],
      short: [`${magic}60005260046000f3`, false],
      other: ['600160005260206000f3', false],
      nothing: ['00', false],
      reverting: [`${magic}60005260206000fd`, false],
      // jumpdest; jump(0)
      endless: ['5b600056', false],
    } as const
    for (const [what, [runtime, answer]] of Object.entries(answers)) {
      expect(await isSignedBy(await deploy(creation(runtime))), what).toBe(answer)
    }
    expect(await isSignedBy(await deploy(bytecodes.MockWallet))).toBe(false)
  })

  it('are not asked where there is none, nor with what is no hexadecimal', async () => {
    expect(await isSignedBy(devAccount(9).address)).toBe(false)
    const yes = await deploy(creation('631626ba7e60e01b60005260206000f3'))
    expect(await isSignedBy(yes, 'signed')).toBe(false)
  })

  it('are not taken for silent while L1 is down', async () => {
    const down = signatureChecker(createL1Client('http://127.0.0.1:1'))
    await expect(down.isSignedBy(address, digest, '0x')).rejects.toMatchObject({ code: 'l1_unavailable' })
    const signature = await account.sign({ hash: digest })
    expect(await down.isSignedBy(address, digest, signature)).toBe(true)
  })
})
