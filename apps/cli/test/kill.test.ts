import { describe, expect, test } from 'vitest'
import { Board } from '../src/demo/board.js'
import { checkVerdict, type Kill, takeoverOf, verdictOn } from '../src/demo/kill.js'
import type { Payments } from '../src/demo/payments.js'

const JOB = `0x${'11'.repeat(32)}` as const
const [KILLED, RESCUER, OTHER] = [1, 2, 3].map((n) => `0x${`0${n}`.repeat(20)}` as const) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]
const DEADLINE = 1000
const KILL: Kill = { node: 'node-1', prover: KILLED, job: JOB, atMs: 900_000, deadline: DEADLINE }

const boardOf = (...states: ('accused' | 'convicted' | 'cleared')[]): Board => {
  const board = new Board()
  const stamp = { seq: 0, atMs: 0 }
  const told = { request: JOB, job: JOB, prover: KILLED, rescuer: RESCUER, collateralWei: 5n, l1Tx: null }
  for (const state of states) board.record({ ...stamp, type: 'default', state, ...told })
  return board
}

const paymentsOf = (...provers: `0x${string}`[]): Payments => ({
  paid: [],
  orders: 2,
  uncollectedWei: 0n,
  defaults: provers.map((prover) => ({ prover, rescuer: RESCUER, collateralWei: 5n, stakeWei: 0n })),
})

describe('L1’s verdict on the killed prover', () => {
  test('is awaited until it is the last word', () => {
    expect(verdictOn(boardOf(), KILL)).toBe(null)
    expect(verdictOn(boardOf('accused'), KILL)).toBe(null)
    expect(verdictOn(boardOf('accused', 'convicted'), KILL)).toBe('convicted')
    expect(verdictOn(boardOf('cleared'), KILL)).toBe('cleared')
    expect(verdictOn(boardOf('convicted'), { ...KILL, prover: OTHER })).toBe(null)
    expect(verdictOn(boardOf('convicted'), { ...KILL, job: `0x${'22'.repeat(32)}` })).toBe(null)
  })

  test('is a default where the aggregate was settled after its deadline', () => {
    expect(() => checkVerdict(boardOf('convicted'), KILL, paymentsOf(KILLED), DEADLINE + 1)).not.toThrow()
  })

  test('is none where it was settled by the deadline, as on a machine that was busy when nodes promised', () => {
    expect(() => checkVerdict(boardOf('cleared'), KILL, paymentsOf(), DEADLINE)).not.toThrow()
    expect(() => checkVerdict(boardOf('cleared'), KILL, paymentsOf(OTHER), DEADLINE)).not.toThrow()
  })

  test.each([
    ['cleared although late', boardOf('cleared'), paymentsOf(), DEADLINE + 1],
    ['convicted although in time', boardOf('convicted'), paymentsOf(KILLED), DEADLINE],
    ['convicted, and nothing paid', boardOf('convicted'), paymentsOf(), DEADLINE + 1],
    ['convicted, and another has paid', boardOf('convicted'), paymentsOf(OTHER), DEADLINE + 1],
    ['cleared, and yet paid', boardOf('cleared'), paymentsOf(KILLED), DEADLINE],
    ['not judged', boardOf('accused'), paymentsOf(), DEADLINE],
  ])('is wrong when it is %s', (_, board, payments, settledAt) => {
    expect(() => checkVerdict(board, KILL, payments, settledAt)).toThrow(
      expect.objectContaining({ code: 'wrong_verdict' }),
    )
  })
})

describe('the take-over of its job', () => {
  const takenOver = (afterMs: number, from = KILLED, to: `0x${string}` | null = RESCUER): Board => {
    const board = new Board()
    board.record({
      ...{ seq: 0, type: 'job_taken_over', job: JOB, kind: 'segment', target: 'recursive', request: JOB },
      ...{ atMs: KILL.atMs + afterMs, from, to, priceWei: to && 7n, reason: 'default' },
    })
    return board
  }

  test('is told with who, when and at which price', () => {
    expect(takeoverOf(takenOver(6_800), KILL)).toEqual({
      ...{ job: JOB, prover: KILLED, rescuer: RESCUER, seconds: 6.8, priceWei: '7', deadline: DEADLINE },
    })
  })

  test.each([
    ['slow_takeover', takenOver(10_001)],
    ['no_takeover', takenOver(1, OTHER)],
    ['no_takeover', takenOver(1, KILLED, null)],
    ['no_takeover', new Board()],
  ])('fails as %s', (code, board) => {
    expect(() => takeoverOf(board, KILL)).toThrow(expect.objectContaining({ code }))
  })
})
