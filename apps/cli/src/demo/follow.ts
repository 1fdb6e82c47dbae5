import { type ApiEvent, followEvents } from '@weft/api'
import { WeftError } from '@weft/protocol'
import { WebSocket } from 'ws'
import { systemClock } from '../runtime.js'
import { type Board, describeEvent } from './board.js'
import { type Incident, isRescue, type Kill } from './incident.js'
import type { Stage } from './stage.js'

/** A slow and busy machine takes minutes for a merge. */
const STALL_MS = 600_000
const LOOK_MS = 500

/**
 * Records the coordinator's events, and kills the first node that has committed to a job with a runner-up behind it;
 * tells when another has committed to that job.
 */
export const followAndKill = async (
  stage: Stage,
  url: string,
  board: Board,
  signal: AbortSignal,
  onRescue: (incident: Incident) => void,
): Promise<void> => {
  let kill: Kill | null = null
  const onCommitted = (event: Extract<ApiEvent, { type: 'job_committed' }>) => {
    const nowMs = systemClock.nowMs()
    if (kill !== null) {
      if (isRescue(kill, event)) onRescue({ ...kill, rescue: event, rescuedMs: nowMs })
    } else if (event.runnersUp.length > 0) {
      const { node, job } = event
      stage.process(node).kill()
      kill = { broken: event, killedMs: nowMs }
      stage.output.event({ event: 'killed', node, job }, `  ${node} is killed (SIGKILL) while it proves`)
    }
  }
  const onEvent = (event: ApiEvent) => {
    board.record(event)
    const text = describeEvent(event)
    if (event.type !== 'quiet') stage.output.event({ event: 'network', ...event }, text)
    if (event.type === 'job_committed') onCommitted(event)
  }
  let since: number | undefined
  while (!signal.aborted) {
    const resume = since === undefined ? {} : { since }
    for await (const event of followEvents({ url, connect: (to) => new WebSocket(to), signal, ...resume })) {
      since = event.seq
      onEvent(event)
    }
    await systemClock.sleep(LOOK_MS, signal)
  }
}

/** Throws `stalled` when nothing is proven for long, and something should be. */
export const watchProgress = async (board: Board, signal: AbortSignal): Promise<void> => {
  let [proven, sinceMs] = [0, systemClock.nowMs()]
  while (!signal.aborted) {
    const nowMs = systemClock.nowMs()
    if (board.proven.size > proven || board.l1Tx !== null) {
      proven = board.proven.size
      sinceMs = nowMs
    }
    if (nowMs - sinceMs > STALL_MS) {
      throw new WeftError(
        'stalled',
        `nothing was proven for ${STALL_MS / 1000} s (${board.lastWord}): see the logs of coordinator and nodes`,
      )
    }
    await systemClock.sleep(LOOK_MS, signal)
  }
}
