import { ApiError, digestOf, sessionTypedData } from '@weft/api'
import { tag } from '@weft/protocol'
import { recoverTypedDataAddress } from 'viem'
import { expect } from 'vitest'
import { account, deployment } from './fixtures.js'
import type { Handlers } from './server.js'

/** What every coordinator does: sessions for the fixtures' account, and blobs under their digests. */
export const createUploads = (): { blobs: Map<string, Buffer>; handlers: Handlers } => {
  const blobs = new Map<string, Buffer>()
  const nonce = tag('nonce')
  const handlers: Handlers = {
    challenge: () => ({ nonce, expiresAtMs: Date.now() + 60_000, ...deployment }),
    openSession: async ({ body }) => {
      const typed = sessionTypedData(deployment, body.address, nonce)
      const signer = await recoverTypedDataAddress({ ...typed, signature: body.signature })
      if (signer !== account.address) throw new ApiError('bad_signature', 'another account signed')
      return { token: 'secret', expiresAtMs: Date.now() + 60_000 }
    },
    putBlob: async ({ token, params, body }) => {
      if (token !== 'secret') throw new ApiError('unauthenticated', 'open a session')
      expect(await digestOf(body)).toBe(params.digest)
      blobs.set(params.digest ?? '', body)
      return undefined
    },
  }
  return { blobs, handlers }
}
