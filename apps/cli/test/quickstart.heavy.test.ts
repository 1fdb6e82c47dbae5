import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const WEFT = fileURLToPath(new URL('../bin/weft.js', import.meta.url))
/** What a process of the documents says when it is ready. */
const READY = /devnet on |coordinator on |prover 0x\w+ ready|rollup \d+ on /

interface Block {
  /** Goes on for as long as the reader works. */
  readonly isBackground: boolean
  readonly text: string
}

/** The shell commands of a document, in its order. */
const blocksOf = async (name: string): Promise<Block[]> => {
  const document = await readFile(join(ROOT, 'docs', name), 'utf8')
  return [...document.matchAll(/^```sh( background)?\n([\s\S]*?)^```$/gm)].map(([, background, text]) => ({
    isBackground: background !== undefined,
    text: text as string,
  }))
}

let base: string
let environment: NodeJS.ProcessEnv
/** Processes in the background, by their command: the documents share one network. */
const running = new Map<string, ChildProcess>()

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'weft-quickstart-'))
  const bin = join(base, 'bin')
  await mkdir(bin)
  await symlink(WEFT, join(bin, 'weft'))
  await symlink(join(ROOT, 'node_modules'), join(base, 'node_modules'))
  const [coordinator, rollup] = [await freePort(), await freePort()]
  environment = {
    HOME: base,
    PATH: `${bin}:${process.env.PATH}`,
    WEFT_COORDINATOR_URL: `http://127.0.0.1:${coordinator}`,
    WEFT_DEPLOYMENT: join(base, 'network', 'deployment.json'),
    WEFT_CACHE_FOLDER: join(ROOT, '.cache', 'weft'),
    ROLLUP_URL: `http://127.0.0.1:${rollup}`,
  }
})
afterAll(async () => {
  for (const child of [...running.values()].reverse()) {
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
  await rm(base, { recursive: true })
})

/** Ports of the documents may be in use on this machine. */
const portOf = (command: string): string => {
  const url = command.startsWith('weft coordinator')
    ? environment.WEFT_COORDINATOR_URL
    : command.startsWith('weft rollup')
      ? environment.ROLLUP_URL
      : undefined
  return url === undefined ? '0' : new URL(url).port
}

const startInBackground = async (folder: string, text: string): Promise<void> => {
  const command = text.trim()
  if (running.has(command)) return
  const isNode = command.startsWith('weft node')
  const child = spawn('sh', ['-ec', `exec ${command}`], {
    cwd: folder,
    env: { ...environment, ...(isNode ? {} : { WEFT_PORT: portOf(command) }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.set(command, child)
  let told = ''
  await new Promise<void>((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      told += chunk.toString()
      if (READY.test(told)) resolve()
    }
    child.stdout?.on('data', onData)
    child.stderr?.on('data', onData)
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${told}`)))
  })
}

const runInForeground = async (folder: string, text: string): Promise<string> => {
  const child = spawn('sh', ['-e'], { cwd: folder, env: environment, stdio: ['pipe', 'pipe', 'pipe'] })
  let told = ''
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString()
  })
  child.stdin.end(text)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`ended with ${code}: ${text}\n${told}`)
  return told
}

/** Does what a document says, from an empty folder; resolves with all that was told. */
const follow = async (name: string): Promise<{ told: string; folder: string }> => {
  const folder = await mkdtemp(join(base, 'reader-'))
  let told = ''
  for (const { isBackground, text } of await blocksOf(name)) {
    if (isBackground) await startInBackground(folder, text)
    else told += await runInForeground(folder, text)
  }
  return { told, folder }
}

test('quickstart-prover.md: a node runs, has its standing, and takes ether out', async () => {
  const { told } = await follow('quickstart-prover.md')
  expect(told).toContain('0.1 ether taken out by')
})

test('quickstart-app.md: a program of one’s own is proven, from the shell and from TypeScript', async () => {
  const { told, folder } = await follow('quickstart-app.md')
  const lines = (await readFile(join(folder, 'proof.jsonl'), 'utf8')).trim().split('\n')
  const stages = lines.map((line) => JSON.parse(line)).map(({ event, stage }) => stage ?? event)
  expect(stages).toEqual(expect.arrayContaining(['estimate', 'accepted', 'settled']))
  expect(stages.at(-1)).toBe('proven')
  expect(told).toContain('factors')
  expect(told).toContain('L1 says so')
  expect(told).toMatch(/^true \{/m)
})

test('circom.md: a circuit is compiled, set up, and proven from the shell and from TypeScript', async () => {
  const { told, folder } = await follow('circom.md')
  const lines = (await readFile(join(folder, 'proof.jsonl'), 'utf8')).trim().split('\n')
  const proven = JSON.parse(lines.at(-1) as string)
  expect(proven).toMatchObject({ event: 'proven', kind: 'record' })
  expect(BigInt(proven.publicInputs[0])).toBe(641n * 6700417n)
  expect(told).toContain('groth16')
  expect(told).toContain('L1 says so')
  expect(told).toContain("delivery: 'individual'")
  expect(told).toMatch(/^true \[/m)
})

test('quickstart-rollup.md: transfers become final', async () => {
  const { told } = await follow('quickstart-rollup.md')
  expect(told).toContain('proven, settled, and final on L1')
})
