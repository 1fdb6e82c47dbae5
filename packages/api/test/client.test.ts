import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { ApiError, createApiClient, digestOf, readBlob } from '@weft/api'
import { afterEach, describe, expect, it } from 'vitest'

const servers: Server[] = []
const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const json = (status: number, body: unknown) => (_req: unknown, res: Parameters<RequestListener>[1]) => {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

describe('createApiClient', () => {
  it('decodes amounts and fills in the path', async () => {
    const id = `0x${'ab'.repeat(32)}` as const
    let path = ''
    const url = await serve((req, res) => {
      path = req.url ?? ''
      json(200, { id, name: 'pad', gates: 8, work: '12', artifact: id, key: id, keyHash: id })(req, res)
    })
    const program = await createApiClient({ url }).program({ params: { id } })
    expect(path).toBe(`/v1/programs/${id}`)
    expect(program.work).toBe(12n)
  })

  it('sends the token only where the route takes one', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve((req, res) => {
      seen.push(req.headers.authorization)
      if (req.url === '/v1/health') json(200, { ok: true, version: '1' })(req, res)
      else res.writeHead(204).end()
    })
    const api = createApiClient({ url, token: () => 'secret' })
    await api.health()
    expect(await api.lease({ query: { waitMs: '1' } })).toBeUndefined()
    expect(seen).toEqual([undefined, 'Bearer secret'])
  })

  it('turns a refusal back into the error it was', async () => {
    const refusal = new ApiError('lease_lost', 'stop working on it', { lease: 'x' })
    const url = await serve(json(409, { error: refusal.toJSON() }))
    const call = createApiClient({ url }).heartbeat({ params: { id: 'x' }, body: {} })
    await expect(call).rejects.toMatchObject({
      name: 'ApiError',
      code: 'lease_lost',
      details: { lease: 'x' },
    })
  })

  it.each([
    ['another shape', 200, '{"ok":1}'],
    ['no JSON', 200, '<html>'],
    ['an error page', 502, '<html>'],
    ['an unknown code', 400, '{"error":{"code":"x","message":"","details":{}}}'],
    ['nothing', 204, ''],
  ])('refuses %s as bad_answer', async (_name, status, body) => {
    const url = await serve((_req, res) => {
      res.writeHead(status).end(body)
    })
    await expect(createApiClient({ url }).health()).rejects.toMatchObject({ code: 'bad_answer' })
  })

  it('caps an answer while it streams', async () => {
    const url = await serve((_req, res) => {
      const more = () => {
        while (!res.destroyed && res.write('x'.repeat(1024)));
        res.once('drain', more)
      }
      more()
    })
    const api = createApiClient({ url, maxAnswerBytes: 10_000 })
    await expect(api.status()).rejects.toMatchObject({ code: 'answer_too_large' })
  })

  it('says when nobody answers', async () => {
    const api = createApiClient({ url: 'http://127.0.0.1:1' })
    await expect(api.health()).rejects.toMatchObject({ code: 'coordinator_unreachable' })
  })

  it('says when an answer breaks off, and is cancelled as what it is', async () => {
    const url = await serve((_req, res) => {
      res.writeHead(200, { 'content-length': 1000 })
      res.write('x'.repeat(10), () => res.destroy())
    })
    const digest = await digestOf(new Uint8Array(1))
    const stream = await createApiClient({ url }).getBlob({ params: { digest } })
    await expect(readBlob(stream, digest, 1000)).rejects.toMatchObject({ code: 'coordinator_unreachable' })

    const silent = await serve((_req, res) => void res.writeHead(200, { 'content-length': 1000 }).write('x'))
    const [controller, reason] = [new AbortController(), new Error('enough')]
    const asked = createApiClient({ url: silent }).getBlob({ params: { digest }, signal: controller.signal })
    const reading = readBlob(await asked, digest, 1000)
    controller.abort(reason)
    await expect(reading).rejects.toBe(reason)
  })

  it('uploads and downloads blobs, and checks what it gets', async () => {
    let stored = Buffer.alloc(0)
    const url = await serve(async (req, res) => {
      if (req.method === 'GET') return void res.end(stored)
      stored = await buffer(req)
      res.writeHead(204).end()
    })
    const api = createApiClient({ url })
    const bytes = crypto.getRandomValues(new Uint8Array(100_000).subarray(0, 60_000))
    const digest = await digestOf(bytes)
    await api.putBlob({ params: { digest }, body: bytes })
    const read = async () => readBlob(await api.getBlob({ params: { digest } }), digest, 100_000)
    expect(Buffer.compare(Buffer.from(await read()), Buffer.from(bytes))).toBe(0)
    stored[7] = (stored[7] ?? 0) ^ 1
    await expect(read()).rejects.toMatchObject({ code: 'digest_mismatch' })
  })
})
