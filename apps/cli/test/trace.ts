import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tag, uintToBytes32 } from '@weft/protocol'

/** A trace of three segments. */
export const TRACE = {
  program: tag('test.program'),
  segments: [1n, 2n, 3n].map((n) => ({
    pre: uintToBytes32(n),
    post: uintToBytes32(n + 1n),
    data: tag(`data${n}`),
    inputs: { n: n.toString() },
  })),
}

/** A trace in a file; the one above unless told. */
export const writeTrace = async (folder: string, trace: unknown = TRACE): Promise<string> => {
  const path = join(folder, 'trace.json')
  await writeFile(path, JSON.stringify(trace))
  return path
}
