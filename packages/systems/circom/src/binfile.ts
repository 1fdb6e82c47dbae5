import { ProofError } from '@weft/proof'

/** The sections of an iden3 binary file (r1cs, zkey, wtns) by their type, as views of it. */
export type Sections = ReadonlyMap<number, Uint8Array>

const bad = (what: string, why: string) => new ProofError('bad_artifact', `${what}: ${why}`, { file: what })

/**
 * Splits a file into sections: four letters of magic, version, number of sections, then type (u32), length (u64)
 * and content of each, all little-endian. Errors: `bad_artifact`.
 */
export const readSections = (file: Uint8Array, magic: string): Sections => {
  if (file.length < 12 || Buffer.from(file.subarray(0, 4)).toString('latin1') !== magic) {
    throw bad(magic, `the file does not begin with "${magic}": give a ${magic} file`)
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const sections = new Map<number, Uint8Array>()
  let at = 12
  for (let left = view.getUint32(8, true); left > 0; left--) {
    if (at + 12 > file.length) throw bad(magic, 'the file ends within a section header: fetch it again')
    const type = view.getUint32(at, true)
    const length = Number(view.getBigUint64(at + 4, true))
    at += 12
    if (length > file.length - at) throw bad(magic, `section ${type} is cut short: fetch the file again`)
    if (sections.has(type)) throw bad(magic, `section ${type} is there twice`)
    sections.set(type, file.subarray(at, at + length))
    at += length
  }
  return sections
}

/** Little-endian. */
export const u32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** The file that `readSections` splits. */
export const writeSections = (magic: string, sections: Sections): Uint8Array => {
  const parts: Uint8Array[] = [Buffer.from(magic), u32(1), u32(sections.size)]
  for (const [type, content] of sections) {
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(content.length))
    parts.push(u32(type), length, content)
  }
  return Buffer.concat(parts)
}

/** A section of at least `length` bytes. Errors: `bad_artifact`. */
export const sectionOf = (sections: Sections, magic: string, type: number, length = 0): Uint8Array => {
  const section = sections.get(type)
  if (section === undefined) throw bad(magic, `section ${type} is missing`)
  if (section.length < length) throw bad(magic, `section ${type} is shorter than ${length} bytes`)
  return section
}

/** Reads little-endian numbers one after the other. Reading past the end throws a RangeError. */
export class Reader {
  #at = 0
  readonly #view: DataView
  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u32(): number {
    const value = this.#view.getUint32(this.#at, true)
    this.#at += 4
    return value
  }

  u64(): number {
    const value = this.#view.getBigUint64(this.#at, true)
    this.#at += 8
    return Number(value)
  }

  /** A field element of `length` bytes. */
  field(length: number): bigint {
    return fromLittleEndian(this.take(length))
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.bytes.length) throw new RangeError('past the end')
    this.#at += length
    return this.bytes.subarray(this.#at - length, this.#at)
  }

  skip(length: number): void {
    this.#at += length
  }
}

export const fromLittleEndian = (bytes: Uint8Array): bigint => {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number)
  return value
}

export const toLittleEndian = (value: bigint, length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  for (let i = 0, rest = value; i < length; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
  return bytes
}
