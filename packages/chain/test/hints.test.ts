import { WEFT_ABI } from '@weft/chain'
import { expect, it } from 'vitest'
import { HINTS } from '../src/hints.js'

/**
 * Of the libraries, for names that never change, for accounts that transactions do not come from, and for addresses
 * that nobody else can take.
 */
const OUT_OF_REACH = [
  'InvalidShortString',
  'StringTooLong',
  'ERC20InvalidApprover',
  'ERC20InvalidSender',
  'Create2EmptyBytecode',
  'Create3EmptyBytecode',
  'FailedDeployment',
]

it('are there for what a user can run into, and for nothing else', () => {
  const names = new Set(WEFT_ABI.flatMap((item) => (item.type === 'error' ? [item.name] : [])))
  const builtIn = ['Error', 'Panic']
  expect(Object.keys(HINTS).filter((name) => !names.has(name) && !builtIn.includes(name))).toEqual([])
  const missing = [...names].filter((name) => HINTS[name] === undefined)
  expect(missing.sort()).toEqual(OUT_OF_REACH.toSorted())
})
