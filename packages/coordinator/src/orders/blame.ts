import type { Failure } from '@weft/api'
import type { Job } from '@weft/plan'

/** Why a batch fails whose inputs provers find at fault. */
export const blameText = ({ blames, spec }: Job, { code, message }: Failure): string => {
  const provers = blames.size === 1 ? '1 prover reports' : `${blames.size} provers report`
  const said = `${provers} ${code} for segment ${spec.id}`
  return message === '' ? said : `${said}: ${message}`
}
