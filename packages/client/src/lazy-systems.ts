import type { Bytes32 } from '@weft/protocol'
import type { ProgramSystem } from '@weft/sdk'

/** Proof systems that a caller closes. */
export interface OpenSystems {
  readonly programs: readonly ProgramSystem[]
  /** Ends their processes. */
  close(): Promise<void>
}

export const NO_SYSTEMS: OpenSystems = { programs: [], close: async () => undefined }

/** Opens proof systems when the first program of theirs is asked for: what nobody uses costs nothing. Close them. */
export const lazySystems = (
  named: readonly { readonly name: string; readonly id: Bytes32 }[],
  open: () => Promise<OpenSystems>,
): OpenSystems => {
  let opening: Promise<OpenSystems> | undefined
  const systemOf = async (name: string): Promise<ProgramSystem> => {
    opening ??= open().catch((error: unknown) => {
      // What failed once, for want of a disk or a package, may be there the next time.
      opening = undefined
      throw error
    })
    return (await opening).programs.find((one) => one.name === name) as ProgramSystem
  }
  return {
    programs: named.map(({ name, id }) => ({
      ...{ name, id },
      load: async (...args) => (await systemOf(name)).load(...args),
      open: async (...args) => (await systemOf(name)).open(...args),
    })),
    async close() {
      // A failure was told to whoever asked.
      const opened = await opening?.catch(() => null)
      await opened?.close()
    },
  }
}
