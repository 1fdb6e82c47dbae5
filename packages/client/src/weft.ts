import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { MERGED_SYSTEM } from '@weft/api'
import { CONTRACT, GROTH16, ULTRAHONK } from '@weft/protocol'
import {
  createWeft as createSdk,
  type Program,
  type Programs,
  platformClock,
  type Weft,
  type WeftOptions,
} from '@weft/sdk'
import type { LocalAccount } from 'viem'
import { type MarketAccount, marketAccount } from './account.js'
import { chainOf } from './chain.js'
import type { DeploymentFile } from './deployment.js'
import { hasCircom, openCircom } from './direct-systems.js'
import { lazySystems, NO_SYSTEMS, type OpenSystems } from './lazy-systems.js'
import { openNoir, type Progress } from './noir.js'
import { HONK, HONK_ZK, honkPrograms, noirPrograms } from './noir-programs.js'
import { type ClientSource, sourceOf } from './program-source.js'

export interface ClientOptions extends Omit<WeftOptions, 'chain' | 'account' | 'systems'> {
  /** The contracts, see `readDeployment`. */
  readonly chain: DeploymentFile
  /** Signs requests, and pays for them: viem's `privateKeyToAccount`, or `openKey`. */
  readonly account: LocalAccount
  /** Proof systems besides Noir's; circom's where its package is installed unless told. */
  readonly systems?: OpenSystems
  /** Compiled circuits, keys and the SRS; `.cache/weft` unless told. */
  readonly cacheFolder?: string
  /** Of what is computed here; all of this machine's unless told. */
  readonly threads?: number
  /** Told before each step that takes seconds. */
  readonly onPreparing?: Progress
}

/** A shared prover network, for an application on Node.js. Close it: proof systems have processes of their own. */
export interface Client extends Weft {
  readonly programs: Omit<Programs, 'register'> & {
    /** Finds a program's system by what is at its path, unless told. Errors: also `unknown_source`, `system_missing`. */
    register(source: ClientSource, options?: { readonly signal?: AbortSignal }): Promise<Program>
  }
  /** What proofs are paid from. */
  readonly account: MarketAccount
  close(): Promise<void>
}

const CIRCOM = [
  { name: 'groth16', id: GROTH16 },
  { name: 'plonk', id: CONTRACT },
  { name: 'fflonk', id: CONTRACT },
]
const NOIR = [
  { name: MERGED_SYSTEM, id: ULTRAHONK },
  { name: HONK_ZK, id: CONTRACT },
  { name: HONK, id: CONTRACT },
]

/**
 * Programs of Noir and circom from where they are to proofs that L1 has. Proof systems are opened when a program needs
 * them, and `programs.register` finds a program's by what is at its path. Errors: `no_market`.
 */
export const createWeft = (options: ClientOptions): Client => {
  const {
    chain,
    account,
    clock = platformClock,
    cacheFolder = '.cache/weft',
    threads = availableParallelism(),
  } = options
  const { onPreparing = () => undefined } = options
  const noir = lazySystems(NOIR, async () => {
    const system = await openNoir({ cacheFolder, threads, srs: chain.srs }, onPreparing)
    const folder = join(cacheFolder, 'noir')
    return {
      programs: [noirPrograms(system, folder), ...honkPrograms(system, folder)],
      close: () => system.close(),
    }
  })
  const circom = () => lazySystems(CIRCOM, () => openCircom({ cacheFolder, threads }))
  const others = options.systems ?? (hasCircom() ? circom() : NO_SYSTEMS)
  const weft = createSdk({
    ...options,
    chain: chainOf(chain),
    systems: [...noir.programs, ...others.programs],
  })
  return {
    ...weft,
    account: marketAccount(chain, account, clock, options.onWait),
    programs: {
      ...weft.programs,
      register: async (source, told) => weft.programs.register(await sourceOf(source), told),
    },
    close: async () => {
      await Promise.all([noir.close(), others.close()])
    },
  }
}
