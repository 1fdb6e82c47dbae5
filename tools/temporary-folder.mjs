import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Temporary files of all tests are in one folder, which is gone after them, whatever a test leaves or how it ends. */
export const setup = () => {
  const folder = mkdtempSync(join(tmpdir(), 'weft-tests-'))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
