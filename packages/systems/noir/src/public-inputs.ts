import { type Inputs, type InputValue, ProofError } from '@weft/proof'
import { type Bytes32, uintToBytes32 } from '@weft/protocol'
import type { Abi, AbiType } from './abi.js'
import { parseInteger } from './check-inputs.js'

const wrongValue = (type: AbiType) =>
  new ProofError('bad_artifact', `the program returned no ${type.kind}: its ABI is not that of its bytecode`)

const listOf = (type: AbiType, value: InputValue | undefined): readonly InputValue[] => {
  if (!Array.isArray(value)) throw wrongValue(type)
  return value
}

const stringFields = (type: AbiType, value: InputValue | undefined): bigint[] => {
  if (typeof value !== 'string') throw wrongValue(type)
  // A returned string that is no UTF-8 arrives with replacement characters: its bytes are lost.
  if (value.includes('\uFFFD'))
    throw new ProofError('bad_inputs', 'a public string is no UTF-8: make it an array of u8')
  return Array.from(Buffer.from(value), BigInt)
}

const numberField = (
  type: AbiType & { kind: 'field' | 'integer' },
  value: InputValue | undefined,
): bigint => {
  const number = parseInteger(value)
  if (number === null) throw wrongValue(type)
  // Negative integers are two's complements.
  return type.kind === 'integer' ? BigInt.asUintN(type.width, number) : number
}

/** A value as the field elements that stand for it in a circuit. */
const fieldsOf = (type: AbiType, value: InputValue | undefined): bigint[] => {
  switch (type.kind) {
    case 'boolean':
      return [value === true ? 1n : 0n]
    case 'field':
    case 'integer':
      return [numberField(type, value)]
    case 'string':
      return stringFields(type, value)
    case 'array':
      return listOf(type, value).flatMap((item) => fieldsOf(type.type, item))
    case 'tuple': {
      const items = listOf(type, value)
      return type.fields.flatMap((field, i) => fieldsOf(field, items[i]))
    }
    case 'struct': {
      const object = value as Inputs
      return type.fields.flatMap((field) => fieldsOf(field.type, object?.[field.name]))
    }
  }
}

/**
 * The public inputs of a proof of checked inputs, in the proof's order: public parameters, then a public return
 * value. Errors: `bad_artifact`; `bad_inputs` for a public string that is no UTF-8.
 */
export const publicInputsOf = (abi: Abi, inputs: Inputs, returned: InputValue | undefined): Bytes32[] => {
  const parameters = abi.parameters
    .filter(({ visibility }) => visibility === 'public')
    .flatMap(({ name, type }) => fieldsOf(type, inputs[name]))
  const result = abi.return_type?.visibility === 'public' ? fieldsOf(abi.return_type.abi_type, returned) : []
  return [...parameters, ...result].map(uintToBytes32)
}
