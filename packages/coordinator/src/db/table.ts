import type { Database, Write } from './database.js'

/** A table whose rows are written whole, any number in one statement. */
export interface Table<R extends object> {
  readonly name: string
  readonly keyOf: (row: R) => string
  /** Inserts, or replaces rows with the same key. */
  readonly upsert: (rows: readonly R[]) => Write
  readonly remove: (keys: readonly string[]) => Write
  /** Rows by a condition with `$1`…; all of them without one. */
  readonly select: (database: Database, where?: string, ...parameters: unknown[]) => Promise<readonly R[]>
}

/** Names of tables and columns come from this package alone, so they need no quoting. */
export const table = <R extends object>(
  name: string,
  columns: readonly [keyof R & string, ...(keyof R & string)[]],
): Table<R> => {
  const [key] = columns
  const all = columns.join(', ')
  const update = columns
    .slice(1)
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')
  const upsertSql =
    `insert into ${name} (${all}) select ${all} from json_populate_recordset(null::${name}, $1) ` +
    `on conflict (${key}) do update set ${update}`
  const removeSql = `delete from ${name} where ${key} in (select json_array_elements_text($1))`
  return {
    name,
    keyOf: (row) => String(row[key]),
    upsert: (rows) => ({ sql: upsertSql, json: JSON.stringify(rows) }),
    remove: (keys) => ({ sql: removeSql, json: JSON.stringify(keys) }),
    select: async (database, where, ...parameters) =>
      (await database.read(
        `select ${all} from ${name}${where ? ` where ${where}` : ''}`,
        parameters,
      )) as unknown as readonly R[],
  }
}
