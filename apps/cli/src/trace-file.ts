import { readFile } from 'node:fs/promises'
import { bytes32 } from '@weft/api'
import { WeftError } from '@weft/protocol'
import { statementOf, type Trace } from '@weft/sdk'
import { z } from 'zod'

const traceSchema = z.strictObject({
  program: bytes32,
  segments: z
    .array(
      z.strictObject({
        pre: bytes32,
        post: bytes32,
        data: bytes32,
        inputs: z.record(z.string(), z.unknown()),
      }),
    )
    .min(1),
})

/** A trace from a JSON file. Throws `bad_config`, `bad_segments`. */
export const readTrace = async (path: string): Promise<Trace> => {
  try {
    const trace = traceSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    statementOf(trace)
    return trace
  } catch (cause) {
    if (cause instanceof WeftError) throw cause
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new WeftError(
      'bad_config',
      `${path} is not a trace, {"program", "segments": [{"pre", "post", "data", "inputs"}]}: ${why}`,
      { path },
      { cause },
    )
  }
}
