import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LIBRARY, PAD } from '@weft/circuits'
import { loadProgram, NOIR_VERSION, stripDebug } from '@weft/system-noir'
import { describe, expect, test } from 'vitest'
import { CACHE, manifest, newFolder, optionsOf, programOf, writeFiles } from './support.js'

const cache = `${CACHE}/noir-programs`

const project = async (files: Readonly<Record<string, string>>) => writeFiles(await newFolder(), files)
const load = async (files: Readonly<Record<string, string>>) =>
  loadProgram(await project(files), optionsOf(cache))
const MAIN = 'fn main(a: Field, b: pub u8) -> pub [Field; 2] {\n    assert(a != 0);\n    [a, b as Field]\n}\n'
const SIMPLE = { 'Nargo.toml': manifest('simple'), 'src/main.nr': MAIN }

describe('a project folder', () => {
  test('gives name, ABI and the number of public inputs', async () => {
    const program = await load(SIMPLE)
    expect(program).toMatchObject({ name: 'simple', publicInputs: 3, isClaim: false })
    expect(program.abi.parameters.map(({ name, visibility }) => [name, visibility])).toEqual([
      ['a', 'private'],
      ['b', 'public'],
    ])
    expect(program.abi.return_type).toEqual({
      abi_type: { kind: 'array', length: 2, type: { kind: 'field' } },
      visibility: 'public',
    })
  })

  test('is compiled to the same bytes wherever it lies, and without debug information has no source', async () => {
    const [one, other] = [
      await load(SIMPLE),
      await loadProgram(await project(SIMPLE), optionsOf(await newFolder())),
    ]
    expect(Buffer.from(one.artifact.bytes).equals(other.artifact.bytes)).toBe(true)
    expect(Buffer.from(one.artifact.bytes).toString()).toContain('fn main')
    expect(Buffer.from(stripDebug(one.artifact).bytes).toString()).not.toContain('fn main')
  })

  test('can have modules, and dependencies inside of it', async () => {
    const program = await load({
      'Nargo.toml': manifest('nested', 'tools = { path = "vendor/tools" }'),
      'src/main.nr': 'mod inner;\nfn main(a: Field) -> pub Field { tools::twice(inner::deep::next(a)) }',
      'src/inner.nr': 'pub mod deep;',
      'src/inner/deep.nr': 'pub fn next(a: Field) -> Field { a + 1 }',
      'vendor/tools/Nargo.toml': manifest('tools', 'base = { path = "../base" }', 'lib'),
      'vendor/tools/src/lib.nr': 'pub fn twice(a: Field) -> Field { base::two() * a }',
      'vendor/base/Nargo.toml': manifest('base', '', 'lib'),
      'vendor/base/src/lib.nr': 'pub fn two() -> Field { 2 }',
    })
    expect(program.publicInputs).toBe(1)
  })

  test('can depend on a trusted library, by a path that leads there or by a link', async () => {
    const main = 'fn main(a: Field) -> pub Field { weft::program::hash_fields([a])[0] as Field }'
    expect((await programOf('hasher', main, cache)).publicInputs).toBe(1)
    const folder = await project({
      'Nargo.toml': manifest('linked', 'weft = { path = "node_modules/weft" }'),
      'src/main.nr': main,
    })
    await mkdir(join(folder, 'node_modules'))
    await symlink(LIBRARY, join(folder, 'node_modules/weft'))
    expect((await loadProgram(folder, optionsOf(cache))).publicInputs).toBe(1)
    await expect(loadProgram(folder, { ...optionsOf(cache), libraries: [] })).rejects.toMatchObject({
      code: 'compile_failed',
    })
  })
})

describe('the claim interface', () => {
  const claim = (parameters: string, result: string) =>
    programOf(
      'claimer',
      `use weft::program::Claim;\nfn main(x: Field, ${parameters}) -> ${result} { Claim::stateless([x as u64, 0, 0, 0], x, 1000) }`,
      cache,
    )

  test('is spoken by a program that returns a Claim and takes a prover', async () => {
    expect(await claim('prover: Field', 'pub Claim')).toMatchObject({ isClaim: true, publicInputs: 1 })
  })

  test.each([
    ['without a prover', 'b: Field', 'has no parameter prover'],
    ['with a prover that is no Field', 'prover: u8', 'has no parameter prover'],
    ['with something else public', 'prover: pub Field', 'something else public'],
  ])('a Claim %s is refused', async (_, parameters, message) => {
    await expect(claim(parameters, 'pub Claim')).rejects.toMatchObject({
      code: 'bad_artifact',
      message: expect.stringContaining(message),
    })
  })

  test('another type of that name is none, nor a field that means a claim', async () => {
    const own =
      'struct Claim { field: Field }\nfn main(x: Field, prover: Field) -> pub Claim { Claim { field: x + prover } }'
    expect((await programOf('own', own, cache)).isClaim).toBe(false)
    expect((await loadProgram(PAD.folder, optionsOf(cache))).isClaim).toBe(false)
  })
})

describe('what does not compile says where and why', () => {
  const failure = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const error = await load({ ...SIMPLE, ...files }).then(
      () => expect.unreachable('it compiles'),
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ name: 'ProofError', code: 'compile_failed' })
    return (error as Error).message
  }

  test('a type error, by file, line and column', async () => {
    const main = '// ünïcode\nfn main(a: Field) {\n    let _: u8 = a;\n}\n'
    expect(await failure({ 'src/main.nr': main })).toMatch(
      /^src\/main\.nr:3:17: expected type u8, found type Field/i,
    )
  })

  test('an error in a dependency, and several at once', async () => {
    const message = await failure({
      'Nargo.toml': manifest('simple', 'l = { path = "l" }'),
      'src/main.nr': 'fn main() { l::f(); nothing(); }',
      'l/Nargo.toml': manifest('l', '', 'lib'),
      'l/src/lib.nr': 'pub fn f() { missing(); }',
    })
    expect(message).toContain('l/lib.nr:1:14')
    expect(message).toContain('src/main.nr:1:21')
  })

  test.each<[string, Record<string, string>, string]>([
    ['no main', { 'src/main.nr': 'fn other() {}' }, 'main'],
    ['a library', { 'Nargo.toml': manifest('simple', '', 'lib') }, 'a package of type bin is needed'],
    ['a workspace', { 'Nargo.toml': '[workspace]\nmembers = ["a"]' }, 'not of a workspace'],
    ['a manifest that is no TOML', { 'Nargo.toml': '[package' }, 'program/Nargo.toml: '],
    ['a name that is a path', { 'Nargo.toml': manifest('../x') }, 'package.name is no name'],
    [
      'another entry',
      { 'Nargo.toml': '[package]\nname = "a"\ntype = "bin"\nentry = "/etc/passwd"' },
      'package.entry',
    ],
    [
      'a dependency from the network',
      { 'Nargo.toml': manifest('simple', 'x = { git = "https://example.org/x", tag = "1" }') },
      'is not on a path',
    ],
    [
      'a path and more',
      { 'Nargo.toml': manifest('simple', 'x = { path = "x", git = "https://example.org" }') },
      'is not on a path',
    ],
    [
      'a dependency that is missing',
      { 'Nargo.toml': manifest('simple', 'x = { path = "x" }') },
      'program/x is no folder',
    ],
    [
      'a dependency above the project',
      { 'Nargo.toml': manifest('simple', 'x = { path = "../x" }') },
      'is outside of the project',
    ],
    [
      'a dependency anywhere',
      { 'Nargo.toml': manifest('simple', 'x = { path = "/etc" }') },
      'is outside of the project',
    ],
    [
      'the same, with an escape',
      { 'Nargo.toml': manifest('simple', 'x = { path = "\\u002e\\u002e/x" }') },
      'is outside of the project',
    ],
    ['a name with a quote', { 'src/a"b.nr': '' }, 'names have letters'],
  ])('%s', async (_, files, message) => {
    expect(await failure(files)).toContain(message)
  })

  test('one name for two dependencies', async () => {
    const message = await failure({
      'Nargo.toml': manifest('simple', 'l = { path = "l" }\nm = { path = "m" }'),
      'l/Nargo.toml': manifest('l', '', 'lib'),
      'l/src/lib.nr': '',
      'm/Nargo.toml': manifest('m', 'l = { path = "l" }', 'lib'),
      'm/src/lib.nr': '',
      'm/l/Nargo.toml': manifest('l', '', 'lib'),
      'm/l/src/lib.nr': '',
    })
    expect(message).toContain('two dependencies are called l')
  })

  test('a cycle of dependencies', async () => {
    const message = await failure({
      'Nargo.toml': manifest('simple', 'l = { path = "l" }'),
      'l/Nargo.toml': manifest('l', 'm = { path = "../m" }', 'lib'),
      'l/src/lib.nr': '',
      'm/Nargo.toml': manifest('m', 'l = { path = "../l" }', 'lib'),
      'm/src/lib.nr': '',
    })
    expect(message).not.toBe('')
  })

  test('code that runs in the compiler and never ends', { timeout: 60_000 }, async () => {
    const main = `
      comptime fn spin() -> Field { let mut x = 0; for i in 0..4000000000 { x += i as Field; } x }
      fn main(a: Field) -> pub Field { let z = comptime { spin() }; a + z }`
    const cancel = new AbortController()
    const folder = await project({ ...SIMPLE, 'src/main.nr': main })
    const loading = loadProgram(folder, { ...optionsOf(cache), signal: cancel.signal })
    setImmediate(() => cancel.abort())
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('a folder that is not there', async () => {
    await expect(loadProgram(join(cache, 'nowhere'), optionsOf(cache))).rejects.toMatchObject({
      code: 'compile_failed',
    })
  })
})

describe('nothing is read but what belongs to the project', () => {
  const linked = async (path: string, target: string, files: Readonly<Record<string, string>> = SIMPLE) => {
    const folder = await project(files)
    await rm(join(folder, path), { recursive: true, force: true })
    await symlink(target, join(folder, path))
    return loadProgram(folder, optionsOf(cache))
  }

  test.each(['Nargo.toml', 'src', 'src/main.nr', 'src/more.nr', 'src/more'])(
    'a link at %s is refused',
    async (path) => {
      const outside = await project(SIMPLE)
      const target =
        path === 'src/more' ? outside : join(outside, path === 'src/more.nr' ? 'src/main.nr' : path)
      await expect(linked(path, target)).rejects.toMatchObject({ code: 'compile_failed' })
    },
  )

  test('a dependency behind a link is refused', async () => {
    const outside = await project({ 'Nargo.toml': manifest('l', '', 'lib'), 'src/lib.nr': '' })
    const files = { ...SIMPLE, 'Nargo.toml': manifest('simple', 'l = { path = "l" }') }
    await expect(linked('l', outside, files)).rejects.toMatchObject({
      message: expect.stringContaining('symbolic link'),
    })
  })

  test('too many and too large files are refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`src/m${i}.nr`, '']))
    await expect(load({ ...SIMPLE, ...many })).rejects.toMatchObject({
      message: expect.stringContaining('source files'),
    })
    const large = { 'src/large.nr': `// ${'x'.repeat(2 ** 21)}` }
    await expect(load({ ...SIMPLE, ...large })).rejects.toMatchObject({
      message: expect.stringContaining('bytes of sources'),
    })
  })

  test('text that is no UTF-8 is refused', async () => {
    const folder = await project(SIMPLE)
    await writeFile(join(folder, 'src/main.nr'), Buffer.from([0xff, 0xfe]))
    await expect(loadProgram(folder, optionsOf(cache))).rejects.toMatchObject({
      message: 'program/src/main.nr is no UTF-8 text',
    })
  })
})

describe('a compiled artifact', () => {
  const compiled = async (change: (json: Record<string, unknown>) => void = () => undefined) => {
    const { artifact } = await load(SIMPLE)
    const json = JSON.parse(Buffer.from(artifact.bytes).toString()) as Record<string, unknown>
    change(json)
    const folder = await project({ 'simple.json': JSON.stringify(json) })
    return loadProgram(join(folder, 'simple.json'), optionsOf(cache))
  }

  test('is the program that its folder is', async () => {
    const [fromFolder, fromJson] = [await load(SIMPLE), await compiled()]
    expect(fromJson).toEqual(fromFolder)
  })

  test('of another version of Noir is refused with the version that is needed', async () => {
    await expect(
      compiled((json) => Object.assign(json, { noir_version: '0.36.0+abc' })),
    ).rejects.toMatchObject({
      code: 'bad_artifact',
      message: `simple.json: compiled by Noir 0.36.0: compile it with ${NOIR_VERSION}`,
      details: { found: '0.36.0', needed: NOIR_VERSION },
    })
    await expect(compiled((json) => delete json.noir_version)).rejects.toMatchObject({ code: 'bad_artifact' })
  })

  test.each<[string, (json: Record<string, unknown>) => void]>([
    ['no bytecode', (json) => delete json.bytecode],
    ['bytecode that does not unpack', (json) => Object.assign(json, { bytecode: 'AAAA' })],
    ['no ABI', (json) => delete json.abi],
    ['an ABI without parameters', (json) => Object.assign(json, { abi: {} })],
    ['a type that is none', (json) => Object.assign(json, { abi: parameter({ kind: 'tree' }) })],
    ['a type of absurd size', (json) => Object.assign(json, { abi: parameter(wide(30)) })],
    ['a type of absurd depth', (json) => Object.assign(json, { abi: parameter(deep(500)) })],
    ['the data bus', (json) => Object.assign(json, { abi: parameter({ kind: 'field' }, 'databus') })],
  ])('with %s is refused', async (_, change) => {
    await expect(compiled(change)).rejects.toMatchObject({ code: 'bad_artifact' })
  })

  test.each(['{', '[]', 'null', '"x"'])('that is %s is refused', async (text) => {
    const folder = await project({ 'a.json': text })
    await expect(loadProgram(join(folder, 'a.json'), optionsOf(cache))).rejects.toMatchObject({
      code: 'bad_artifact',
    })
  })
})

const parameter = (type: unknown, visibility = 'private') => ({
  parameters: [{ name: 'a', type, visibility }],
  return_type: null,
})
const wide = (levels: number): unknown =>
  levels === 0 ? { kind: 'field' } : { kind: 'array', length: 1000, type: wide(levels - 1) }
const deep = (levels: number): unknown =>
  levels === 0 ? { kind: 'field' } : { kind: 'array', length: 1, type: deep(levels - 1) }

test('README: its project and its programs compile as they are printed', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const blocks = (language: string) =>
    [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
      ([, text]) => text as string,
    )
  const [[toml = ''], [own = '', other = '']] = [blocks('toml'), blocks('rust')]
  const folder = await project({ 'Nargo.toml': toml, 'src/main.nr': own })
  await cp(LIBRARY, join(folder, 'vendor/weft'), { recursive: true })
  const program = await loadProgram(folder, { ...optionsOf(cache), libraries: [] })
  expect(program).toMatchObject({ name: 'membership', isClaim: true })
  expect((await programOf('other', other, cache)).isClaim).toBe(false)
})
