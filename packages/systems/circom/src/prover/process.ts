import { availableParallelism } from 'node:os'
import { buildBn128, type Curve } from 'ffjavascript'
import type { Protocol } from '../headers.js'
import { makeDevPowers } from './dev-powers.js'
import { type Blinding, type ProofJson, proveGroth16 } from './groth16.js'
import { LruCache } from './lru-cache.js'
import { checkPoints, isInG2 } from './points.js'
import { Pool } from './pool.js'
import { type ProvingKey, parseProvingKey } from './proving-key.js'
import type { Contribution } from './setup.js'

/** What is asked of the process, one at a time. A zkey comes with the first request that needs it. */
export type ProverRequest =
  | {
      readonly kind: 'prove'
      readonly protocol: Protocol
      readonly zkeyHash: string
      readonly zkey?: Uint8Array
      readonly witness: Uint8Array
      readonly blinding: Blinding
    }
  | { readonly kind: 'verificationKey'; readonly zkey: Uint8Array }
  | {
      readonly kind: 'verify'
      readonly protocol: Protocol
      readonly key: object
      readonly publicSignals: readonly string[]
      readonly proof: object
    }
  | {
      readonly kind: 'setup'
      readonly protocol: Protocol
      readonly r1cs: Uint8Array
      readonly powers: Uint8Array
      readonly contribution: Contribution
    }
  | { readonly kind: 'devPowers'; readonly power: number }

export type ProverAnswer =
  | ProofJson
  | { readonly verificationKey: object }
  | { readonly valid: boolean }
  | { readonly file: Uint8Array }
  | { readonly unknown: true }
  | { readonly unsatisfied: string }
  | { readonly failure: string }

const [threadsArgument, cacheArgument] = process.argv.slice(2)
const threads = Number(threadsArgument ?? availableParallelism())

/** Parsed Groth16 keys, and zkeys as they are for the other protocols. */
const keys = new LruCache<ProvingKey | Uint8Array>(Number(cacheArgument ?? 0))

interface Machinery {
  readonly pool: Pool
  readonly curve: Curve
}

let machinery: Promise<Machinery> | null = null
const start = (): Promise<Machinery> => {
  machinery ??= Promise.all([Pool.start(threads), buildBn128(true)]).then(([pool, curve]) => ({
    pool,
    curve,
  }))
  return machinery
}

const ignore = () => undefined
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

type Prove = Extract<ProverRequest, { kind: 'prove' }>
type Verify = Extract<ProverRequest, { kind: 'verify' }>

const keyOf = ({ protocol, zkeyHash, zkey }: Prove): ProvingKey | Uint8Array | undefined => {
  const known = keys.get(zkeyHash)
  if (known !== undefined || zkey === undefined) return known
  const key = protocol === 'groth16' ? parseProvingKey(zkey) : zkey
  keys.put(zkeyHash, key, key instanceof Uint8Array ? key.length : key.bytes)
  return key
}

const prove = async (request: Prove): Promise<ProverAnswer> => {
  const key = keyOf(request)
  if (key === undefined) return { unknown: true }
  if (!(key instanceof Uint8Array)) {
    const { pool, curve } = await start()
    return proveGroth16(pool, curve, key, request.witness, request.blinding)
  }
  const snarkjs = await import('snarkjs')
  try {
    const { proof, publicSignals } = await snarkjs[request.protocol].prove(
      { type: 'mem', data: key },
      { type: 'mem', data: request.witness },
    )
    return { proof, publicSignals }
  } catch (error) {
    if (!(error instanceof Error) || !UNSATISFIED.test(error.message)) throw error
    return { unsatisfied: error.message }
  }
}

/** What snarkjs says when an identity does not hold: a polynomial does not divide, or is of too high a degree. */
const UNSATISFIED = /polynomial|copy constraints|degree of/i

/** The one that snarkjs verifies on, without threads of ours. */
const snarkjsCurve = async (): Promise<Curve> => {
  const { curves } = await import('snarkjs')
  return curves.getCurveFromName('bn128')
}

const verify = async ({ protocol, key, publicSignals, proof }: Verify): Promise<ProverAnswer> => {
  const snarkjs = await import('snarkjs')
  if (protocol === 'groth16' && !isInG2(await snarkjsCurve(), (proof as { pi_b: unknown }).pi_b)) {
    return { valid: false }
  }
  return { valid: await snarkjs[protocol].verify(key, publicSignals, proof, logger) }
}

const handle = async (request: ProverRequest): Promise<ProverAnswer> => {
  switch (request.kind) {
    case 'prove':
      return prove(request)
    case 'verify':
      return verify(request)
    case 'verificationKey': {
      const { zKey } = await import('snarkjs')
      const file = { type: 'mem', data: request.zkey } as const
      const verificationKey = await zKey.exportVerificationKey(file, logger)
      checkPoints(await snarkjsCurve(), verificationKey)
      return { verificationKey }
    }
    case 'setup': {
      const { runSetup } = await import('./setup.js')
      const { protocol, r1cs, powers, contribution } = request
      return { file: await runSetup(protocol, r1cs, powers, contribution) }
    }
    case 'devPowers': {
      const { pool, curve } = await start()
      return { file: await makeDevPowers(pool, curve, request.power) }
    }
  }
}

process.on('message', async (request: ProverRequest) => {
  const answer = await handle(request).catch((error: unknown) => ({
    failure: error instanceof Error ? error.message : String(error),
  }))
  process.send?.(answer)
})
process.on('disconnect', () => process.exit(0))
