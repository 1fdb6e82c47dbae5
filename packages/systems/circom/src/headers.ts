import { ProofError } from '@weft/proof'
import { Reader, type Sections, sectionOf } from './binfile.js'
import { BASE_FIELD, FIELD_BYTES, G1_BYTES, G2_BYTES, SCALAR_FIELD } from './bn254.js'

export const PROTOCOLS = ['groth16', 'plonk', 'fflonk'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** What a proving key says of its circuit. */
export interface ZkeyHeader {
  readonly protocol: Protocol
  /** Wires of the circuit, the constant one included. */
  readonly wires: number
  readonly publicSignals: number
  /** A power of two. */
  readonly domainSize: number
  /** Non-zero coefficients of the matrices A and B (groth16). */
  readonly coefficients: number
}

export interface R1csHeader {
  readonly wires: number
  readonly publicSignals: number
  readonly constraints: number
  /** Non-zero coefficients of the matrices A and B. */
  readonly coefficients: number
  /** The same with those of C. */
  readonly terms: number
}

/** A coefficient in a proving key: matrix, constraint, wire (u32 each) and value. */
export const COEFFICIENT_BYTES = 12 + FIELD_BYTES

const PROTOCOL_IDS: Readonly<Record<number, Protocol>> = { 1: 'groth16', 2: 'plonk', 10: 'fflonk' }

const checkField = (file: string, reader: Reader, expected: bigint) => {
  if (reader.u32() === FIELD_BYTES && reader.field(FIELD_BYTES) === expected) return
  throw new ProofError(
    'bad_artifact',
    `the ${file} is not over BN254: compile it with circom's default prime`,
    {
      file,
    },
  )
}

/** A file that ends within what is read of it is as bad as a wrong one. */
const reading = <T>(file: string, read: () => T): T => {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new ProofError('bad_artifact', `the ${file} is cut short: fetch it again`, { file }, { cause })
  }
}

const checkLength = (sections: Sections, type: number, bytes: number) => {
  const { length } = sectionOf(sections, 'zkey', type)
  if (length === bytes) return
  throw new ProofError('bad_artifact', `section ${type} of the zkey has ${length} bytes, not ${bytes}`, {
    file: 'zkey',
    section: type,
  })
}

/** Every point that the prover reads has to be there. */
const checkPoints = (sections: Sections, header: Omit<ZkeyHeader, 'protocol'>) => {
  checkLength(sections, 3, G1_BYTES * (header.publicSignals + 1))
  checkLength(sections, 4, 4 + COEFFICIENT_BYTES * header.coefficients)
  checkLength(sections, 5, G1_BYTES * header.wires)
  checkLength(sections, 6, G1_BYTES * header.wires)
  checkLength(sections, 7, G2_BYTES * header.wires)
  checkLength(sections, 8, G1_BYTES * (header.wires - header.publicSignals - 1))
  checkLength(sections, 9, G1_BYTES * header.domainSize)
}

/** Polynomials come as n coefficients and 4n values. */
const POLYNOMIAL_FIELDS = 5

/**
 * Every number that PLONK's and FFLONK's provers read has to be there: they allocate what the header says, and take what is
 * missing for zeros.
 */
const checkPolynomials = (
  sections: Sections,
  { protocol, publicSignals, domainSize }: ZkeyHeader,
  additions: number,
  constraints: number,
) => {
  const polynomial = POLYNOMIAL_FIELDS * FIELD_BYTES * domainSize
  const bases = Math.max(publicSignals, 1) * polynomial
  checkLength(sections, 3, additions * (8 + 2 * FIELD_BYTES))
  for (const map of [4, 5, 6]) checkLength(sections, map, 4 * constraints)
  for (const selector of [7, 8, 9, 10, 11]) checkLength(sections, selector, polynomial)
  if (protocol === 'plonk') {
    checkLength(sections, 12, 3 * polynomial)
    checkLength(sections, 13, bases)
    checkLength(sections, 14, G1_BYTES * (domainSize + 6))
  } else {
    for (const permutation of [12, 13, 14]) checkLength(sections, permutation, polynomial)
    checkLength(sections, 15, bases)
    checkLength(sections, 16, G1_BYTES * (9 * domainSize + 18))
    checkLength(sections, 17, FIELD_BYTES * 8 * domainSize)
  }
}

/** Every coefficient has to name a wire and a constraint that exist: the prover follows them without looking. */
const checkCoefficients = (coefficients: Uint8Array, { wires, domainSize }: ZkeyHeader) => {
  const view = new DataView(coefficients.buffer, coefficients.byteOffset, coefficients.byteLength)
  for (let at = 4; at < coefficients.length; at += COEFFICIENT_BYTES) {
    if (
      view.getUint32(at, true) > 1 ||
      view.getUint32(at + 4, true) >= domainSize ||
      view.getUint32(at + 8, true) >= wires
    ) {
      throw new ProofError('bad_artifact', 'a coefficient of the zkey is outside of its matrices', {
        file: 'zkey',
      })
    }
  }
}

/** The protocol of a zkey, of which nothing else is checked. Errors: `bad_artifact`. */
export const readProtocol = (sections: Sections): Protocol => {
  const protocol = PROTOCOL_IDS[new Reader(sectionOf(sections, 'zkey', 1, 4)).u32()]
  if (protocol !== undefined) return protocol
  throw new ProofError('bad_artifact', 'the zkey is for no protocol that is known here', { file: 'zkey' })
}

const contradiction = () =>
  new ProofError('bad_artifact', 'the zkey contradicts itself in its header', { file: 'zkey' })

/** Errors: `bad_artifact`. */
export const readZkeyHeader = (sections: Sections): ZkeyHeader =>
  reading('zkey', () => {
    const protocol = readProtocol(sections)
    const reader = new Reader(sectionOf(sections, 'zkey', 2))
    checkField('zkey', reader, BASE_FIELD)
    checkField('zkey', reader, SCALAR_FIELD)
    const [variables, publicSignals, domainSize] = [reader.u32(), reader.u32(), reader.u32()]
    if (domainSize === 0 || (domainSize & (domainSize - 1)) !== 0 || publicSignals >= variables) {
      throw contradiction()
    }
    if (protocol !== 'groth16') {
      const [additions, constraints] = [reader.u32(), reader.u32()]
      const header = { protocol, wires: variables - additions, publicSignals, domainSize, coefficients: 0 }
      if (publicSignals >= header.wires || constraints > domainSize) throw contradiction()
      checkPolynomials(sections, header, additions, constraints)
      return header
    }
    const coefficients = new Reader(sectionOf(sections, 'zkey', 4, 4)).u32()
    const header: ZkeyHeader = { protocol, wires: variables, publicSignals, domainSize, coefficients }
    checkPoints(sections, header)
    checkCoefficients(sectionOf(sections, 'zkey', 4), header)
    return header
  })

/** Counts terms: every constraint is three sums, each a number of terms and (wire, value) pairs. */
const countTerms = (constraints: Uint8Array, count: number): Pick<R1csHeader, 'coefficients' | 'terms'> => {
  const reader = new Reader(constraints)
  let [coefficients, terms] = [0, 0]
  for (let i = 0; i < count; i++) {
    for (let matrix = 0; matrix < 3; matrix++) {
      const length = reader.u32()
      terms += length
      if (matrix < 2) coefficients += length
      reader.skip(length * (4 + FIELD_BYTES))
    }
  }
  return { coefficients, terms }
}

/** Errors: `bad_artifact`. */
export const readR1csHeader = (sections: Sections): R1csHeader =>
  reading('r1cs', () => {
    const reader = new Reader(sectionOf(sections, 'r1cs', 1))
    checkField('r1cs', reader, SCALAR_FIELD)
    const wires = reader.u32()
    const publicSignals = reader.u32() + reader.u32()
    reader.skip(4 + 8)
    const constraints = reader.u32()
    const counted = countTerms(sectionOf(sections, 'r1cs', 2), constraints)
    return { wires, publicSignals, constraints, ...counted }
  })
