/** Small WebAssembly modules by hand, to play a hostile witness calculator. */
export interface Assembly {
  /** Code of the one function, `() => ()`, that stands for each of the calculator's. */
  readonly body: readonly number[]
  /** Functions to import: module and name. */
  readonly imports?: readonly (readonly [string, string])[]
  /** Initial pages of the memory. */
  readonly pages?: number
}

const CALCULATOR = [
  'init',
  'getFieldNumLen32',
  'getRawPrime',
  'getInputSize',
  'getInputSignalSize',
  'setInputSignal',
  'getWitnessSize',
  'getWitness',
  'readSharedRWMemory',
  'writeSharedRWMemory',
  'getMessageChar',
]

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
const text = (value: string): number[] => [...varint(value.length), ...Buffer.from(value)]
const list = (items: readonly (readonly number[])[]): number[] => [...varint(items.length), ...items.flat()]
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...varint(content.length),
  ...content,
]

export const assemble = ({ body, imports = [], pages = 1 }: Assembly): Uint8Array => {
  const code = [0, ...body, 0x0b]
  const exported = CALCULATOR.map((name) => [...text(name), 0, ...varint(imports.length)])
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([[0x60, 0, 0]])),
    ...section(2, list(imports.map(([from, name]) => [...text(from), ...text(name), 0, 0]))),
    ...section(3, list([[0]])),
    ...section(5, list([[0, ...varint(pages)]])),
    ...section(7, list([...exported, [...text('memory'), 2, 0]])),
    ...section(10, list([[...varint(code.length), ...code]])),
  ])
}
