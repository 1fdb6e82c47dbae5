const LENGTH_BYTES = 4
/** Shorter than this, all inputs look alike. */
const MIN_BYTES = 1024

/**
 * To what a text of `length` bytes is padded: Padmé (Nikitin et al., PETS 2019, §4), which tells of a length only
 * its magnitude and first few bits, and adds less than an eighth.
 */
export const paddedLength = (length: number): number => {
  const whole = Math.max(MIN_BYTES, LENGTH_BYTES + length)
  const exponent = Math.floor(Math.log2(whole))
  const step = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1)
  return Math.ceil(whole / step) * step
}

/** Length (4 bytes, big-endian) ‖ bytes ‖ zeros. */
export const pad = (bytes: Uint8Array): Uint8Array => {
  const padded = new Uint8Array(paddedLength(bytes.length))
  new DataView(padded.buffer).setUint32(0, bytes.length)
  padded.set(bytes, LENGTH_BYTES)
  return padded
}

/** Null for what `pad` never makes. */
export const unpad = (padded: Uint8Array): Uint8Array | null => {
  if (padded.length < MIN_BYTES) return null
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0)
  const end = LENGTH_BYTES + length
  if (paddedLength(length) !== padded.length || padded.subarray(end).some((byte) => byte !== 0)) return null
  return padded.slice(LENGTH_BYTES, end)
}
