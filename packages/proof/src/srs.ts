/** What every surface shows while the dev SRS is in use. */
export const DEV_SRS_WARNING =
  'DEV SRS: proofs are made with a known secret and anybody can forge them. Devnets and tests only.'
