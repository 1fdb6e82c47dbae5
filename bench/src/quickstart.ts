import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LIBRARY } from '@weft/circuits'
import { hashWords, uintToBytes32 } from '@weft/protocol'
import { CACHE, CORES, rounded, say } from './machine.js'
import { type Line, WeftProcess } from './weft-process.js'

const SECRET = 7n
const WORK = 60_000

/** A small program with the claim interface; another one at every run, so that nothing of it is in a cache. */
const programOf = (salt: bigint) => ({
  'Nargo.toml': `[package]\nname = "quickstart"\ntype = "bin"\nauthors = []\n\n[dependencies]\nweft = { path = "${LIBRARY}" }\n`,
  'src/main.nr': `use weft::program::{Claim, hash_fields};

global WORK: u64 = ${WORK};

fn main(secret: Field, prover: Field) -> pub Claim {
    Claim::stateless(hash_fields([secret * secret + ${salt}]), prover, WORK)
}
`,
  'inputs.json': JSON.stringify({ secret: String(SECRET) }),
})

const writeProgram = async (folder: string, salt: bigint) => {
  await mkdir(join(folder, 'src'), { recursive: true })
  for (const [name, text] of Object.entries(programOf(salt))) await writeFile(join(folder, name), text)
}

/** Devnet, coordinator and a node on two threads, ready; `stop` ends them. */
const startNetwork = async (folder: string) => {
  const common = ['--cache-folder', CACHE, '--threads', String(CORES)]
  const running: WeftProcess[] = []
  const start = async (args: string[]) => {
    const started = new WeftProcess(folder, [...args, ...common])
    running.unshift(started)
    return started.event('ready')
  }
  await start(['devnet', '--port', '0'])
  const { url } = await start(['coordinator', '--port', '0', '--window-ms', '1000'])
  await start(['node', '--coordinator-url', String(url), '--market-poll-ms', '1000'])
  const stop = async () => {
    for (const one of running) await one.stop()
  }
  return { url: String(url), stop }
}

/**
 * From an empty folder to L1's word: a program is written, a market account filled, the program added, its inputs proven,
 * the proof settled and L1 asked. The network runs before it starts.
 */
export const run = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-quickstart-'))
  say('starting devnet, coordinator and node')
  const network = await startNetwork(folder)
  try {
    const startMs = performance.now()
    const since = () => rounded((performance.now() - startMs) / 1000, 1)
    const steps: Record<string, number> = {}
    const onLine = ({ event, stage }: Line) => {
      const step = String(stage ?? event)
      if (steps[step] === undefined) say(`${step}: ${since()} s`)
      steps[step] ??= since()
    }
    const salt = BigInt(Date.now())
    await writeProgram(join(folder, 'circuit'), salt)
    const key = ['--key-file', '.weft/requester.key']
    await new WeftProcess(folder, ['deposit', '1', ...key], onLine).event('deposited')
    const result = hashWords(uintToBytes32(SECRET * SECRET + salt))
    const proving = new WeftProcess(
      folder,
      [
        ...['prove', './circuit', '--inputs', 'circuit/inputs.json', '--coordinator-url', network.url],
        ...['--result', result, '--work', String(WORK), '--cache-folder', CACHE, ...key],
      ],
      onLine,
    )
    await proving.event('proven')
    return { seconds: since(), steps, threads: CORES }
  } finally {
    await network.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
