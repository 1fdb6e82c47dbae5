import { relative } from 'node:path'
import { compile, createFileManager } from '@noir-lang/noir_wasm'

/** One complaint of the compiler. */
export interface Diagnostic {
  readonly message: string
  /** Relative to the folder; below a dependency's alias for its files. */
  readonly file?: string
  /** Where in the file, in bytes, and what is there. */
  readonly secondaries?: readonly { readonly message: string; readonly start: number }[]
}

/** What comes back: JSON of the compiler's artifact, with paths relative to the folder. */
export type CompileAnswer =
  | { readonly circuit: string }
  | { readonly failure: string; readonly diagnostics: readonly Diagnostic[] }

/** Diagnostics shown of one program. */
const MAX_SHOWN = 20

const [folder = '.'] = process.argv.slice(2)

const shortPath = (path: string) => (path.startsWith(`${folder}/`) ? relative(folder, path) : path)

const failureOf = (error: unknown): CompileAnswer => {
  const { message, cause } = error as { message?: string; cause?: { diagnostics?: Diagnostic[] } }
  const diagnostics = (cause?.diagnostics ?? (error as typeof cause)?.diagnostics ?? [])
    .slice(0, MAX_SHOWN)
    .map(({ file, ...rest }) => (file === undefined ? rest : { ...rest, file: shortPath(file) }))
  return { failure: message ?? String(error), diagnostics }
}

const compileFolder = async (): Promise<CompileAnswer> => {
  const silent = () => undefined
  try {
    const result = await compile(createFileManager(folder), undefined, silent, silent)
    if (!('program' in result))
      return { failure: `${folder} is a library: give the folder of a program`, diagnostics: [] }
    for (const file of Object.values(result.program.file_map)) file.path = shortPath(file.path)
    return { circuit: JSON.stringify(result.program) }
  } catch (error) {
    return failureOf(error)
  }
}

const answer = await compileFolder()
process.send?.(answer, () => process.exit(0))
