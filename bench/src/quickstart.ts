import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CACHE, CORES, rounded, say } from './machine.js'
import { type Line, WeftProcess } from './weft-process.js'

const FACTORS = { p: 641, q: 6700417 }

/** A small program; another one with every salt, so that nothing of it is in a cache. */
const programOf = (salt: number) => ({
  'Nargo.toml': '[package]\nname = "factors"\ntype = "bin"\nauthors = []\n\n[dependencies]\n',
  'src/main.nr': `fn main(p: u64, q: u64, n: pub Field) {
    assert((p > 1) & (q > 1), "a factor is 1");
    assert(p as Field * q as Field + ${salt} == n, "these are not its factors");
}
`,
  'inputs.json': JSON.stringify({ ...FACTORS, n: FACTORS.p * FACTORS.q + salt }),
})

const writeProgram = async (folder: string, salt: number) => {
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
 * From an empty folder to L1's word, in a folder of its own: a program is written, a market account filled, the program
 * added, its inputs proven, the proof recorded by L1 and L1 asked.
 */
const prove = async (folder: string, url: string, salt: number, ...delivery: string[]) => {
  const startMs = performance.now()
  const since = () => rounded((performance.now() - startMs) / 1000, 1)
  const steps: Record<string, number> = {}
  const onLine = ({ event, stage }: Line) => {
    const step = String(stage ?? event)
    if (steps[step] === undefined) say(`${step}: ${since()} s`)
    steps[step] ??= since()
  }
  const name = `circuit-${salt}`
  await writeProgram(join(folder, name), salt)
  const key = ['--key-file', `.weft/${name}.key`]
  await new WeftProcess(folder, ['deposit', '1', ...key], onLine).event('deposited')
  const inputs = ['--inputs', join(name, 'inputs.json')]
  const network = ['--coordinator-url', url, '--cache-folder', CACHE, ...key]
  const proving = new WeftProcess(folder, ['prove', name, ...inputs, ...delivery, ...network], onLine)
  await proving.event('proven')
  return { seconds: since(), steps }
}

/** Delivered alone, and aggregated. The network runs before it starts. */
export const run = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-quickstart-'))
  say('starting devnet, coordinator and node')
  const network = await startNetwork(folder)
  try {
    const salt = Date.now() % 1e9
    const { seconds, steps } = await prove(folder, network.url, salt, '--individual')
    say('the same, aggregated')
    const aggregated = await prove(folder, network.url, salt + 1, '--aggregated')
    return { seconds, steps, aggregated, threads: CORES }
  } finally {
    await network.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
