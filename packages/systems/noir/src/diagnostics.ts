import type { Diagnostic } from './compile-process.js'

/** A source file's text by the path that diagnostics name it by; null if it is not known. */
export type TextOf = (file: string) => Promise<string | null>

const place = (text: string, start: number): string => {
  const before = Buffer.from(text).subarray(0, start).toString().split('\n')
  return `${before.length}:${(before.at(-1) as string).length + 1}`
}

/** A complaint of the compiler as one line: `file:line:column: message`. */
export const formatDiagnostic = async (diagnostic: Diagnostic, textOf: TextOf): Promise<string> => {
  const { message, file, secondaries = [] } = diagnostic
  if (file === undefined) return message
  const [first] = secondaries
  const text = first === undefined ? null : await textOf(file)
  if (first === undefined || text === null) return `${file}: ${message}`
  const detail = first.message === '' || first.message === message ? '' : ` (${first.message})`
  return `${file}:${place(text, first.start)}: ${message}${detail}`
}
