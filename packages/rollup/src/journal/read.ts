import type { Readable } from 'node:stream'
import { WeftError } from '@weft/protocol'
import { type JournalRecord, lineSchema } from './records.js'

const NEWLINE = 0x0a

/** Whole lines with the offset behind each; what comes after the last newline is left out. */
async function* linesOf(
  source: Readable | Iterable<Uint8Array>,
): AsyncGenerator<{ line: Buffer; end: number }> {
  let rest: Buffer = Buffer.alloc(0)
  let end = 0
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk as Uint8Array])
    let start = 0
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, start)) {
      end += at + 1 - start
      yield { line: bytes.subarray(start, at), end }
      start = at + 1
    }
    rest = bytes.subarray(start)
  }
}

const parse = (line: Buffer): JournalRecord[] | undefined => {
  try {
    return lineSchema.safeParse(JSON.parse(line.toString('utf8'))).data
  } catch {
    return undefined
  }
}

/**
 * Reads a journal. The last line may be torn, since it was never acknowledged, and is left out: `size` is where the
 * good part ends. Throws a WeftError `journal_corrupt` where a line before the last cannot be read.
 */
export const readJournal = async (
  source: Readable | Iterable<Uint8Array>,
): Promise<{ records: JournalRecord[]; size: number }> => {
  const records: JournalRecord[] = []
  let size = 0
  let lineNumber = 0
  let bad: number | undefined
  for await (const { line, end } of linesOf(source)) {
    lineNumber++
    if (bad !== undefined) {
      throw new WeftError(
        'journal_corrupt',
        `line ${bad} of the journal is damaged: restore the file from a copy`,
        {
          line: bad,
        },
      )
    }
    const parsed = parse(line)
    if (parsed === undefined) {
      bad = lineNumber
      continue
    }
    for (const record of parsed) records.push(record)
    size = end
  }
  return { records, size }
}
