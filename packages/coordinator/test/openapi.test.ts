import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, it } from 'vitest'
import { Harness } from './harness.js'

it('the OpenAPI document is valid and served', async () => {
  const h = await Harness.start()
  const document = (await (await fetch(`${h.url}/v1/openapi.json`)).json()) as Record<string, unknown>
  const { valid, errors } = await new Validator().validate(document)
  expect(errors ?? []).toEqual([])
  expect(valid).toBe(true)
  await h.stop()
})
