import { createHash } from 'node:crypto'
import { access, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPglite } from '@weft/coordinator'

const CACHE = fileURLToPath(new URL('../../../.cache/weft/test-databases', import.meta.url))
const MADE_BY = [
  fileURLToPath(new URL('../src/db/migrations.ts', import.meta.url)),
  join(createRequire(import.meta.url).resolve('@electric-sql/pglite'), '../../package.json'),
]

/** An empty database of this schema, made by the first test that wants one: making one takes seconds. */
const makeTemplate = async (): Promise<string> => {
  const hash = createHash('sha256')
  for (const file of MADE_BY) hash.update(await readFile(file))
  const path = join(CACHE, hash.digest('hex').slice(0, 16))
  if (await exists(path)) return path
  await mkdir(CACHE, { recursive: true })
  const folder = await mkdtemp(`${path}-`)
  await (await openPglite(folder)).close()
  // Others may make it at the same time, and one of them is first.
  await rename(folder, path).catch(async (cause) => {
    await rm(folder, { recursive: true })
    if (!(await exists(path))) throw cause
  })
  return path
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

let template: Promise<string> | null = null

/** Gives a data folder an empty database. */
export const copyDatabase = async (folder: string): Promise<void> => {
  template ??= makeTemplate()
  await cp(await template, join(folder, 'db'), { recursive: true })
}
