/** Why something was not done: a value, not an exception. The code is stable; the reason says what to do next. */
export interface Refusal<Code extends string = string> {
  readonly kind: 'refused'
  readonly code: Code
  readonly reason: string
  /** The offending values. */
  readonly details: Readonly<Record<string, string | number | bigint>>
}

export const refuse = <Code extends string>(
  code: Code,
  reason: string,
  details: Refusal['details'] = {},
): Refusal<Code> => ({ kind: 'refused', code, reason, details })
