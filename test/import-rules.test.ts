import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Who may import whom, as ARCHITECTURE.md says; a package not named here may be imported by nobody. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'packages/protocol': [],
  'packages/plan': ['protocol'],
  'packages/market': ['protocol'],
  'packages/proof': ['protocol'],
  'packages/sealing': ['protocol'],
  'packages/systems/noir': ['protocol', 'proof'],
  'packages/systems/circom': ['protocol', 'proof'],
  'packages/systems/command': ['protocol', 'proof'],
  contracts: ['protocol'],
  circuits: ['protocol'],
  'packages/chain': ['protocol', 'contracts'],
  'packages/api': ['protocol'],
  'packages/coordinator': ['protocol', 'market', 'plan', 'proof', 'chain', 'api'],
  'packages/node': ['protocol', 'proof', 'sealing', 'chain', 'api'],
  'packages/sdk': ['protocol', 'proof', 'sealing', 'chain', 'api'],
  'packages/client': [
    ...['protocol', 'proof', 'sdk', 'chain', 'api', 'circuits'],
    ...['system-noir', 'system-command', 'system-circom'],
  ],
  'packages/rollup': ['protocol', 'sdk', 'chain'],
}

const CIRCOM = '@weft/system-circom'

/** Compile without Node or DOM types, and import nothing of a runtime. */
const PURE = ['packages/protocol', 'packages/plan', 'packages/market', 'packages/proof']

const SOURCE: Readonly<Record<string, string>> = { circuits: 'ts', contracts: 'generated' }

const sourcesOf = (folder: string): string[] => {
  const at = join(ROOT, folder, SOURCE[folder] ?? 'src')
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(at, name))
}

const importsOf = (file: string): string[] => {
  const text = readFileSync(file, 'utf8')
  const specifiers = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"]*?from\s*'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s*'([^']+)'/g,
  )
  return [...specifiers].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

describe.each(Object.entries(ALLOWED))('%s', (folder, allowed) => {
  const files = sourcesOf(folder)
  test('has sources', () => expect(files.length).toBeGreaterThan(0))

  test('imports only the layers below it', () => {
    const found = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('@weft/'))
        .filter((specifier) => !allowed.includes(specifier.split('/')[1] ?? ''))
        .map((specifier) => `${relative(ROOT, file)}: ${specifier}`),
    )
    expect(found).toEqual([])
  })

  test('reaches into no other package by path', () => {
    const own = join(ROOT, folder)
    const found = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => !resolve(dirname(file), specifier).startsWith(`${own}/`))
        .map((specifier) => `${relative(ROOT, file)}: ${specifier}`),
    )
    expect(found).toEqual([])
  })
})

describe('packages/systems/circom, which is under the GPL', () => {
  test('is loaded by one module of the client, at run time, where it is installed', () => {
    const found = sourcesOf('packages/client').flatMap((file) => {
      const isNamed = readFileSync(file, 'utf8').includes(CIRCOM)
      return isNamed ? [relative(ROOT, file)] : []
    })
    expect(found).toEqual(['packages/client/src/direct-systems.ts'])
    const module = readFileSync(join(ROOT, 'packages/client/src/direct-systems.ts'), 'utf8')
    expect(module).not.toMatch(new RegExp(`from '${CIRCOM}`))
  })

  test('is an optional peer of the client, and nothing depends on it', () => {
    const manifests = [...Object.keys(ALLOWED), 'apps/cli'].map((folder) => ({
      folder,
      ...JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')),
    }))
    const dependents = manifests.filter(({ dependencies = {} }) => CIRCOM in dependencies)
    expect(dependents.map(({ folder }) => folder)).toEqual([])
    const client = manifests.find(({ folder }) => folder === 'packages/client')
    expect(client?.peerDependenciesMeta[CIRCOM]).toEqual({ optional: true })
  })
})

describe.each(PURE)('%s is pure', (folder) => {
  test('no runtime is imported', () => {
    const found = sourcesOf(folder).flatMap((file) =>
      importsOf(file).filter((specifier) => specifier.startsWith('node:')),
    )
    expect(found).toEqual([])
  })
  test('no types of a runtime', () => {
    const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, folder, 'tsconfig.json'), 'utf8'))
    expect(compilerOptions.types ?? []).toEqual([])
    expect(compilerOptions.lib).toBeUndefined()
  })
})
