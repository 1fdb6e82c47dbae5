import { ProofError } from '@weft/proof'
import { parse } from 'smol-toml'

/** What a Nargo.toml says as far as a build needs it. */
export interface Manifest {
  readonly name: string
  readonly type: 'bin' | 'lib'
  /** Folders of path dependencies by alias, relative to the manifest's. */
  readonly dependencies: Readonly<Record<string, string>>
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

const failed = (file: string, what: string, cause?: unknown) =>
  new ProofError('compile_failed', `${file}: ${what}`, { file }, { cause })

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parseToml = (file: string, text: string): Record<string, unknown> => {
  try {
    return parse(text)
  } catch (cause) {
    throw failed(file, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

const pathOf = (file: string, alias: string, dependency: unknown): string => {
  if (!NAME.test(alias)) throw failed(file, `${JSON.stringify(alias)} is no name for a dependency`)
  if (isTable(dependency) && typeof dependency.path === 'string' && Object.keys(dependency).length === 1)
    return dependency.path
  throw failed(file, `dependency ${alias} is not on a path: copy it in and write ${alias} = { path = "…" }`)
}

/** Reads a Nargo.toml; `file` is what errors call it. Errors: `compile_failed`. */
export const parseManifest = (file: string, text: string): Manifest => {
  const toml = parseToml(file, text)
  const { package: about, dependencies = {} } = toml
  if (!isTable(about)) throw failed(file, 'no [package]: give the folder of one package, not of a workspace')
  const { name, type, entry } = about
  if (typeof name !== 'string' || !NAME.test(name)) throw failed(file, 'package.name is no name')
  if (type !== 'bin' && type !== 'lib') throw failed(file, 'package.type has to be "bin" or "lib"')
  if (entry !== undefined)
    throw failed(file, `package.entry is not supported: use src/${type === 'bin' ? 'main' : 'lib'}.nr`)
  if (!isTable(dependencies)) throw failed(file, 'dependencies is no table')
  const paths = Object.entries(dependencies).map(([alias, value]) => [alias, pathOf(file, alias, value)])
  return { name, type, dependencies: Object.fromEntries(paths) }
}

/** A Nargo.toml that says the manifest and nothing else: the compiler reads no text of a stranger as TOML. */
export const formatManifest = ({ name, type, dependencies }: Manifest): string => {
  const paths = Object.entries(dependencies).map(
    ([alias, path]) => `${alias} = { path = ${JSON.stringify(path)} }`,
  )
  return [
    '[package]',
    `name = "${name}"`,
    `type = "${type}"`,
    'authors = []',
    '',
    '[dependencies]',
    ...paths,
    '',
  ].join('\n')
}
