import { describe, expect, test } from 'vitest'
import { Board, type Commitment } from '../src/demo/board.js'
import {
  checkVerdict,
  describeTakeover,
  expectedVerdict,
  type Incident,
  isRescue,
  verdictOn,
} from '../src/demo/incident.js'
import type { Payments } from '../src/demo/payments.js'

const JOB = `0x${'11'.repeat(32)}` as const
const KILLED = `0x${'01'.repeat(20)}` as const
const RESCUER = `0x${'02'.repeat(20)}` as const
const OTHER = `0x${'03'.repeat(20)}` as const
const DEADLINE = 1000

const broken: Commitment = {
  ...{ job: JOB, prover: KILLED, node: 'node-1', priceWei: 5n, rank: 0, deadline: DEADLINE },
}
const rescue: Commitment = { ...broken, prover: RESCUER, node: 'node-2', priceWei: 7n, rank: 1 }
const INCIDENT: Incident = { broken, killedMs: 900_000, rescue, rescuedMs: 906_800 }

const boardOf = (...states: ('accused' | 'convicted' | 'cleared')[]): Board => {
  const board = new Board()
  const told = { request: JOB, job: JOB, prover: KILLED, rescuer: RESCUER, collateralWei: 5n, l1Tx: null }
  for (const state of states) board.record({ seq: 0, atMs: 0, type: 'default', state, ...told })
  return board
}

/** The last of these has proven the job. */
const provenBy = (...commitments: readonly Commitment[]): Board => {
  const board = new Board()
  board.commitments.push(broken, ...commitments)
  const { prover, node } = commitments.at(-1) ?? broken
  board.proven.set(JOB, {
    ...{ id: JOB, kind: 'segment', target: 'recursive', prover, node, gates: 1, seconds: 1 },
  })
  return board
}

const paymentsOf = (...provers: `0x${string}`[]): Payments => ({
  paid: [],
  orders: 2,
  uncollectedWei: 0n,
  defaults: provers.map((prover) => ({ prover, rescuer: RESCUER, collateralWei: 5n, stakeWei: 0n })),
})

describe('the take-over of the killed prover’s job', () => {
  test('is another prover’s commitment to it', () => {
    expect(isRescue(INCIDENT, rescue)).toBe(true)
    expect(isRescue(INCIDENT, broken)).toBe(false)
    expect(isRescue(INCIDENT, { ...rescue, job: `0x${'22'.repeat(32)}` })).toBe(false)
  })

  test('is told with who, when and at which price', () => {
    expect(describeTakeover(INCIDENT)).toEqual({
      ...{ job: JOB, prover: KILLED, deadline: DEADLINE },
      ...{ rescuer: RESCUER, rank: 1, priceWei: '7', seconds: 6.8 },
    })
  })
})

describe('L1’s verdict on the killed prover', () => {
  test('is a default where the job was settled after its deadline, by one that stood behind it', () => {
    const board = provenBy(rescue)
    expect(expectedVerdict(board, INCIDENT, DEADLINE + 1)).toBe('convicted')
    // As on a machine that was busy when provers promised.
    expect(expectedVerdict(board, INCIDENT, DEADLINE)).toBe('cleared')
  })

  test('is not asked for where the job was matched anew, or is not proven', () => {
    expect(expectedVerdict(provenBy({ ...rescue, rank: 0 }), INCIDENT, DEADLINE + 1)).toBe(null)
    // The one that stood behind it failed too.
    const again = provenBy(rescue, { ...rescue, prover: OTHER, rank: 0 })
    expect(expectedVerdict(again, INCIDENT, DEADLINE + 1)).toBe(null)
    expect(expectedVerdict(boardOf(), INCIDENT, DEADLINE + 1)).toBe(null)
  })

  test('is awaited until it is the last word', () => {
    expect(verdictOn(boardOf(), INCIDENT)).toBe(null)
    expect(verdictOn(boardOf('accused'), INCIDENT)).toBe(null)
    expect(verdictOn(boardOf('accused', 'convicted'), INCIDENT)).toBe('convicted')
    expect(verdictOn(boardOf('cleared'), INCIDENT)).toBe('cleared')
    const other = { ...INCIDENT, broken: { ...broken, prover: OTHER } }
    expect(verdictOn(boardOf('convicted'), other)).toBe(null)
  })

  test.each([
    ['convicted', boardOf('convicted'), paymentsOf(KILLED)],
    ['cleared', boardOf('cleared'), paymentsOf()],
    ['cleared', boardOf('cleared'), paymentsOf(OTHER)],
    [null, boardOf(), paymentsOf()],
  ] as const)('is right as %s', (expected, board, payments) => {
    expect(() => checkVerdict(board, INCIDENT, expected, payments)).not.toThrow()
  })

  test.each([
    ['cleared although late', 'convicted', boardOf('cleared'), paymentsOf()],
    ['convicted although in time', 'cleared', boardOf('convicted'), paymentsOf(KILLED)],
    ['convicted, and nothing paid', 'convicted', boardOf('convicted'), paymentsOf()],
    ['convicted, and another has paid', 'convicted', boardOf('convicted'), paymentsOf(OTHER)],
    ['cleared, and yet paid', 'cleared', boardOf('cleared'), paymentsOf(KILLED)],
    ['not judged', 'cleared', boardOf('accused'), paymentsOf()],
    ['judged though nobody came to the rescue', null, boardOf('convicted'), paymentsOf(KILLED)],
  ] as const)('is wrong when it is %s', (_, expected, board, payments) => {
    expect(() => checkVerdict(board, INCIDENT, expected, payments)).toThrow(
      expect.objectContaining({ code: 'wrong_verdict' }),
    )
  })
})
