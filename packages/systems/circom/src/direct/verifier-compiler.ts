import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Limits, ProofError } from '@weft/proof'
import { Child } from '../child.js'
import type { CircomVerificationKey } from '../proof.js'
import { LruCache } from '../prover/lru-cache.js'
import type { ContractProtocol } from './layout.js'
import type { SolidityAnswer } from './solidity-process.js'
import { solidityOf } from './solidity-source.js'

/** A key's contract; its code has no part that is filled in at deployment. */
export interface Verifier {
  readonly creationCode: Uint8Array
  readonly runtimeCode: Uint8Array
}

/** EIP-170. */
const MAX_CODE_BYTES = 24_576

/** For keys that were compiled before and are compiled again, such as by who verifies only. */
const LIMITS: Limits = { signal: new AbortController().signal, timeMs: 120_000, memoryBytes: 4e9 }

/** Of code kept in memory: some 200 verifiers. */
const KEPT_BYTES = 2 ** 23

const script = new URL('./solidity-process.js', import.meta.url)

/** Compiles verifiers of keys, each once: they are cached in memory and on disk by their source. */
export class VerifierCompiler {
  readonly #known = new LruCache<Verifier>(KEPT_BYTES)
  #writes = 0

  constructor(readonly folder: string) {}

  /** The key has to be one of numbers alone. Errors: `setup_failed`, `bad_artifact`, those of the limits. */
  async compile(key: CircomVerificationKey, limits = LIMITS): Promise<Verifier> {
    const source = await solidityOf(key.protocol as ContractProtocol, key)
    const name = createHash('sha256').update(source).digest('hex')
    const verifier =
      this.#known.get(name) ?? (await this.#read(name)) ?? (await this.#make(name, source, limits))
    this.#known.put(name, verifier, verifier.creationCode.length + verifier.runtimeCode.length)
    return verifier
  }

  async #read(name: string): Promise<Verifier | null> {
    const text = await readFile(this.#path(name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (text === null) return null
    const { creationCode, runtimeCode } = JSON.parse(text) as { creationCode: string; runtimeCode: string }
    return { creationCode: Buffer.from(creationCode, 'hex'), runtimeCode: Buffer.from(runtimeCode, 'hex') }
  }

  async #make(name: string, source: string, limits: Limits): Promise<Verifier> {
    // It runs once, for a second or two: V8 would take longer to optimise the compiler than that saves.
    const execArgv = ['--liftoff-only']
    const compiler = new Child<string, SolidityAnswer>({ script, args: [], execArgv })
    const answer = await compiler
      .exclusive(limits, () => compiler.ask(source))
      .finally(() => compiler.close())
    if ('failure' in answer) throw new ProofError('setup_failed', answer.failure)
    const codeBytes = answer.runtimeCode.length / 2
    if (codeBytes > MAX_CODE_BYTES) {
      throw new ProofError(
        'bad_artifact',
        `the verifier would have ${codeBytes} bytes of code: let the circuit hash its public signals into fewer`,
        { codeBytes, limitBytes: MAX_CODE_BYTES },
      )
    }
    await this.#write(name, JSON.stringify(answer))
    return {
      creationCode: Buffer.from(answer.creationCode, 'hex'),
      runtimeCode: Buffer.from(answer.runtimeCode, 'hex'),
    }
  }

  #path(name: string): string {
    return join(this.folder, `verifier-${name}.json`)
  }

  /** Others see the file whole or not at all. */
  async #write(name: string, text: string): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    const temporary = `${this.#path(name)}.${process.pid}.${this.#writes++}.tmp`
    await writeFile(temporary, text)
    await rename(temporary, this.#path(name))
  }
}
