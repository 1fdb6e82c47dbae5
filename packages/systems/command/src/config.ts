import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Address, type Bytes32, type Hex, isAddress, isBytes32, isHex, WeftError } from '@weft/protocol'
import { z } from 'zod'
import { type Placeholder, placeholdersOf } from './arguments.js'

const EVERYWHERE = ['config', 'threads'] as const

const argument = (...known: readonly Placeholder[]) =>
  z
    .string()
    .max(1024)
    .refine((text) => !text.includes('\0'), 'leave out the null character')
    .superRefine((text, context) => {
      const allowed: readonly string[] = [...known, ...EVERYWHERE]
      for (const name of placeholdersOf(text).filter((each) => !allowed.includes(each))) {
        const message = `{${name}} means nothing here: use ${allowed.map((each) => `{${each}}`).join(' ')}`
        context.addIssue({ code: 'custom', message })
      }
    })

/** A command as its arguments; the first is the program, found in PATH unless it is a path. There is no shell. */
const command = (...known: readonly Placeholder[]) =>
  z
    .array(argument(...known))
    .max(64)
    .refine(([program = '']) => program !== '', 'give a program and its arguments, as an array')

export const hex = z.string().refine((text): text is Hex => isHex(text), 'give 0x and lower-case hexadecimal')
export const word = z
  .string()
  .refine((text): text is Bytes32 => isBytes32(text), 'give 0x and 64 lower-case hexadecimal digits')
/** Names of the systems that Weft has itself: a program of theirs would be somebody else's. */
const OWN_NAMES = ['ultrahonk', 'honk', 'honk-zk', 'groth16', 'plonk', 'fflonk']

const address = z
  .string()
  .refine((text): text is Address => isAddress(text), 'give 0x and 40 lower-case hexadecimal digits')
export const count = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

/** How a verifier contract is called. */
export const contractCall = {
  /** Hash of the contract's code on L1, as EXTCODEHASH gives it. */
  codeHash: word,
  selector: hex.refine((text) => text.length === 10, 'give 0x and the 8 hexadecimal digits of a function'),
  /** `bytes`: (bytes proof, bytes32[] publicInputs); `words`: the proof and the public inputs as so many words. */
  takes: z.enum(['bytes', 'words']),
} as const

/** A contract that is the same whatever `setup` says, and therefore that of one artifact. */
const verifier = z
  .strictObject({
    ...contractCall,
    /** SHA-256 of the one artifact that it verifies. */
    artifact: word,
    /** Where it is deployed. */
    address: address.optional(),
    /** File with its creation code as hexadecimal, for whoever has to deploy it; relative to the config file. */
    creationCode: z.string().min(1).optional(),
  })
  .refine(
    (given) => (given.address === undefined) !== (given.creationCode === undefined),
    'give one of address and creationCode',
  )

const system = z
  .strictObject({
    /** What programs call the system. */
    name: z
      .string()
      .max(64)
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'use lower-case letters, digits and hyphens')
      .refine(
        (name) => !OWN_NAMES.includes(name),
        'this is the name of a system that Weft has: take another',
      ),
    setup: command('artifact', 'state', 'output').optional(),
    execute: command('artifact', 'state', 'inputs', 'output').optional(),
    prove: command('artifact', 'state', 'key', 'inputs', 'output'),
    verify: command('key', 'publicInputs', 'proof'),
    /** Without it, `setup` writes the verifier of each artifact. */
    verifier: verifier.optional(),
    /** The commands' environment besides PATH. */
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'name a variable'), argument()).default({}),
    maxProofBytes: count.max(64 * 2 ** 20),
    maxPublicInputs: count.max(4096).default(128),
    /** What a command may have in its folder at any time. */
    maxDiskBytes: count.default(4 * 2 ** 30),
    /** Of one proof, in gates of UltraHonk that take a prover as long; unless `setup` writes them. */
    gates: count.optional(),
    /** Peak memory of one proof; unless `setup` writes it. */
    memoryBytes: count.optional(),
  })
  .refine(
    (given) => given.verifier !== undefined || given.setup !== undefined,
    'give a verifier, or a setup that writes one',
  )
  .refine(
    (given) => given.setup !== undefined || (given.gates !== undefined && given.memoryBytes !== undefined),
    'give gates and memoryBytes, or a setup that writes them',
  )

const file = z.strictObject({
  systems: z
    .array(system)
    .min(1)
    .refine(
      (systems) => new Set(systems.map(({ name }) => name)).size === systems.length,
      'two have one name',
    ),
})

/** One external prover as the config file describes it; docs/external-provers.md has the fields. */
export interface CommandConfig extends z.output<typeof system> {
  /** The folder of the config file, absolute. */
  readonly folder: string
}

/** The external provers of a config file. Errors: WeftError `bad_config`, which names every wrong field. */
export const readCommandConfig = async (path: string): Promise<readonly CommandConfig[]> => {
  const bad = (why: string, cause?: unknown) =>
    new WeftError('bad_config', `${path}: ${why}`, { path }, { cause })
  let json: unknown
  try {
    json = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw bad(`give a readable JSON file of external provers: ${String(cause)}`, cause)
  }
  const parsed = file.safeParse(json)
  if (!parsed.success) throw bad(z.prettifyError(parsed.error), parsed.error)
  const folder = dirname(resolve(path))
  return parsed.data.systems.map((one) => ({ ...one, folder }))
}
