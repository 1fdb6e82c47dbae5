import { readSections, sectionOf } from '../binfile.js'
import { FIELD_BYTES, G1_BYTES, G2_BYTES } from '../bn254.js'
import { readZkeyHeader, type ZkeyHeader } from '../headers.js'
import type { GroupId } from './buckets.js'
import { chooseWindowBits } from './msm.js'

/** Bases of one sum, shared with all threads. */
export interface Bases {
  readonly group: GroupId
  readonly points: Uint8Array
  /** Which scalar belongs to each point. */
  readonly indices: Uint32Array
  readonly windowBits: number
}

/** A Groth16 proving key, parsed. */
export interface ProvingKey {
  readonly header: ZkeyHeader
  /** Non-zero coefficients of A and B, without their number. */
  readonly coefficients: Uint8Array
  readonly a: Bases
  readonly b1: Bases
  readonly b2: Bases
  readonly c: Bases
  readonly h: Bases
  /** Affine points in Montgomery form. */
  readonly alpha1: Uint8Array
  readonly beta1: Uint8Array
  readonly beta2: Uint8Array
  readonly delta1: Uint8Array
  readonly delta2: Uint8Array
  /** What it takes in memory. */
  readonly bytes: number
}

const share = (bytes: Uint8Array): Uint8Array => {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return shared
}

const POINT_BYTES: Readonly<Record<GroupId, number>> = { g1: G1_BYTES, g2: G2_BYTES }

/** The points that are not at infinity, which a circuit's matrices have many of. `offset`: the first one's scalar. */
const basesOf = (group: GroupId, section: Uint8Array, offset: number): Bases => {
  const pointBytes = POINT_BYTES[group]
  const words = new BigUint64Array(new Uint8Array(section).buffer)
  const [perPoint, count] = [pointBytes / 8, section.length / pointBytes]
  const indices = new Uint32Array(new SharedArrayBuffer(4 * count))
  const points = new Uint8Array(new SharedArrayBuffer(section.length))
  let kept = 0
  for (let i = 0; i < count; i++) {
    if (words.subarray(i * perPoint, (i + 1) * perPoint).every((word) => word === 0n)) continue
    points.set(section.subarray(i * pointBytes, (i + 1) * pointBytes), kept * pointBytes)
    indices[kept] = i + offset
    kept++
  }
  return {
    group,
    points: points.subarray(0, kept * pointBytes),
    indices: indices.subarray(0, kept),
    windowBits: chooseWindowBits(kept),
  }
}

/** Where the points begin in the header section: behind both primes with their sizes and three numbers. */
const HEADER_POINTS = 2 * (4 + FIELD_BYTES) + 12

/** Parses a Groth16 zkey into memory that threads share. Errors: `bad_artifact`. */
export const parseProvingKey = (zkey: Uint8Array): ProvingKey => {
  const sections = readSections(zkey, 'zkey')
  const header = readZkeyHeader(sections)
  const points = sectionOf(sections, 'zkey', 2, HEADER_POINTS + 3 * G1_BYTES + 3 * G2_BYTES)
  const section = (type: number) => sectionOf(sections, 'zkey', type)
  const at = (offset: number, length: number) =>
    new Uint8Array(points.subarray(HEADER_POINTS + offset, HEADER_POINTS + offset + length))
  const key = {
    header,
    coefficients: share(section(4).subarray(4)),
    a: basesOf('g1', section(5), 0),
    b1: basesOf('g1', section(6), 0),
    b2: basesOf('g2', section(7), 0),
    c: basesOf('g1', section(8), header.publicSignals + 1),
    h: basesOf('g1', section(9), 0),
    alpha1: at(0, G1_BYTES),
    beta1: at(G1_BYTES, G1_BYTES),
    beta2: at(2 * G1_BYTES, G2_BYTES),
    delta1: at(2 * G1_BYTES + 2 * G2_BYTES, G1_BYTES),
    delta2: at(3 * G1_BYTES + 2 * G2_BYTES, G2_BYTES),
  }
  return { ...key, bytes: zkey.length + 4 * (4 * header.wires + header.domainSize) }
}
