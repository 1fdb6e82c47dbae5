import {
  announceAccountWithdrawalCall,
  approveCall,
  deployMarket,
  depositEtherCall,
  depositTokensCall,
  depositWithPermitCall,
  devAccount,
  type MarketAddresses,
  type MarketReader,
  marketReader,
  type Sender,
  withdrawAccountCall,
} from '@weft/chain'
import { abis, bytecodes } from '@weft/contracts/testing'
import { type Address, toAddress } from '@weft/protocol'
import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CHAIN_ID, openChain, type TestChain } from './chain.js'
import { TEST_PLAN, TEST_TERMS } from './market.js'

const { account, address: owner } = devAccount(1)
const other = devAccount(12).address

let chain: TestChain
let sender: Sender
let token: Address
let addresses: MarketAddresses
let reader: MarketReader
beforeAll(async () => {
  chain = await openChain()
  const operator = await chain.senderOf(0)
  sender = await chain.senderOf(1)
  const created = await operator.send({ id: 'token', to: null, data: bytecodes.MockToken, valueWei: 0n })
  token = toAddress(String(created.contractAddress))
  addresses = await deployMarket(operator, { ...TEST_PLAN, token: { address: token, wrapsEther: false } })
  reader = marketReader(chain.client, addresses)
  const mint = encodeFunctionData({ abi: abis.MockToken, functionName: 'mint', args: [owner, 1_000n] })
  await operator.send({ id: 'mint', to: token, data: mint, valueWei: 0n })
})
afterAll(() => chain.close())

const balanceWei = async (of: Address) => (await reader.accountOf(of)).balanceWei
const tokensOf = (of: Address) =>
  chain.client.readContract({ address: token, abi: abis.MockToken, functionName: 'balanceOf', args: [of] })

it('is deployed on the token that is given', () => {
  expect(addresses.token).toBe(token)
})

it('takes approved tokens, for any account', async () => {
  const deposit = depositTokensCall(addresses.market, other, 300n, 'deposit')
  await expect(sender.send(deposit)).rejects.toMatchObject({ code: 'erc20_insufficient_allowance' })
  await sender.send(approveCall(token, addresses.market, 300n, 'approve'))
  await sender.send(deposit)
  expect(await balanceWei(other)).toBe(300n)
})

it('takes tokens by a permit instead of an approval', async () => {
  const deadline = (await reader.headTimeS()) + 600
  const signature = await account.signTypedData({
    domain: { name: 'Token', version: '1', chainId: CHAIN_ID, verifyingContract: token },
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message: { owner, spender: addresses.market, value: 200n, nonce: 0n, deadline: BigInt(deadline) },
  })
  const permit = { deadline, signature }
  const call = depositWithPermitCall(addresses.market, owner, 200n, permit, 'permit')
  await sender.send(call)
  expect(await balanceWei(owner)).toBe(200n)
  await expect(sender.send({ ...call, id: 'permit again' })).rejects.toMatchObject({
    code: 'erc20_insufficient_allowance',
  })
})

it('gives tokens back, and takes no ether', async () => {
  const { market } = addresses
  await sender.send(announceAccountWithdrawalCall(market, 50n, 'leave'))
  await chain.pass(TEST_TERMS.withdrawalDelayS)
  const refused = { code: 'not_wrapped_ether' }
  await expect(sender.send(withdrawAccountCall(market, other, 'ether', 'ether'))).rejects.toMatchObject(
    refused,
  )
  await expect(sender.send(depositEtherCall(market, owner, 1n, 'in'))).rejects.toMatchObject(refused)
  await sender.send(withdrawAccountCall(market, other, 'tokens', 'tokens'))
  expect(await tokensOf(other)).toBe(50n)
  expect(await balanceWei(owner)).toBe(150n)
})
