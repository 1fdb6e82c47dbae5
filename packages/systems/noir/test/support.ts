import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LIBRARY } from '@weft/circuits'
import type { Limits } from '@weft/proof'
import { type LoadOptions, loadProgram, type NoirProgram } from '@weft/system-noir'

export const CACHE = fileURLToPath(new URL('../../../../.cache/weft', import.meta.url))
export const PROVER = `0x${'a1'.repeat(20)}` as const

export const never = new AbortController().signal
export const generous: Limits = { signal: never, memoryBytes: 8e9, timeMs: 600_000 }

/** An empty folder, gone after all tests. */
export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'weft-noir-'))

/** Writes files by path below a folder. */
export const writeFiles = async (
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<string> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

export const manifest = (name: string, dependencies = '', type = 'bin'): string =>
  `[package]\nname = "${name}"\ntype = "${type}"\nauthors = ["A"]\n\n[dependencies]\n${dependencies}\n`

export const optionsOf = (cacheFolder: string): LoadOptions => ({
  cacheFolder,
  libraries: [LIBRARY],
  signal: never,
})

/** Writes and loads a program of one file, which can use the library as `weft`. */
export const programOf = async (name: string, main: string, cacheFolder: string): Promise<NoirProgram> => {
  const folder = await writeFiles(await newFolder(), {
    'Nargo.toml': manifest(name, `weft = { path = "${LIBRARY}" }`),
    'src/main.nr': main,
  })
  return loadProgram(folder, optionsOf(cacheFolder))
}
