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
  /** Stands on the command line by its place, not behind a flag, and nowhere else. */
  readonly isArgument?: true
  /** Its flag takes no value. */
  readonly isSwitch?: true
}

/** Attaches that to a setting's schema. */
export const setting = <T extends z.ZodType>(schema: T, description: string, unit?: string): T =>
  schema.meta(unit === undefined ? { description } : { description, unit })

/** The same for what is given by its place. */
export const argument = <T extends z.ZodType>(schema: T, description: string): T =>
  schema.meta({ description, isArgument: true })

/** A setting whose flag takes no value: `--flag` turns on what is off unless told, `--no-flag` turns off what is on. */
export const switchable = (fallback: boolean, description: string) =>
  z.union([z.boolean(), z.stringbool()]).default(fallback).meta({ description, isSwitch: true })

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

type Row = ReturnType<typeof describeSettings>[number]

const optionOf = ({ flag, variable, description, unit, defaultValue, isRequired, isSwitch }: Row): Option => {
  const notes = [
    ...(unit === undefined ? [] : [unit]),
    `env ${variable}`,
    ...(isRequired ? ['required'] : defaultValue === undefined ? [] : [`default ${String(defaultValue)}`]),
  ]
  const text = `${description} (${notes.join('; ')})`
  if (!isSwitch) return new Option(`${flag} <value>`, text)
  return new Option(defaultValue === true ? flag.replace('--', '--no-') : flag, text)
}

/** Adds `--config`, and an argument or a flag for every setting. */
export const withSettings = (command: Command, schema: SettingsSchema): Command => {
  command.option('--config <file>', 'JSON file with settings; unknown keys are errors')
  for (const row of describeSettings(schema)) {
    const { key, description, isRequired } = row
    if (row.isArgument) command.argument(isRequired ? `<${key}>` : `[${key}]`, description)
    else command.addOption(optionOf(row))
  }
  return command
}

/** What was given on the command line itself. */
export const givenOn = (command: Command, schema: SettingsSchema): Record<string, unknown> => {
  const places = describeSettings(schema).filter(({ isArgument }) => isArgument)
  const given = Object.entries(command.opts()).filter(([key]) => command.getOptionValueSource(key) === 'cli')
  return Object.fromEntries([...given, ...places.map(({ key }, i) => [key, command.processedArgs[i]])])
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
  for (const { key, variable, isArgument } of describeSettings(schema)) {
    const value = flags[key] ?? (isArgument ? undefined : environment[variable])
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
