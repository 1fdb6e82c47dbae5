/** The structured reference string in use, and the `bb` that verifies against it. */
export interface Srs {
  /** `dev` is worthless as security: whoever knows tau = 2 forges proofs. */
  readonly kind: 'dev' | 'ignition'
  readonly crsPath: string
  readonly bbPath: string
}
