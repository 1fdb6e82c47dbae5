import { fflonk, type Logger, type MemoryFile, plonk, zKey } from 'snarkjs'
import type { Protocol } from '../headers.js'

/** One participant's part in Groth16's second phase. */
export interface Contribution {
  readonly name: string
  /** Mixed with the system's randomness; not empty. */
  readonly entropy: string
}

const inMemory = (data?: Uint8Array): MemoryFile =>
  data === undefined ? { type: 'mem' } : { type: 'mem', data }

/** snarkjs says through its logger what is wrong. */
const listen = (): { logger: Logger; said: () => string } => {
  let last = ''
  const ignore = () => undefined
  const logger: Logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (message) => {
      last = message
    },
  }
  return { logger, said: () => last }
}

const contentOf = ({ data }: MemoryFile, said: string): Uint8Array => {
  if (data === undefined || said !== '') throw new Error(said || 'the setup wrote nothing')
  return data
}

/** A proving key. Throws with snarkjs' own message, such as that the powers are too few. */
export const runSetup = async (
  protocol: Protocol,
  r1cs: Uint8Array,
  powers: Uint8Array,
  contribution: Contribution,
): Promise<Uint8Array> => {
  const { logger, said } = listen()
  const zkey = inMemory()
  if (protocol !== 'groth16') {
    await (protocol === 'plonk' ? plonk : fflonk).setup(inMemory(r1cs), inMemory(powers), zkey, logger)
    return contentOf(zkey, said())
  }
  await zKey.newZKey(inMemory(r1cs), inMemory(powers), zkey, logger)
  const contributed = inMemory()
  const initial = inMemory(contentOf(zkey, said()))
  await zKey.contribute(initial, contributed, contribution.name, contribution.entropy)
  return contentOf(contributed, said())
}
