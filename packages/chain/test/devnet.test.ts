import { spawn } from 'node:child_process'
import { assertDevChain, createDevnet, createL1Client, devAccount } from '@weft/chain'
import { describe, expect, it } from 'vitest'
import { killAnvil, until } from './support.js'

const answers = (url: string) =>
  createL1Client(url, 1_000)
    .getChainId()
    .then(
      () => true,
      () => false,
    )

describe('the devnet', () => {
  it('serves its chain id, funds the development accounts and stops', async () => {
    const devnet = await createDevnet({ chainId: 1337 })
    const client = createL1Client(devnet.url)
    expect(await client.getChainId()).toBe(1337)
    expect(await client.getBalance({ address: devAccount(19).address })).toBe(10n ** 22n)
    await devnet.stop()
    expect(await answers(devnet.url)).toBe(false)
  })

  it('says why it cannot start', async () => {
    const devnet = await createDevnet({ chainId: 1337 })
    const port = Number(new URL(devnet.url).port)
    await expect(createDevnet({ chainId: 1337, port })).rejects.toMatchObject({ code: 'devnet_failed' })
    await devnet.stop()
  })

  it('says that it ended unasked, and how', async () => {
    const devnet = await createDevnet({ chainId: 1337 })
    const watched = expect(devnet.watch()).rejects.toMatchObject({
      code: 'devnet_ended',
      message: expect.stringContaining('exit code 137'),
    })
    killAnvil()
    await watched
    await devnet.stop()
  })

  it('ends with the process that started it, even when that is killed', async () => {
    const script = `
      import { createDevnet } from '@weft/chain'
      console.log((await createDevnet({ chainId: 1337 })).url)
      setInterval(() => undefined, 1000)`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const url = await new Promise<string>((resolve) =>
      owner.stdout.once('data', (d) => resolve(`${d}`.trim())),
    )
    expect(await answers(url)).toBe(true)
    owner.kill('SIGKILL')
    await until(async () => !(await answers(url)))
  })
})

describe('the dev SRS', () => {
  it('is refused on every chain that is not a development chain', () => {
    for (const chainId of [1, 10, 8453, 11_155_111, 31_338]) {
      expect(() => assertDevChain(chainId, 'dev')).toThrow(
        expect.objectContaining({ code: 'dev_srs_on_public_chain' }),
      )
      assertDevChain(chainId, 'ignition')
    }
    assertDevChain(31_337, 'dev')
  })
})
