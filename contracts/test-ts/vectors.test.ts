// Writes what packages/protocol says into test/vectors/protocol.json, for test/Vectors.t.sol to compare with the
// contracts. The file is committed; this test fails when it is out of date (`npm run vectors` writes it again).
import {
  CLAIM_TAGS,
  type Claim,
  claimHash,
  claimPath,
  claimsRoot,
  dataRoot,
  jobOf,
  keccak256,
  type Parallel,
  type PayoutEntry,
  type PayoutTree,
  payoutPaths,
  payoutRoot,
  proofClaimHash,
  publicInput,
  tag,
  uintToBytes32,
} from '@weft/protocol'
import { encodeAbiParameters, type Hex, hexToBytes, pad, parseAbiParameters, slice } from 'viem'
import { expect, test } from 'vitest'

const CLAIM = '(bytes32 program, bytes32 pre, bytes32 post, bytes32 data, uint256 work, bytes32 payouts)'
const PARALLEL = '(bytes32 claims, uint32 count, bytes32 payouts, bytes32 first, bytes32 last, bytes32 job)'
const PATH = '((address prover, uint256 work, bytes32 job) entry, uint256 position, bytes32[2][] siblings)'

const word = (name: string): Hex => tag(`vector ${name}`)
const words = (name: string, count: number) => Array.from({ length: count }, (_, i) => word(`${name} ${i}`))
const mergeKey = word('merge key')

const claims: Claim[] = [0n, 1n, 262_144n, (1n << 64n) - 1n, (1n << 256n) - 1n].map((work, i) => ({
  program: word(`program ${i}`),
  pre: i === 0 ? pad('0x') : word(`pre ${i}`),
  post: word(`post ${i}`),
  data: word(`data ${i}`),
  work,
  payouts: word(`payouts ${i}`),
}))
const sequences = claims.map((claim) => ({ kind: 'sequence', mergeKey, ...claim }) as const)

const parallels: Parallel[] = [2, 3, 32, 2 ** 32 - 1].map((count, i) => ({
  kind: 'parallel',
  mergeKey,
  claims: word(`claims ${i}`),
  count,
  payouts: word(`shared ${i}`),
  first: word(`first ${i}`),
  last: word(`last ${i}`),
  job: word(`parallel job ${i}`),
}))

const trees = [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 32].map((count) => words('leaf', count))
const paths = trees.flatMap((leaves) =>
  leaves.map((leaf, i) => ({ leaf, root: claimsRoot(leaves), ...claimPath(leaves, i) })),
)

const entry = (name: string, work: bigint): PayoutEntry => ({
  prover: slice(word(`prover ${name}`), 12),
  work,
  job: word(`job ${name}`),
})
const leaf = (name: string): PayoutTree => ({ entry: entry(name, 200_000n) })
const merge = (name: string, left: PayoutTree | null, right: PayoutTree | null): PayoutTree => ({
  left,
  right,
  own: entry(name, 1_750_000n),
})
const payoutTrees: PayoutTree[] = [
  leaf('alone'),
  merge('m', leaf('a'), leaf('b')),
  merge('top', merge('l', leaf('a'), leaf('b')), merge('r', leaf('c'), leaf('d'))),
  merge('top', merge('l', merge('ll', leaf('a'), leaf('b')), leaf('c')), leaf('d')),
  merge('top', null, null),
  merge('top', merge('l', null, null), null),
]
const payouts = payoutTrees.flatMap((tree) =>
  payoutPaths(tree).map((path) => ({ path, root: payoutRoot(tree) })),
)

/** Batches of payments: `count` transfers in segments of `size`, padded with zero records. */
const batches = [
  { count: 1, size: 1 },
  { count: 1, size: 4 },
  { count: 4, size: 4 },
  { count: 5, size: 4 },
  { count: 7, size: 2 },
  { count: 33, size: 4 },
].map(({ count, size }) => {
  const records = words('record', count * 2).map((half) => half.slice(2))
  const segments = Array.from({ length: Math.ceil(count / size) }, (_, i) => {
    const full = records.slice(2 * size * i, 2 * size * (i + 1)).join('')
    return keccak256(hexToBytes(`0x${full.padEnd(size * 128, '0')}`))
  })
  return { size, transfers: `0x${records.join('')}`, data: dataRoot(segments) }
})

const vectors = {
  mergeKey,
  tags: CLAIM_TAGS,
  entryTag: tag('entry'),
  payoutsTag: tag('payouts'),
  claims: {
    input: claims.map((claim) => encodeAbiParameters(parseAbiParameters(CLAIM), [claim])),
    job: claims.map(jobOf),
    hash: claims.map(claimHash),
    sequence: sequences.map(proofClaimHash),
    publicInput: sequences.map(publicInput),
  },
  parallels: {
    input: parallels.map((root) => encodeAbiParameters(parseAbiParameters(PARALLEL), [root])),
    hash: parallels.map(proofClaimHash),
    publicInput: parallels.map(publicInput),
  },
  paths: {
    input: paths.map(({ leaf, index, siblings }) =>
      encodeAbiParameters(parseAbiParameters('bytes32, uint256, bytes32[]'), [leaf, index, siblings]),
    ),
    root: paths.map(({ root }) => root),
  },
  data: {
    input: trees.map((row) => encodeAbiParameters(parseAbiParameters('bytes32[]'), [row])),
    root: trees.map(dataRoot),
  },
  payouts: {
    input: payouts.map(({ path }) => encodeAbiParameters(parseAbiParameters(PATH), [path])),
    root: payouts.map(({ root }) => root),
  },
  batches: {
    size: batches.map(({ size }) => uintToBytes32(BigInt(size))),
    transfers: batches.map(({ transfers }) => transfers),
    data: batches.map(({ data }) => data),
  },
}

test('the vectors that the Solidity tests read are what the protocol package says', async () => {
  await expect(`${JSON.stringify(vectors, null, 2)}\n`).toMatchFileSnapshot('../test/vectors/protocol.json')
})
