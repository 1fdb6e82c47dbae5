import { formatEther } from 'viem'

/** An amount as a person reads it, exact to the wei. */
export const etherOf = (amountWei: bigint): string => `${formatEther(amountWei)} ether`

/** A time in Unix seconds. */
export const timeOf = (timeS: number): string =>
  `${new Date(timeS * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** Columns as wide as their widest cell. */
export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')
  return [head, ...rows].map((cells) => line(cells).trimEnd()).join('\n')
}

/** Names and values, one a line. */
export const listOf = (entries: readonly (readonly [string, string])[]): string =>
  tableOf(
    ['', ''],
    entries.map(([name, value]) => [name, value]),
  )
    .split('\n')
    .slice(1)
    .join('\n')
