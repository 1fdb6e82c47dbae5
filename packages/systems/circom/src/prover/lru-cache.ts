/** Values by name up to a number of bytes; the one that was used longest ago goes first. */
export class LruCache<T> {
  #entries = new Map<string, { readonly value: T; readonly bytes: number }>()
  #bytes = 0

  constructor(readonly maxBytes: number) {}

  get bytes(): number {
    return this.#bytes
  }

  get(name: string): T | undefined {
    const entry = this.#entries.get(name)
    if (entry === undefined) return undefined
    this.#entries.delete(name)
    this.#entries.set(name, entry)
    return entry.value
  }

  /** What is larger than the cache is not kept. */
  put(name: string, value: T, bytes: number): void {
    this.#drop(name)
    if (bytes > this.maxBytes) return
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.maxBytes) break
      this.#drop(oldest)
    }
    this.#entries.set(name, { value, bytes })
    this.#bytes += bytes
  }

  #drop(name: string): void {
    this.#bytes -= this.#entries.get(name)?.bytes ?? 0
    this.#entries.delete(name)
  }
}
