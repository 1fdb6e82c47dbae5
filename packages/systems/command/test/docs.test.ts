import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readCommandConfig } from '@weft/system-command'
import { expect, test } from 'vitest'

const EXAMPLE = fileURLToPath(new URL('../examples/systems.json', import.meta.url))
const DOCUMENT = new URL('../../../../docs/external-provers.md', import.meta.url)

test('the document shows the entries of the example, which is a config file', async () => {
  const { systems } = JSON.parse(await readFile(EXAMPLE, 'utf8')) as { systems: { name: string }[] }
  const text = await readFile(DOCUMENT, 'utf8')
  const shown = [...text.matchAll(/<!-- systems\.json: ([a-z-]+) -->\n```json\n(.*?)```/gs)]
  expect(shown.map(([, name, json]) => [name, JSON.parse(json ?? '')])).toEqual(
    systems.map((system) => [system.name, system]),
  )
  expect((await readCommandConfig(EXAMPLE)).map(({ name }) => name)).toEqual(systems.map(({ name }) => name))
})

test('the document has every field of a config file', async () => {
  const text = await readFile(DOCUMENT, 'utf8')
  const [config] = await readCommandConfig(EXAMPLE)
  const optional = ['verifier', 'gates', 'memoryBytes']
  for (const field of [...Object.keys(config ?? {}), ...optional]) {
    if (field !== 'folder') expect(text).toMatch(new RegExp(`^\\| .*\`${field}\``, 'm'))
  }
})
