import { basename } from 'node:path'
import { compile, createFileManager } from '@noir-lang/noir_wasm'
import { toArtifact } from './artifact.js'

/** What comes back from compiling the folder given as the only argument. */
export type CompileAnswer = { readonly artifact: Uint8Array } | { readonly failure: string }

const messageOf = (error: unknown): string => {
  const { message, diagnostics } = error as {
    message?: string
    diagnostics?: { message: string; file?: string }[]
  }
  const lines = (diagnostics ?? []).map(({ message: text, file }) =>
    file === undefined ? text : `${file}: ${text}`,
  )
  return [message ?? String(error), ...lines].join('\n')
}

const compileFolder = async (folder: string): Promise<CompileAnswer> => {
  const silent = () => undefined
  try {
    const result = await compile(createFileManager(folder), undefined, silent, silent)
    if (!('program' in result)) return { failure: `${folder} is a library: give the folder of a program` }
    return { artifact: toArtifact(basename(folder), result.program).bytes }
  } catch (error) {
    return { failure: messageOf(error) }
  }
}

const answer = await compileFolder(process.argv[2] ?? '.')
process.send?.(answer, () => process.exit(0))
