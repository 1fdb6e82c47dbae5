import { z } from 'zod'
import { coordinatorAt } from '../market.js'
import type { Output } from '../output.js'
import { programsText, programText } from '../proof-view.js'
import { argument } from '../settings.js'
import { common, idText } from '../settings-common.js'
import { sourceOf, sourceSettings } from '../terms.js'
import { requester, withPrograms } from '../weft.js'

export const programAddSettings = z.object({
  path: argument(
    z.string(),
    'a Noir project or artifact, or a folder with a circom circuit’s .wasm and .zkey',
  ),
  ...sourceSettings,
  ...requester,
})

/** Adds a program to a coordinator. */
export const runProgramAdd = (
  settings: z.output<typeof programAddSettings>,
  output: Output,
  signal: AbortSignal,
): Promise<void> =>
  withPrograms(settings, output, async ({ weft }) => {
    const { prepared: _, ...program } = await weft.programs.register(sourceOf(settings.path, settings), {
      signal,
    })
    output.event(
      { event: 'program', program },
      `${programText(program)}\nhave it proven: weft prove ${program.id} --inputs FILE`,
    )
  })

export const programListSettings = z.object({ coordinatorUrl: common.coordinatorUrl })

/** What can be proven at a coordinator. */
export const runProgramList = async (
  { coordinatorUrl }: z.output<typeof programListSettings>,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const programs = await coordinatorAt(coordinatorUrl).programs({ signal })
  output.event({ event: 'programs', programs }, programsText(programs))
}

export const programShowSettings = z.object({
  id: argument(idText, 'the program’s id'),
  coordinatorUrl: common.coordinatorUrl,
})

/** One program. */
export const runProgramShow = async (
  { id, coordinatorUrl }: z.output<typeof programShowSettings>,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const program = await coordinatorAt(coordinatorUrl).program({ params: { id }, signal })
  output.event({ event: 'program', program }, programText(program))
}
