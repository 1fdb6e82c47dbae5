import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { ProofError } from '@weft/proof'
import { formatManifest, type Manifest, parseManifest } from './manifest.js'

/** Sources of a program and of all it depends on, in a layout of our own. */
export interface Project {
  readonly name: string
  /** Folder of the program's own package in `files`. */
  readonly folder: string
  /** Folder in `files` of each dependency. */
  readonly aliases: ReadonlyMap<string, string>
  /** Text by path; manifests are rewritten, and name nothing outside. */
  readonly files: ReadonlyMap<string, string>
}

/** What is read of one project, at most. */
export const MAX_SOURCE_FILES = 500
export const MAX_SOURCE_BYTES = 2 * 2 ** 20
const MAX_FOLDER_ENTRIES = 10_000

/** Names that mean the same in a path, in TOML and in a message. */
const SAFE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/

/** A folder that may be read, and where its files go in the layout. */
interface Root {
  readonly path: string
  readonly prefix: string
}

const failed = (message: string, file: string, cause?: unknown) =>
  new ProofError('compile_failed', message, { file }, { cause })

const isInside = (path: string, root: string) => path === root || path.startsWith(`${root}${sep}`)

class Reader {
  readonly files = new Map<string, string>()
  readonly aliases = new Map<string, string>()
  #bytes = 0
  #entries = 0

  constructor(readonly roots: readonly Root[]) {}

  /** Where a file goes, and what messages call it. */
  #placeOf(path: string): string {
    const root = this.roots.find((candidate) => isInside(path, candidate.path))
    if (root === undefined) throw failed(`${path} is outside of the project: copy it in`, path)
    const names = relative(root.path, path).split(sep).filter(Boolean)
    return [root.prefix, ...names].join('/')
  }

  async #read(path: string): Promise<string> {
    const place = this.#placeOf(path)
    if (this.files.size >= MAX_SOURCE_FILES)
      throw failed(`more than ${MAX_SOURCE_FILES} source files: make the project smaller`, place)
    this.#bytes += (await stat(path)).size
    if (this.#bytes > MAX_SOURCE_BYTES)
      throw failed(`more than ${MAX_SOURCE_BYTES} bytes of sources: make the project smaller`, place)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
    } catch (cause) {
      throw failed(`${place} is no UTF-8 text`, place, cause)
    }
  }

  /** Reads the package in a folder and what it depends on; the result is its place. */
  async package(folder: string, type: Manifest['type']): Promise<{ place: string; name: string }> {
    const place = this.#placeOf(folder)
    const at = `${place}/Nargo.toml`
    await this.#checkReal(folder)
    const manifest = parseManifest(at, await this.#manifest(folder, at))
    if (manifest.type !== type) throw failed(`${at}: a package of type ${type} is needed here`, at)
    if (this.files.has(at)) return { place, name: manifest.name }
    // Set before its dependencies are read, so that a cycle ends; the compiler refuses it.
    this.files.set(at, '')
    await this.#sources(join(folder, 'src'))
    const dependencies: Record<string, string> = {}
    for (const [alias, path] of Object.entries(manifest.dependencies)) {
      const dependency = await this.package(await this.#resolve(folder, path), 'lib')
      dependencies[alias] = relative(`/${place}`, `/${dependency.place}`)
      // The compiler knows dependencies by their aliases alone, whoever has them.
      if ((this.aliases.get(alias) ?? dependency.place) !== dependency.place)
        throw failed(`two dependencies are called ${alias}: give one of them another name`, at)
      this.aliases.set(alias, dependency.place)
    }
    this.files.set(at, formatManifest({ ...manifest, dependencies }))
    return { place, name: manifest.name }
  }

  async #checkReal(folder: string): Promise<void> {
    const place = this.#placeOf(folder)
    if ((await realpath(folder).catch(() => null)) !== folder)
      throw failed(`${place} is no folder, or is behind a symbolic link: copy it in`, place)
  }

  async #manifest(folder: string, at: string): Promise<string> {
    const entry = (await readdir(folder, { withFileTypes: true })).find(({ name }) => name === 'Nargo.toml')
    if (!entry?.isFile()) throw failed(`no ${at}: give the folder of a program`, at)
    return this.#read(join(folder, 'Nargo.toml'))
  }

  /** A path dependency; one that leads to a library may go there through links, as installed packages do. */
  async #resolve(folder: string, path: string): Promise<string> {
    const direct = resolve(folder, path)
    const real = await realpath(direct).catch(() => direct)
    return this.roots.slice(1).some((library) => isInside(real, library.path)) ? real : direct
  }

  async #sources(folder: string): Promise<void> {
    await this.#checkReal(folder)
    const entries = await readdir(folder, { withFileTypes: true })
    this.#entries += entries.length
    if (this.#entries > MAX_FOLDER_ENTRIES)
      throw failed(`more than ${MAX_FOLDER_ENTRIES} files: make the project smaller`, folder)
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name)
      if (entry.isSymbolicLink()) throw failed(`${this.#placeOf(path)} is a symbolic link: copy it in`, path)
      if (!entry.isDirectory() && !entry.name.endsWith('.nr')) continue
      if (!SAFE_NAME.test(entry.name))
        throw failed(`${JSON.stringify(entry.name)}: names have letters, digits, _, - and . alone`, path)
      if (entry.isDirectory()) await this.#sources(path)
      else this.files.set(this.#placeOf(path), await this.#read(path))
    }
  }
}

const PROGRAM = 'program'

/**
 * Reads the program in a folder: its Nargo.toml and sources, and those of path dependencies inside the folder or
 * inside one of `libraries`, which are trusted. Anything else a dependency or a link leads to is refused.
 * Errors: `compile_failed`.
 */
export const readProject = async (folder: string, libraries: readonly string[]): Promise<Project> => {
  const realOf = (path: string) =>
    realpath(path).catch((cause) => {
      throw failed(`no folder ${path}: give the folder of a program`, path, cause)
    })
  const roots: Root[] = [{ path: await realOf(folder), prefix: PROGRAM }]
  for (const [i, library] of libraries.entries()) {
    roots.push({ path: await realOf(library), prefix: `library-${i}` })
  }
  const reader = new Reader(roots)
  const { name } = await reader.package((roots[0] as Root).path, 'bin')
  return { name, folder: PROGRAM, aliases: reader.aliases, files: reader.files }
}

/** Reads a library alone, to be depended on by sources of our own. Errors: `compile_failed`. */
export const readLibrary = async (folder: string, place: string): Promise<ReadonlyMap<string, string>> => {
  const path = await realpath(folder)
  const reader = new Reader([{ path, prefix: place }])
  await reader.package(path, 'lib')
  return reader.files
}
