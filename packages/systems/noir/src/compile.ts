import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type Artifact, ProofError } from '@weft/proof'
import { writeAtomically } from './atomic.js'
import type { CompileAnswer } from './compile-process.js'
import { oneShot } from './one-shot.js'

/** The version of @noir-lang/noir_wasm; part of every cache key. */
const NOIR_VERSION = '1.0.0-beta.26'

/** Compiling takes seconds. */
const TIME_MS = 120_000

/** The folders of a project: its own and those of its path dependencies. */
const projectFolders = async (folder: string, seen = new Set<string>()): Promise<Set<string>> => {
  if (seen.has(folder)) return seen
  seen.add(folder)
  const manifest = await readFile(join(folder, 'Nargo.toml'), 'utf8').catch((cause) => {
    throw new ProofError(
      'compile_failed',
      `no Nargo.toml in ${folder}: give the folder of a program`,
      { folder },
      { cause },
    )
  })
  for (const [, path] of manifest.matchAll(/path\s*=\s*"([^"]+)"/g)) {
    await projectFolders(resolve(folder, path as string), seen)
  }
  return seen
}

/** A hash over the compiler's version and every source file. */
const sourceHash = async (folder: string): Promise<string> => {
  const hash = createHash('sha256').update(NOIR_VERSION)
  for (const at of [...(await projectFolders(folder))].sort()) {
    const names = await readdir(at, { recursive: true })
    for (const name of names.filter((file) => /\.(nr|toml)$/.test(file)).sort()) {
      hash.update(`\0${name}\0`).update(await readFile(join(at, name)))
    }
  }
  return hash.digest('hex')
}

const runCompiler = async (folder: string): Promise<Artifact> => {
  const script = new URL('./compile-process.js', import.meta.url)
  const answer = await oneShot<CompileAnswer>(script, [folder], { timeMs: TIME_MS }).catch(
    (error: Error) => ({
      failure: `the compiler ${error.message}`,
    }),
  )
  if ('failure' in answer) throw new ProofError('compile_failed', answer.failure, { folder })
  return { name: basename(folder), bytes: answer.artifact }
}

/**
 * Compiles a Nargo project in a process of its own (the compiler computes for seconds and writes to the standard
 * output), or takes it from `cacheFolder` where the sources are the same. Errors: `compile_failed` with the
 * compiler's own message.
 */
export const compileProject = async (folder: string, cacheFolder: string): Promise<Artifact> => {
  const name = basename(folder)
  const path = join(cacheFolder, `${name}-${(await sourceHash(folder)).slice(0, 32)}.artifact.json`)
  const cached = await readFile(path).catch(() => null)
  if (cached !== null) return { name, bytes: cached }
  const artifact = await runCompiler(folder)
  await writeAtomically(path, artifact.bytes)
  return artifact
}
