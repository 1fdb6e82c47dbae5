// A coordinator in a process of its own, to be killed. Its L1 is a file that outlives it, a line for every settlement.
import { randomBytes } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createCoordinator, openBlobStore, openPglite, systemClock } from '@weft/coordinator'
import { claimHash, publicInput, uintToBytes32 } from '@weft/protocol'
import { DEPLOYMENT, mergeProgram, segmentProgram, system } from './programs.mjs'

const [folder, port, sequencer, l1Answer] = process.argv.slice(2)
const ledger = join(folder, 'l1.txt')

const settled = async () => (await readFile(ledger, 'utf8').catch(() => '')).split('\n').slice(0, -1)
const silence = () => {
  process.send({ kind: 'settling' })
  return new Promise(() => undefined)
}
const settler = {
  async settle(root, proof) {
    if (!(await system.verify(mergeProgram.evmKey, publicInput(root), proof))) throw new Error('reverted')
    if (l1Answer === 'gets-nothing') return silence()
    await appendFile(ledger, `${root.kind === 'parallel' ? root.claims : claimHash(root)}\n`)
    if (l1Answer === 'stays-silent') return silence()
    return uintToBytes32(BigInt((await settled()).length))
  },
  async isSettled(claimsRoot) {
    const index = (await settled()).indexOf(claimsRoot)
    return index < 0 ? null : uintToBytes32(BigInt(index + 1))
  },
}
const tenants = {
  sequencerOf: async () => sequencer,
  fundsFor: async (_tenant, _program, work) => ({ covered: true, availableWei: work, neededWei: work }),
}
const quiet = () => undefined

const coordinator = await createCoordinator(
  {
    version: '0.0.1',
    ...DEPLOYMENT,
    srs: 'dev',
    system: system.id,
    maxProofBytes: system.maxProofBytes,
    merge: mergeProgram,
    programs: [segmentProgram],
    // A restart on a busy machine is no reason to lease a job again.
    timing: { windowMs: 50, sweepMs: 20, leaseMs: 120_000, stragglerAfterMs: 120_000 },
  },
  {
    database: await openPglite(join(folder, 'db')),
    blobs: await openBlobStore(join(folder, 'blobs'), Date.now),
    clock: systemClock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    verifier: system,
    settler,
    tenants,
  },
)
const url = await coordinator.listen({ host: '127.0.0.1', port: Number(port) })
process.send({ kind: 'listening', url })
