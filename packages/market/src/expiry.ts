/** What expires at a second, and where it is in that second's row. */
export interface Expiring {
  readonly expiryS: number
  place: number
}

/** Things by the second at which they expire. Every call takes constant time for each thing, whatever the number. */
export class ExpiryCalendar<T extends Expiring> {
  readonly #rows = new Map<number, T[]>()
  #sweptS = 0

  add(item: T): void {
    const row = this.#rows.get(item.expiryS)
    if (row === undefined) {
      item.place = 0
      this.#rows.set(item.expiryS, [item])
    } else item.place = row.push(item) - 1
  }

  /** Fills the gap with the last of the row. */
  remove(item: T): void {
    const row = this.#rows.get(item.expiryS)
    const last = row?.pop()
    if (row === undefined || last === undefined) return
    if (row.length === 0) this.#rows.delete(item.expiryS)
    if (last === item) return
    row[item.place] = last
    last.place = item.place
  }

  /** What expires by `nowS` and was not asked for before; it stays until it is removed. */
  due(nowS: number): T[] {
    if (nowS <= this.#sweptS) return []
    const due: T[] = []
    // Second by second, unless more seconds have passed than there are rows.
    if (nowS - this.#sweptS <= this.#rows.size) {
      for (let second = this.#sweptS + 1; second <= nowS; second++)
        due.push(...(this.#rows.get(second) ?? []))
    } else {
      for (const [second, row] of this.#rows) if (second <= nowS) due.push(...row)
    }
    this.#sweptS = nowS
    return due
  }
}
