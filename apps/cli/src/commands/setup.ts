import { randomBytes } from 'node:crypto'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assertDevChain } from '@weft/chain'
import { loadCircom, openCircomSystem, preparing, readDeployment } from '@weft/client'
import { WeftError } from '@weft/protocol'
import { z } from 'zod'
import type { Output } from '../output.js'
import { setting } from '../settings.js'
import { common } from '../settings-common.js'

export const setupSettings = z.object({
  r1cs: setting(z.string(), 'the circuit, as circom wrote it with --r1cs'),
  protocol: setting(z.enum(['groth16', 'plonk', 'fflonk']).default('groth16'), 'the proof system of the key'),
  powers: setting(
    z.string().optional(),
    'file of prepared powers of tau (ptau) of a ceremony; INSECURE ones are made on a development chain',
  ),
  out: setting(z.string(), 'where to write the proving key (zkey); nothing is overwritten'),
  deployment: common.deployment,
  cacheFolder: common.cacheFolder,
  threads: common.threads,
})
type SetupSettings = z.output<typeof setupSettings>

const DEV_POWERS_WARNING =
  'INSECURE: these powers of tau are published, so anybody can forge proofs of this key. Development chains only.'
const CONTRIBUTION_WARNING =
  'This key has one contribution: whoever made it could have kept its secret and forge proofs. For a key that others rely on, hold a ceremony of several (snarkjs zkey contribute).'

/** Powers of a ceremony, or insecure ones where the chain is a development one. Throws `powers_needed`. */
const powersOf = async ({ powers, deployment, cacheFolder }: SetupSettings) => {
  if (powers !== undefined) return { file: powers }
  const { chainId, srs } = await readDeployment(deployment)
  if (srs !== 'dev') {
    throw new WeftError(
      'powers_needed',
      'this is no development chain: give the --powers of a ceremony (prepared, .ptau)',
      { chainId },
    )
  }
  assertDevChain(chainId, srs)
  return { devFolder: join(cacheFolder, 'circom', 'dev-powers') }
}

/** Throws `file_exists`. */
const checkFree = async (path: string): Promise<void> => {
  const isTaken = await stat(path).then(
    () => true,
    () => false,
  )
  if (!isTaken) return
  throw new WeftError(
    'file_exists',
    `${path} is there already: a key is not overwritten, name another file`,
    {
      path,
    },
  )
}

/** Makes a proving key of a circuit. */
export const runSetup = async (
  settings: SetupSettings,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const { r1cs, protocol, out } = settings
  const { setupCircom } = await loadCircom()
  await checkFree(out)
  const powers = await powersOf(settings)
  const warnings = [
    ...('devFolder' in powers ? [DEV_POWERS_WARNING] : []),
    ...(protocol === 'groth16' ? [CONTRIBUTION_WARNING] : []),
  ]
  for (const warning of warnings) output.event({ event: 'warning', warning }, warning)
  const system = await openCircomSystem(settings)
  try {
    const contribution = { name: 'weft setup', entropy: randomBytes(64).toString('hex') }
    const zkey = await setupCircom(system, { r1cs, protocol, powers, contribution }, preparing(signal))
    await writeFile(out, zkey, { flag: 'wx' })
    output.event({ event: 'setup', protocol, out, bytes: zkey.length }, `${protocol} key in ${out}`)
  } finally {
    await system.close()
  }
}
