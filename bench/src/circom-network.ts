// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chainOf, openKey, readDeployment } from '@weft/client'
import type { DirectSystem, Inputs } from '@weft/proof'
import { createWeft, directProgramSystem, type Program } from '@weft/sdk'
import { readCircomProgram } from '@weft/system-circom'
import { CACHE, CORES } from './machine.js'
import { WeftProcess } from './weft-process.js'

/** A million units of work, which is one proof, may cost so much. */
const MAX_PRICE_WEI = 10n ** 16n
const LOOK_MS = 10

/** Devnet, coordinator and one node, each a process of its own, and a requester of Groth16 proofs. */
export interface CircomNetwork {
  register(path: string): Promise<Program>
  /** Seconds from inputs here to their proof, verified by the coordinator. Returns when L1 has paid for it. */
  prove(program: Program, inputs: Inputs): Promise<number>
  close(): Promise<void>
}

const startProcesses = async (folder: string) => {
  const common = ['--cache-folder', CACHE, '--threads', String(CORES)]
  const running: WeftProcess[] = []
  const stop = async () => {
    for (const one of running) await one.stop()
  }
  const start = async (args: string[]) => {
    const started = new WeftProcess(folder, [...args, ...common])
    running.unshift(started)
    return started.event('ready')
  }
  try {
    await start(['devnet', '--port', '0'])
    const { url } = await start(['coordinator', '--port', '0', '--systems', 'circom'])
    const node = ['node', '--coordinator-url', String(url), '--systems', 'circom', '--market-poll-ms', '1000']
    await start(node)
    await new WeftProcess(folder, ['deposit', '1', '--key-file', '.weft/requester.key']).event('deposited')
    return { url: String(url), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** `groth16` executes the requester's programs; it stays its owner's to close. */
export const startCircomNetwork = async (folder: string, groth16: DirectSystem): Promise<CircomNetwork> => {
  const { url, stop } = await startProcesses(folder)
  const weft = createWeft({
    coordinator: url,
    chain: chainOf(await readDeployment(join(folder, '.weft/deployment.json'))),
    account: await openKey(join(folder, '.weft/requester.key')),
    systems: [directProgramSystem(groth16, readCircomProgram, { zk: true })],
  })
  const reaches = async (request: string, states: readonly string[]) => {
    for (;;) {
      const response = await fetch(`${url}/v1/batches/${request}`)
      const { state, reason } = (await response.json()) as { state: string; reason: string | null }
      if (state === 'failed') throw new Error(`the network has no proof: ${reason}`)
      if (states.includes(state)) return
      await sleep(LOOK_MS)
    }
  }
  return {
    register: (path) => weft.programs.register({ path, system: groth16.name }),
    async prove(program, inputs) {
      const startMs = performance.now()
      const { request } = await weft.submit({
        program,
        inputs,
        maxPriceWei: MAX_PRICE_WEI,
        delivery: 'individual',
      })
      await reaches(request, ['settling', 'settled'])
      const seconds = (performance.now() - startMs) / 1000
      await reaches(request, ['settled'])
      return seconds
    },
    close: stop,
  }
}
