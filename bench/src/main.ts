/** A benchmark: says what it does on the standard error; what it resolves with is its result. */
export interface Benchmark {
  run(): Promise<object>
}

const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  dispatch: () => import('./dispatch.js'),
  groth16: () => import('./groth16.js'),
  matching: () => import('./matching.js'),
  onchain: () => import('./onchain.js'),
  proving: () => import('./proving.js'),
  quickstart: () => import('./quickstart.js'),
  scaling: () => import('./scaling.js'),
  settlement: () => import('./settlement.js'),
}

const name = process.argv[2] ?? ''
const load = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined
if (load) {
  const result = await (await load()).run()
  console.log(JSON.stringify({ bench: name, ...result }))
} else {
  console.error(`give the name of a benchmark: ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exitCode = 2
}
