import type { Deployment } from '@weft/api'
import type { Limits, MergeProgram, Program, ProofSystem } from '@weft/proof'

export const DEPLOYMENT: Deployment
export const LIMITS: Limits
export const system: ProofSystem
export const segmentProgram: Program
export const padProgram: Program
export const mergeProgram: MergeProgram
