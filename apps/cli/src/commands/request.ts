import { randomBytes } from 'node:crypto'
import { postCall } from '@weft/chain'
import { contractsOf, openKey, readDeployment } from '@weft/client'
import { type Bytes32, CURVES, DELIVERIES, POLICIES, requestId, toAddress, WeftError } from '@weft/protocol'
import { createTenant, type RequestTerms, randomNonce, requestFor, type Tenant } from '@weft/sdk'
import { z } from 'zod'
import { etherOf } from '../format.js'
import { watchBy } from '../l1.js'
import { coordinatorAt, domainOf, withDepositHint, withWallet } from '../market.js'
import { jobCounts, progressText } from '../order-view.js'
import type { Output } from '../output.js'
import { systemClock } from '../runtime.js'
import { argument, setting, switchable } from '../settings.js'
import { addressText, common, idText, requesterKeyFile, wallet } from '../settings-common.js'
import { priceSettings, priceTerms, proversSetting, timeSettings } from '../terms.js'
import { readTrace } from '../trace-file.js'

export const requestSettings = z.object({
  file: argument(
    z.string().optional(),
    'JSON file of a trace: {"program", "segments": [{"pre", "post", "data", "inputs"}]}',
  ),
  follow: setting(idText.optional(), 'goes on following a request that was made before'),
  post: switchable(false, 'posts on L1, for any prover, without a coordinator'),
  ...priceSettings,
  policy: setting(z.enum(POLICIES).default('order-book'), `how provers are chosen: ${POLICIES.join(', ')}`),
  curve: setting(z.enum(CURVES).default('linear'), `how the price limit rises: ${CURVES.join(', ')}`),
  winners: setting(z.coerce.number().int().min(1).max(16).default(1), 'proofs that share the fee of a race'),
  delivery: setting(z.enum(DELIVERIES).default('aggregated'), `how it is settled: ${DELIVERIES.join(', ')}`),
  provers: proversSetting,
  matcher: setting(
    z.union([z.literal('none'), addressText]).optional(),
    'who signs matches: an address, or none; the coordinator unless told',
  ),
  ...timeSettings,
  coordinatorUrl: common.coordinatorUrl,
  keyFile: requesterKeyFile,
  folder: wallet.folder,
  deployment: wallet.deployment,
})
type RequestSettings = z.output<typeof requestSettings>

const POLL_MS = 1_000
const random = { bytes: (count: number) => randomBytes(count) }

const termsOf = (settings: RequestSettings, segmentWork: bigint): RequestTerms => {
  const { policy, curve, winners, delivery, provers, matcher, offerWithinMs, proveWithinMs } = settings
  return {
    ...priceTerms(settings, segmentWork),
    ...{ policy, curve, winners, delivery, offerWithinMs, proveWithinMs },
    ...(provers === undefined ? {} : { provers }),
    ...(matcher === undefined ? {} : { matcher: matcher === 'none' ? null : matcher }),
  }
}

const fileOf = ({ file, follow }: RequestSettings): string => {
  if (file !== undefined && follow === undefined) return file
  throw new WeftError('bad_config', 'give the file of a trace, or --follow with the id of a request')
}

/** Tells of every change until the request is over, then of its claim. */
const followOrder = async (tenant: Tenant, id: Bytes32, output: Output, signal: AbortSignal) => {
  for (let told = ''; ; ) {
    const order = await tenant.order(id, { signal })
    const text = progressText(order)
    if (text !== told) {
      const { state, batch, waits, limitPriceWei, reservedWei } = order
      const progress = { state, batch, jobs: jobCounts(order), waits, limitPriceWei, reservedWei }
      output.event({ event: 'progress', request: id, ...progress }, text)
      told = text
    }
    if (order.state !== 'matching' && order.state !== 'proving') break
    await systemClock.sleep(POLL_MS, signal)
    signal.throwIfAborted()
  }
  const { claim, claimsRoot, l1Tx } = await tenant.follow(id, { signal })
  output.event(
    { event: 'settled', request: id, claim, claimsRoot, l1Tx },
    `settled by ${l1Tx}, in claims root ${claimsRoot}`,
  )
}

const openTenant = async (
  settings: RequestSettings,
  terms: RequestTerms,
  output: Output,
): Promise<Tenant> => {
  const deployment = await readDeployment(settings.deployment)
  const { market } = contractsOf(deployment)
  return createTenant({
    coordinatorUrl: settings.coordinatorUrl,
    signer: await openKey(settings.keyFile),
    payment: { kind: 'market', market, terms, random },
    deployment,
    clock: systemClock,
    onWait: ({ code, message }) => output.event({ event: 'waiting', code }, message),
  })
}

const ask = async (settings: RequestSettings, output: Output, signal: AbortSignal) => {
  const trace = await readTrace(fileOf(settings))
  const { work } = await coordinatorAt(settings.coordinatorUrl).program({
    params: { id: trace.program },
    signal,
  })
  const tenant = await openTenant(settings, termsOf(settings, work), output)
  const account = toAddress((await openKey(settings.keyFile)).address)
  const id = await withDepositHint(account, tenant.submit(trace, { signal }))
  output.event(
    { event: 'accepted', request: id },
    `request ${id} accepted; to follow it later: weft request --follow ${id}`,
  )
  await followOrder(tenant, id, output, signal)
}

/** L1 keeps the total, so it has to be given: nobody is there to ask for the program's work. */
const post = (settings: RequestSettings, output: Output, signal: AbortSignal): Promise<void> =>
  withWallet(settings, watchBy(output, signal), async (wallet) => {
    const { sender, reader, contracts, deployment, address } = wallet
    if (settings.maxTotalEther === undefined) {
      throw new WeftError(
        'bad_config',
        'with --post, give --max-total-ether: L1 keeps it until a proof is paid',
      )
    }
    const trace = await readTrace(fileOf(settings))
    // Its deadlines are looked at on L1's clock.
    const nowMs = Math.max(systemClock.nowMs(), (await reader.headTimeS()) * 1000)
    const parties = { owner: address, matcher: address, nonce: randomNonce(random), nowMs }
    const request = requestFor(trace, { ...termsOf(settings, 0n), matcher: null }, parties)
    const id = requestId(domainOf(deployment), request)
    const { hash } = await withDepositHint(address, sender.send(postCall(contracts.market, request)))
    output.event(
      { event: 'posted', request: id, intent: request, l1Tx: hash },
      `request ${id} posted by ${hash}, with ${etherOf(request.maxTotalWei)}: any prover that has the inputs can settle it`,
    )
  })

/** Asks for a proof and follows it; interrupted, it goes on with `--follow`. */
export const runRequest = async (
  settings: RequestSettings,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const { follow } = settings
  if (settings.post) await post(settings, output, signal)
  else if (follow === undefined || settings.file !== undefined) await ask(settings, output, signal)
  else await followOrder(await openTenant(settings, termsOf(settings, 0n), output), follow, output, signal)
}
