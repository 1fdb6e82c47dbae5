import { createPublicClient, type HttpTransport, http, type PublicClient } from 'viem'

/** A connection to an Ethereum endpoint. */
export type L1Client = PublicClient<HttpTransport>

/** A connection that fails fast and never retries by itself: who calls decides what a failure means. */
export const createL1Client = (url: string, timeoutMs = 10_000): L1Client =>
  createPublicClient({
    transport: http(url, { retryCount: 0, timeout: timeoutMs }),
    cacheTime: 0,
  }) as L1Client
