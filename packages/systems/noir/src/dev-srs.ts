import { spawnSync } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { bn254 } from '@noble/curves/bn254.js'
import { ProofError } from '@weft/proof'
import { writeAtomically } from './atomic.js'

/**
 * The dev SRS: powers of tau = 2, so whoever reads this can forge any proof made with it. It exists so that a
 * devnet and tests need no download. `bb` has the ceremony's G2 point compiled in, hence the copy of the
 * binary and of the generated Solidity verifier with that constant replaced.
 */
export interface DevSrs {
  /** Folder with bn254_g1.dat and bn254_g2.dat, for CRS_PATH. */
  readonly crsPath: string
  /** The copy of `bb` that verifies against the dev SRS. */
  readonly bbPath: string
}

/** Enough for circuits of 2^21 gates. */
export const DEV_SRS_POINTS = 2 ** 21 + 1

/** tau·G2 of the Aztec Ignition ceremony: x0, x1, y0, y1, 32 big-endian bytes each. */
const IGNITION_G2 = [
  '0118c4d5b837bcc2bc89b5b398b5974e9f5944073b32078b7e231fec938883b0',
  '260e01b251f6f1c7e7ff4e580791dee8ea51d87a358e038b4efe30fac09383c1',
  '22febda3c0c0632a56475b4214e5615e11e6dd3f96e6cea2854a87d4dacc5e55',
  '04fc6369f7110fe3d25156c1bb9a72859cf2a04641f99ba4ee413c80da6a5fe4',
] as const

const devG2 = (): readonly string[] => {
  const { x, y } = bn254.G2.Point.BASE.double().toAffine()
  return [x.c0, x.c1, y.c0, y.c1].map((coordinate) => coordinate.toString(16).padStart(64, '0'))
}

/** Replaces the one occurrence of the ceremony's G2 point. Errors: `setup_failed` unless there is exactly one. */
const patchBinary = (binary: Buffer): Buffer => {
  const needle = Buffer.from(IGNITION_G2.join(''), 'hex')
  const at = binary.indexOf(needle)
  if (at < 0 || binary.indexOf(needle, at + 1) >= 0) {
    throw new ProofError(
      'setup_failed',
      `this bb holds the ceremony's G2 point ${at < 0 ? 'nowhere' : 'more than once'}: the dev SRS needs the bb of the pinned @aztec/bb.js`,
    )
  }
  const patched = Buffer.from(binary)
  Buffer.from(devG2().join(''), 'hex').copy(patched, at)
  return patched
}

const generateG1 = async (threads: number): Promise<Uint8Array> => {
  const bytes = new SharedArrayBuffer(64 * DEV_SRS_POINTS)
  const size = Math.ceil(DEV_SRS_POINTS / threads)
  await Promise.all(
    Array.from({ length: threads }, (_, i) => {
      const workerData = { bytes, from: i * size, to: Math.min((i + 1) * size, DEV_SRS_POINTS) }
      const worker = new Worker(new URL('./dev-srs-worker.js', import.meta.url), { workerData })
      return new Promise<void>((resolve, reject) => {
        worker.once('message', () => resolve())
        worker.once('error', reject)
        worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`worker exited ${code}`))))
      })
    }),
  )
  return new Uint8Array(bytes)
}

const isComplete = async (path: string, size: number) => (await stat(path).catch(() => null))?.size === size

/** Makes the dev SRS in `folder` unless it is there: 128 MB and a few seconds of all `threads`. */
export const ensureDevSrs = async (folder: string, bbPath: string, threads: number): Promise<DevSrs> => {
  const devBb = join(folder, 'bb')
  const g1 = join(folder, 'bn254_g1.dat')
  const binarySize = (await stat(bbPath)).size
  if (!(await isComplete(devBb, binarySize))) {
    await writeAtomically(devBb, patchBinary(await readFile(bbPath)), 0o755)
    // macOS refuses to run a changed binary without a signature; an ad-hoc one is enough.
    if (process.platform === 'darwin') spawnSync('codesign', ['--force', '--sign', '-', devBb])
  }
  await writeAtomically(join(folder, 'bn254_g2.dat'), Buffer.from(devG2().join(''), 'hex'))
  if (!(await isComplete(g1, 64 * DEV_SRS_POINTS))) await writeAtomically(g1, await generateG1(threads))
  return { crsPath: folder, bbPath: devBb }
}

/** The generated Solidity verifier with the dev SRS's G2 point. Errors: `setup_failed` if it has no such constants. */
export const patchSolidity = (source: string): string => {
  const to = devG2()
  return IGNITION_G2.reduce((text, constant, i) => {
    const pattern = new RegExp(`0x0*${constant.replace(/^0+/, '')}`, 'gi')
    if (!pattern.test(text)) {
      throw new ProofError(
        'setup_failed',
        'the generated verifier has no G2 constants where they were expected',
      )
    }
    return text.replace(pattern, `0x${to[i]}`)
  }, source)
}
