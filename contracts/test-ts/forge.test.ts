// Every Solidity test as a test of its own, so that `npm test` runs, names and counts them.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { contractsFolder, forgeBinary } from '../tools/forge.mjs'

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface ForgeResult {
  readonly status: 'Success' | 'Failure' | 'Skipped'
  readonly reason: string | null
  readonly counterexample: unknown
}

type ForgeReport = Record<string, { readonly test_results: Record<string, ForgeResult> }>

const run = (file: string, args: readonly string[]): Promise<Run> =>
  new Promise((resolve, reject) => {
    const options = { cwd: contractsFolder, maxBuffer: 1 << 28 }
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(error)
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })

const parse = ({ code, stdout, stderr }: Run): ForgeReport => {
  try {
    return JSON.parse(stdout)
  } catch (cause) {
    throw new Error(`forge test ended with ${code} and no report:\n${stdout}\n${stderr}`, { cause })
  }
}

const forge = await run(forgeBinary(), ['test', '--json'])
const report = parse(forge)
const results = Object.entries(report).flatMap(([suite, { test_results }]) =>
  Object.entries(test_results).map(([name, result]) => ({ suite, name, ...result })),
)

for (const { suite, name, status, reason, counterexample } of results) {
  test(`${suite} ${name}`, () => {
    expect(status, `${reason} ${JSON.stringify(counterexample)}`).toBe('Success')
  })
}

test('forge ran tests, and ends as they say', () => {
  expect(results.length).toBeGreaterThan(0)
  expect(forge.code === 0).toBe(results.every(({ status }) => status === 'Success'))
})

test('generated/ is what forge built', async () => {
  const generate = fileURLToPath(new URL('tools/generate.mjs', contractsFolder))
  const { code, stderr } = await run(process.execPath, [generate, '--check'])
  expect(code, stderr).toBe(0)
})
