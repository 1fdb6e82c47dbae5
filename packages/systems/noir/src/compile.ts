import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { type Artifact, type Limits, ProofError } from '@weft/proof'
import { type Circuit, toArtifact } from './artifact.js'
import { cached } from './cache.js'
import type { CompileAnswer } from './compile-process.js'
import { formatDiagnostic, type TextOf } from './diagnostics.js'
import { oneShot } from './one-shot.js'
import type { Project } from './project.js'

/** The version of @noir-lang/noir_wasm; part of every cache key, and the one that artifacts have to be of. */
export const NOIR_VERSION = '1.0.0-beta.26'

/** Compiling takes seconds; code that runs in the compiler can take forever. */
const TIME_MS = 120_000
const MEMORY_BYTES = 4e9

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

/** Compiles in a process of its own: the compiler computes for seconds and writes to the standard output. */
const runCompiler = async (folder: string, textOf: TextOf, signal: Limits['signal']): Promise<Circuit> => {
  const script = new URL('./compile-process.js', import.meta.url)
  const limits = { signal, timeMs: TIME_MS, memoryBytes: MEMORY_BYTES }
  const answer = await oneShot<CompileAnswer>(script, [folder], limits).catch((error: Error) => {
    if (error instanceof ProofError && error.code === 'cancelled') throw error
    return { failure: `the compiler ${error.message}`, diagnostics: [] }
  })
  if ('circuit' in answer) return JSON.parse(answer.circuit) as Circuit
  const { failure, diagnostics } = answer
  const lines = await Promise.all(diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, textOf)))
  throw new ProofError('compile_failed', lines.length === 0 ? failure : lines.join('\n'))
}

/** Nothing of our own is worth interrupting. */
const NEVER = new AbortController().signal

/**
 * Compiles a Nargo project of our own, or takes it from `cacheFolder` where the sources are the same.
 * Errors: `compile_failed` with the compiler's own message.
 */
export const compileProject = async (folder: string, cacheFolder: string): Promise<Artifact> => {
  const name = basename(folder)
  const path = join(cacheFolder, `${name}-${(await sourceHash(folder)).slice(0, 32)}.artifact.json`)
  const textOf = (file: string) => readFile(resolve(folder, file), 'utf8').catch(() => null)
  const bytes = await cached(
    path,
    async () => toArtifact(name, await runCompiler(folder, textOf, NEVER)).bytes,
  )
  return { name, bytes }
}

const filesHash = (files: ReadonlyMap<string, string>): string => {
  const hash = createHash('sha256').update(NOIR_VERSION)
  for (const [path, text] of [...files].sort()) hash.update(JSON.stringify([path, text]))
  return hash.digest('hex').slice(0, 32)
}

/** Writes files to a folder of their own for as long as `work` runs. */
const withFolder = async <T>(
  files: ReadonlyMap<string, string>,
  work: (folder: string) => Promise<T>,
): Promise<T> => {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'weft-compile-')))
  try {
    for (const [at, text] of files) {
      await mkdir(dirname(join(base, at)), { recursive: true })
      await writeFile(join(base, at), text)
    }
    return await work(base)
  } finally {
    await rm(base, { recursive: true })
  }
}

/**
 * Compiles sources in a folder that has nothing else, or takes what they made before from `cacheFolder`. The
 * result is the compiler's artifact, debug information included. Errors: `compile_failed` with the compiler's own
 * message, file, line and column; `cancelled`.
 */
export const compileSources = async (
  { name, folder, aliases, files }: Project,
  cacheFolder: string,
  signal: Limits['signal'],
): Promise<Circuit> => {
  // The compiler calls a dependency's file by its alias and its path in src.
  const textOf = async (file: string) => {
    const [alias = '', ...rest] = file.split('/')
    const dependency = aliases.get(alias)
    const text = dependency && files.get([dependency, 'src', ...rest].join('/'))
    return files.get(`${folder}/${file}`) ?? text ?? null
  }
  const path = join(cacheFolder, `${name}-${filesHash(files)}.circuit.json`)
  const bytes = await cached(path, () =>
    withFolder(files, async (base) => {
      const { noir_version, abi, bytecode, debug_symbols, file_map } = await runCompiler(
        join(base, folder),
        textOf,
        signal,
      )
      return Buffer.from(JSON.stringify({ noir_version, abi, bytecode, debug_symbols, file_map }))
    }),
  )
  return JSON.parse(Buffer.from(bytes).toString()) as Circuit
}
