import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { Artifact } from '@weft/proof'
import { readSections } from '../binfile.js'
import { MAX_FILE_BYTES, packCircomArtifact } from '../container.js'
import { CircomError } from '../error.js'
import { type Protocol, readProtocol } from '../headers.js'
import { readCapped } from './read-file.js'

/** A circuit as an artifact of the direct system that its protocol names. */
export interface CircomArtifact extends Artifact {
  readonly protocol: Protocol
}

const stemOf = (path: string): string => basename(path, extname(path))

const filesIn = async (folder: string, extension: string): Promise<readonly string[]> => {
  const names = await readdir(folder)
  return names
    .filter((name) => extname(name) === extension)
    .sort()
    .map((name) => join(folder, name))
}

/** circom puts NAME.wasm into NAME_js. */
const wasmFilesIn = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name.endsWith('_js'))
  const inner = await Promise.all(folders.map(({ name }) => filesIn(join(folder, name), '.wasm')))
  return [...(await filesIn(folder, '.wasm')), ...inner.flat()]
}

/** The only one, or the one whose name begins the zkey's, as multiplier.wasm that of multiplier_final.zkey. */
const belongingTo = (zkey: string, files: readonly string[]): string | null => {
  if (files.length <= 1) return files[0] ?? null
  const name = stemOf(zkey)
  const isStart = (stem: string) =>
    name === stem || (name.startsWith(stem) && '_-.'.includes(name[stem.length] as string))
  const [longest, next] = files
    .filter((file) => isStart(stemOf(file)))
    .sort((one, other) => stemOf(other).length - stemOf(one).length)
  if (longest === undefined || (next !== undefined && stemOf(next) === stemOf(longest))) return null
  return longest
}

const zkeyMissing = async (folder: string) => {
  const [r1cs] = await filesIn(folder, '.r1cs')
  const compile =
    r1cs === undefined ? 'compile the circuit with "circom NAME.circom --r1cs --wasm", then ' : ''
  const file = r1cs ?? join(folder, 'NAME.r1cs')
  const out = join(folder, `${stemOf(file)}.zkey`)
  const command = `weft setup --r1cs ${file} --protocol groth16 --out ${out}`
  return new CircomError('zkey_missing', `no zkey in ${folder}: ${compile}make one with "${command}"`, {
    folder,
  })
}

/** Errors: `zkey_missing`, `file_ambiguous`. */
const findZkey = async (path: string): Promise<string> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  if (found === null) {
    throw new CircomError('file_missing', `there is nothing at ${path}: check the path`, { path })
  }
  if (!found.isDirectory()) {
    if (extname(path) === '.zkey') return path
    throw new CircomError('zkey_missing', `${path} is no zkey: give one, or the folder that it is in`, {
      path,
    })
  }
  const [zkey, another] = await filesIn(path, '.zkey')
  if (zkey === undefined) throw await zkeyMissing(path)
  if (another === undefined) return zkey
  throw new CircomError(
    'file_ambiguous',
    `${path} has several zkeys, ${basename(zkey)} and ${basename(another)} among them: give the path of one`,
    { path },
  )
}

/** Errors: `wasm_missing`, `file_ambiguous`. */
const findWasm = async (zkey: string): Promise<string> => {
  const folder = dirname(zkey)
  const files = await wasmFilesIn(folder)
  const wasm = belongingTo(zkey, files)
  if (wasm !== null) return wasm
  if (files.length > 0) {
    throw new CircomError(
      'file_ambiguous',
      `${folder} has several wasms, and none alone has a name that begins ${basename(zkey)}: name the zkey after its wasm`,
      { folder },
    )
  }
  throw new CircomError(
    'wasm_missing',
    `no wasm in ${folder} nor a NAME_js in it: make one with "circom NAME.circom --wasm -o ${folder}"`,
    { folder },
  )
}

/**
 * Reads a circuit as circom and snarkjs leave it: a folder with one zkey, or the path of a zkey, with its wasm beside it or
 * in NAME_js, and its r1cs, if that is there too. Named after the wasm. Errors: CircomErrors that say which command makes
 * what is missing (`zkey_missing`, `wasm_missing`), `file_missing`, `file_ambiguous`, `file_too_large`; `bad_artifact` for a
 * zkey that is none. How the files fit together is checked when the program is set up.
 */
export const readCircomProgram = async (path: string): Promise<CircomArtifact> => {
  const zkeyPath = await findZkey(path)
  const wasmPath = await findWasm(zkeyPath)
  const r1csPath = belongingTo(zkeyPath, await filesIn(dirname(zkeyPath), '.r1cs'))
  const zkey = await readCapped(zkeyPath, MAX_FILE_BYTES.zkey)
  const wasm = await readCapped(wasmPath, MAX_FILE_BYTES.wasm)
  const r1cs = r1csPath === null ? undefined : await readCapped(r1csPath, MAX_FILE_BYTES.r1cs)
  const protocol = readProtocol(readSections(zkey, 'zkey'))
  const bytes = packCircomArtifact({ wasm, zkey, ...(r1cs && { r1cs }) })
  return { name: stemOf(wasmPath), bytes, protocol }
}
