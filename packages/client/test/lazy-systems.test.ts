import { tag, WeftError } from '@weft/protocol'
import type { PreparedProgram, ProgramSystem } from '@weft/sdk'
import { expect, test } from 'vitest'
import { lazySystems, type OpenSystems } from '../src/lazy-systems.js'

const never = new AbortController().signal
const NAMED = ['one', 'two'].map((name) => ({ name, id: tag(name) }))

const setUp = () => {
  const told: string[] = []
  const systemOf = ({ name, id }: (typeof NAMED)[number]): ProgramSystem => ({
    ...{ name, id },
    load: async ({ path }) => ({ name: `${name} of ${path}` }) as PreparedProgram,
    open: async (program) => ({ name: `${name} of ${program}` }) as PreparedProgram,
  })
  let failures = 0
  const open = async (): Promise<OpenSystems> => {
    told.push('open')
    if (failures-- > 0) throw new WeftError('system_missing', 'install it')
    return { programs: NAMED.map(systemOf), close: async () => void told.push('close') }
  }
  const failNext = () => {
    failures = 1
  }
  return { told, failNext, systems: lazySystems(NAMED, open) }
}

test('systems are known before they are opened, and opened once', async () => {
  const { told, systems } = setUp()
  const [one, two] = systems.programs as [ProgramSystem, ProgramSystem]
  expect([one.name, one.id, two.name]).toEqual(['one', tag('one'), 'two'])
  expect(told).toEqual([])
  const loaded = await Promise.all([one.load({ path: 'x' }, never), two.open('y', new Uint8Array(), never)])
  expect(loaded.map(({ name }) => name)).toEqual(['one of x', 'two of y'])
  await systems.close()
  expect(told).toEqual(['open', 'close'])
})

test('what nobody used is not closed', async () => {
  const { told, systems } = setUp()
  await systems.close()
  expect(told).toEqual([])
})

test('what could not be opened is tried again', async () => {
  const { told, failNext, systems } = setUp()
  const [one] = systems.programs as [ProgramSystem]
  failNext()
  await expect(one.load({ path: 'x' }, never)).rejects.toMatchObject({ code: 'system_missing' })
  expect(await one.load({ path: 'x' }, never)).toMatchObject({ name: 'one of x' })
  await systems.close()
  expect(told).toEqual(['open', 'open', 'close'])
})
