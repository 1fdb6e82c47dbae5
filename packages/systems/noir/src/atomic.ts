import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** So that two writers of one file do not share the temporary one. */
let writes = 0

/** Writes a file so that others see it whole or not at all. */
export const writeAtomically = async (
  path: string,
  content: Uint8Array | string,
  mode = 0o644,
): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.${writes++}.tmp`
  await writeFile(temporary, content)
  await chmod(temporary, mode)
  await rename(temporary, path)
}
