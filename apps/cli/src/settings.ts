import { readFile } from 'node:fs/promises'
import { WeftError } from '@weft/protocol'
import { type Command, Option } from 'commander'
import { z } from 'zod'

/**
 * One schema is all there is to a process's configuration: its keys are the config file's, its flags are the keys
 * in kebab case, its environment variables WEFT_ and the keys in upper snake case. A flag wins over the
 * environment, that over the file, that over the default.
 */
export type SettingsSchema = z.ZodObject<z.ZodRawShape>

/** What a setting means to a person. */
export interface About {
  readonly description: string
  readonly unit?: string
}

/** Attaches that to a setting's schema. */
export const setting = <T extends z.ZodType>(schema: T, description: string, unit?: string): T =>
  schema.meta(unit === undefined ? { description } : { description, unit })

const words = (key: string) => key.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()
export const flagOf = (key: string) => `--${words(key)}`
export const variableOf = (key: string) => `WEFT_${words(key).replaceAll('-', '_').toUpperCase()}`

/** A row of documentation for every setting. */
export const describeSettings = (schema: SettingsSchema) =>
  Object.entries(schema.shape).map(([key, value]) => {
    const type = value as z.ZodType
    const about = (type.meta() ?? { description: '' }) as unknown as About
    const fallback = type.safeParse(undefined)
    const defaultValue = fallback.success ? fallback.data : undefined
    return {
      key,
      flag: flagOf(key),
      variable: variableOf(key),
      ...about,
      defaultValue,
      isRequired: !fallback.success,
    }
  })

/** Adds `--config` and a flag for every setting. */
export const withSettings = (command: Command, schema: SettingsSchema): Command => {
  command.option('--config <file>', 'JSON file with settings; unknown keys are errors')
  for (const { flag, variable, description, unit, defaultValue, isRequired } of describeSettings(schema)) {
    const notes = [
      ...(unit === undefined ? [] : [unit]),
      `env ${variable}`,
      ...(isRequired ? ['required'] : defaultValue === undefined ? [] : [`default ${String(defaultValue)}`]),
    ]
    command.addOption(new Option(`${flag} <value>`, `${description} (${notes.join('; ')})`))
  }
  return command
}

const readConfig = async (path: string): Promise<Record<string, unknown>> => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new WeftError(
      'bad_config',
      `${path} is not a readable JSON object: ${String(cause)}`,
      { path },
      { cause },
    )
  }
}

/** The settings of a process from its flags, environment and config file. Throws `bad_config`. */
export const readSettings = async <S extends SettingsSchema>(
  schema: S,
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<z.output<S>> => {
  const file = typeof flags.config === 'string' ? await readConfig(flags.config) : {}
  const values: Record<string, unknown> = { ...file }
  for (const key of Object.keys(schema.shape)) {
    const value = flags[key] ?? environment[variableOf(key)]
    if (value !== undefined) values[key] = value
  }
  const parsed = schema.strict().safeParse(values)
  if (parsed.success) return parsed.data as z.output<S>
  const problems = parsed.error.issues.map(({ path, message }) => {
    const key = String(path[0] ?? '')
    return key === '' ? message : `${key} (${flagOf(key)} or ${variableOf(key)}): ${message}`
  })
  throw new WeftError('bad_config', `wrong settings:\n  ${problems.join('\n  ')}\nSee --help.`, {
    problems: problems.length,
  })
}
