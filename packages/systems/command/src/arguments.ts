/** What stands for something in an argument, in braces. */
export type Placeholder =
  | 'artifact'
  | 'config'
  | 'inputs'
  | 'key'
  | 'output'
  | 'proof'
  | 'publicInputs'
  | 'state'
  | 'threads'

export type Values = { readonly [name in Placeholder]?: string }

const PLACEHOLDER = /\{([A-Za-z]+)\}/g

/** The names in braces in an argument. */
export const placeholdersOf = (argument: string): string[] =>
  [...argument.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '')

/** An argument with its placeholders replaced, once: what a value says is never read as a placeholder. */
export const fill = (argument: string, values: Values): string =>
  argument.replace(PLACEHOLDER, (whole, name: Placeholder) => values[name] ?? whole)
