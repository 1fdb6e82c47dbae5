import { type Inputs, type InputValue, ProofError } from '@weft/proof'
import { z } from 'zod'

const value: z.ZodType<InputValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.array(value), z.record(z.string(), value)]),
)
const inputs = z.record(z.string(), value)

/** A segment's private inputs as the tenant uploaded them. Errors: `bad_inputs`. */
export const parseInputs = (bytes: Uint8Array): Inputs => {
  try {
    return inputs.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (cause) {
    throw new ProofError(
      'bad_inputs',
      'the inputs are not a JSON object of values: build them anew',
      {},
      { cause },
    )
  }
}
