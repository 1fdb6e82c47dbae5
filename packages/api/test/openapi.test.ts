import { ERROR_STATUS, openApi, ROUTES } from '@weft/api'
import { describe, expect, it } from 'vitest'

interface Operation {
  operationId: string
  parameters: { name: string; in: string; required: boolean }[]
  responses: Record<string, unknown>
}
type Document = { paths: Record<string, Record<string, Operation>>; openapi: string }

const document = openApi('1.2.3') as unknown as Document

describe('openApi', () => {
  it('has one operation for each route, with unique ids, and the events', () => {
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map((o) => o.operationId))
    expect(ids.sort()).toEqual([...Object.keys(ROUTES), 'events'].sort())
  })

  it('declares every path parameter', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const named = [...path.matchAll(/{(\w+)}/g)].map((match) => match[1])
      for (const operation of Object.values(operations)) {
        expect(operation.parameters.filter((p) => p.in === 'path').map((p) => p.name)).toEqual(named)
      }
    }
  })

  it('shows amounts as decimal strings', () => {
    const job = document.paths['/v1/leases']?.post?.responses['200']
    expect(JSON.stringify(job)).toContain('"unsigned integer, decimal"')
  })

  it('gives every error code a status that is an error', () => {
    for (const status of Object.values(ERROR_STATUS)) expect(status).toBeGreaterThanOrEqual(400)
  })
})
