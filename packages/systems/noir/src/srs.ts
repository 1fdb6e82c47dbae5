/** The structured reference string in use, and the `bb` that verifies against it. */
export interface Srs {
  /** `dev` is worthless as security: whoever knows tau = 2 forges proofs. */
  readonly kind: 'dev' | 'ignition'
  readonly crsPath: string
  readonly bbPath: string
}

/** What every surface shows while the dev SRS is in use. */
export const DEV_SRS_WARNING =
  'DEV SRS: proofs are made with a known secret and anybody can forge them. Devnets and tests only.'
