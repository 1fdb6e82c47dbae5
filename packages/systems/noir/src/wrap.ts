import { type Artifact, type Limits, ProofError } from '@weft/proof'
import { type Bytes32, hashWords, type Statement, ZERO_BYTES32 } from '@weft/protocol'
import { type Abi, countPublicInputs } from './abi.js'
import { parseArtifact, toArtifact, wrapArtifact } from './artifact.js'
import { compileSources } from './compile.js'
import { keyPublicInputs } from './honk.js'
import type { NoirProgram } from './load-program.js'
import { readLibrary } from './project.js'
import type { NoirSystem } from './system.js'
import { type WrapperSpec, wrapperSource } from './wrap-source.js'
import { wrappedAbi } from './wrapped.js'

export interface WrapOptions {
  /** Folder of the Noir library `weft`. */
  readonly library: string
  /** What is compiled is kept here. */
  readonly cacheFolder: string
  /** Whether proofs of the inner program are made with zero knowledge. */
  readonly zk: boolean
  readonly limits: Limits
}

/** A program of any author as the network proves it: by a claim on its public inputs. */
export interface WrappedProgram {
  /** Wrapper and inner program in one; the port's `execute` proves the inner one. */
  readonly artifact: Artifact
  /** What `execute` takes, `prover` included. */
  readonly abi: Abi
  /** What its claims declare, in gates: the inner circuit and the wrapper, rounded up to thousands. */
  readonly work: bigint
  readonly zk: boolean
}

/** A public input costs about 4,800 gates to claim: the wrapper of this many has 1.33 M. */
export const MAX_PUBLIC_INPUTS = 128

/** What a wrapped program's proof says of its public inputs, apart from program, prover and work. */
export const wrappedStatement = (publicInputs: readonly Bytes32[]): Omit<Statement, 'program'> => {
  const result = hashWords(...publicInputs)
  return { pre: ZERO_BYTES32, post: result, data: result }
}

const checkWrappable = ({ name, publicInputs, isClaim }: NoirProgram) => {
  if (isClaim)
    throw new ProofError('bad_artifact', `${name} speaks the claim interface: have it proven as it is`)
  if (publicInputs <= MAX_PUBLIC_INPUTS) return
  throw new ProofError(
    'bad_artifact',
    `${name} has ${publicInputs} public inputs, and at most ${MAX_PUBLIC_INPUTS} can be claimed: make a hash of them public`,
    { publicInputs, limit: MAX_PUBLIC_INPUTS },
  )
}

const roundUp = (gates: number): bigint => BigInt(Math.ceil(gates / 1000) * 1000)

/**
 * Makes a program that does not speak the claim interface provable by the network: a wrapper verifies its proof and
 * claims its public inputs (see `wrappedStatement`). The same program gives the same wrapper wherever it is made.
 * Errors: `bad_artifact` for one that speaks the interface, makes too much public, or whose ABI is not its own.
 */
export const wrapProgram = async (
  system: NoirSystem,
  program: NoirProgram,
  { library, cacheFolder, zk, limits }: WrapOptions,
): Promise<WrappedProgram> => {
  checkWrappable(program)
  const { name, artifact, abi, publicInputs } = program
  const key = await system.setup(artifact, 'recursive', limits)
  if (keyPublicInputs(key) !== publicInputs || countPublicInputs(abi) !== publicInputs) {
    const details = { ofAbi: publicInputs, ofCircuit: keyPublicInputs(key) }
    throw new ProofError('bad_artifact', `the ABI of ${name} is not that of its bytecode`, details)
  }
  const sources = await readLibrary(library, 'library')
  const manifest =
    '[package]\nname = "wrapper"\ntype = "bin"\nauthors = []\n\n[dependencies]\nweft = { path = "../library" }\n'
  const compileFor = async (spec: WrapperSpec) => {
    const files = new Map(sources)
      .set('program/Nargo.toml', manifest)
      .set('program/src/main.nr', wrapperSource(spec))
    return compileSources(
      { name: `wrapper-${name}`, folder: 'program', aliases: new Map([['weft', 'library']]), files },
      cacheFolder,
      limits.signal,
    )
  }
  // The work is a constant of the wrapper, and does not change its size.
  const spec = { keyHash: key.hash, publicInputs, zk, work: 0n }
  const draft = toArtifact(`wrapper-${name}`, await compileFor(spec))
  const sizes = [await system.estimate(artifact, limits), await system.estimate(draft, limits)]
  const work = roundUp(sizes.reduce((sum, { gates }) => sum + gates, 0))
  const circuit = await compileFor({ ...spec, work })
  const inner = { ...parseArtifact(artifact), key: Buffer.from(key.bytes).toString('base64'), zk }
  return { artifact: wrapArtifact(name, circuit, inner), abi: wrappedAbi(abi), work, zk }
}
