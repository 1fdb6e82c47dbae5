/** What to do about a contract's custom errors, by name. */
export const HINTS: Readonly<Record<string, string>> = {
  Error: 'see the reason',
}
