import { readFile } from 'node:fs/promises'
import { type Bytes32, isBytes32, toAddress, WeftError } from '@weft/protocol'
import {
  type ProgramStatement,
  type ProofDelivery,
  type ProofProgress,
  type Sealed,
  type Submitted,
  stateless,
  type Weft,
} from '@weft/sdk'
import { parseEther } from 'viem'
import { z } from 'zod'
import { deliveryOf, deliverySettings } from '../delivery.js'
import { withDepositHint } from '../market.js'
import type { Output } from '../output.js'
import { estimateText, sealedText, stageText } from '../proof-view.js'
import { argument, setting, switchable } from '../settings.js'
import { idText } from '../settings-common.js'
import { priceSettings, proversSetting, sourceOf, sourceSettings, timeSettings } from '../terms.js'
import { openRequester, type Requester, requester, withPrograms } from '../weft.js'
import { tellProof } from './verify.js'

const part = (what: string) =>
  setting(idText.optional(), `${what} that the program claims, where it makes its claim by itself`)

export const proveSettings = z.object({
  program: argument(
    z.string().optional(),
    'the id of a program, or what weft program add takes: it is added first',
  ),
  inputs: setting(z.string().optional(), 'JSON file of the inputs, by parameter or signal'),
  private: switchable(
    false,
    'encrypts the inputs to the prover that is matched, which alone reads them; stay until the proof is there',
  ),
  provers: proversSetting,
  follow: setting(idText.optional(), 'goes on following a request that was made before'),
  wait: switchable(true, 'waits until L1 has the proof'),
  watch: switchable(false, 'tells how much time is left every second, not only what changes'),
  result: part('the result (of Claim::stateless)'),
  pre: part('the state before'),
  post: part('the state after'),
  data: part('the data'),
  ...sourceSettings,
  maxPriceEther: priceSettings.maxPriceEther,
  startPriceEther: priceSettings.startPriceEther,
  collateralEther: priceSettings.collateralEther,
  ...timeSettings,
  ...deliverySettings,
  ...requester,
})
type ProveSettings = z.output<typeof proveSettings>

/** Inputs from a JSON file. Throws `bad_config`. */
const readInputs = async (path: string): Promise<object> => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new WeftError(
      'bad_config',
      `${path} is no JSON object of inputs, {"PARAMETER": VALUE}: ${String(cause)}`,
      { path },
      { cause },
    )
  }
}

const statementOf = ({ result, pre, post, data }: ProveSettings): ProgramStatement | undefined => {
  const parts = [pre, post, data].filter((value) => value !== undefined)
  if (result !== undefined && parts.length === 0) return stateless(result)
  if (result === undefined && parts.length === 0) return undefined
  if (result === undefined && pre !== undefined && post !== undefined && data !== undefined) {
    return { pre, post, data }
  }
  throw new WeftError('bad_config', 'give --result, or all of --pre, --post and --data')
}

/** Tells what changes; with `--watch`, every look. */
const reporter = ({ watch }: Pick<ProveSettings, 'watch'>, request: Bytes32, output: Output) => {
  let told = ''
  return (progress: ProofProgress) => {
    const { secondsLeft: _, limitPriceWei, reservedWei, ...change } = progress
    const text = JSON.stringify(change)
    if (!watch && text === told) return
    told = text
    output.event({ event: 'progress', request, ...progress, limitPriceWei, reservedWei }, stageText(progress))
  }
}

const follow = async (
  weft: Weft,
  { request, statement: asked, privateInputs = null }: Pick<Submitted, 'request'> & Partial<Submitted>,
  settings: ProveSettings,
  output: Output,
  signal: AbortSignal,
) => {
  const onProgress = reporter(settings, request, output)
  const onSealed = (sealed: Sealed) =>
    output.event({ event: 'sealed', request, ...sealed }, sealedText(sealed))
  const options = { signal, onProgress, onSealed, privateInputs, ...(asked ? { asked } : {}) }
  await tellProof(await weft.follow(request, options), output)
}

/** What a person asks for, read before anything slow begins. */
interface Asked {
  readonly program: string
  readonly inputs: object
  readonly statement: ProgramStatement | undefined
  readonly delivery: ProofDelivery
}

const programOf = async (
  weft: Weft,
  { program: named, delivery }: Asked,
  settings: ProveSettings,
  signal: AbortSignal,
) => {
  const id = named.toLowerCase()
  if (isBytes32(id)) return weft.programs.open(id, { signal })
  return weft.programs.register(sourceOf(named, settings, delivery), { signal })
}

/** Executes, tells the cost, signs and hands in. */
const ask = async (
  { weft, account }: Requester,
  settings: ProveSettings,
  asked: Asked,
  output: Output,
  signal: AbortSignal,
): Promise<Submitted> => {
  const { inputs, statement, delivery } = asked
  const program = await programOf(weft, asked, settings, signal)
  output.event({ event: 'program', id: program.id, name: program.name }, `program ${program.id}`)
  const maxPriceWei = parseEther(settings.maxPriceEther)
  const estimate = await weft.estimate({ program, maxPriceWei, signal })
  output.event({ event: 'estimate', ...estimate }, estimateText(estimate))
  const { startPriceEther, collateralEther, offerWithinMs, proveWithinMs, provers } = settings
  const request = {
    ...{ program, inputs, maxPriceWei, offerWithinMs, proveWithinMs, delivery },
    collateralWei: parseEther(collateralEther),
    private: settings.private,
    ...(provers === undefined ? {} : { provers }),
    ...(startPriceEther === undefined ? {} : { startPriceWei: parseEther(startPriceEther) }),
    ...(statement === undefined ? {} : { statement }),
  }
  const submitted = await withDepositHint(toAddress(account.address), weft.submit(request, { signal }))
  if (submitted.program !== program.id) {
    output.event(
      { event: 'program', id: submitted.program, name: program.name },
      `proven for Ethereum alone, as program ${submitted.program}`,
    )
  }
  return submitted
}

/** Goes on with a request; what is private is made from its inputs again. */
const goOn = async (request: Bytes32, settings: ProveSettings, output: Output, signal: AbortSignal) => {
  if (settings.program !== undefined) {
    throw new WeftError('bad_config', 'give a program, or --follow with the id of a request, not both')
  }
  if (!settings.private) {
    const { weft } = await openRequester(settings, output)
    return follow(weft, { request }, settings, output, signal)
  }
  if (settings.inputs === undefined) {
    throw new WeftError('bad_config', 'give the --inputs that the request was made for: they are sealed anew')
  }
  const inputs = await readInputs(settings.inputs)
  const { weft, submitted } = await withPrograms(settings, output, async (opened) => ({
    weft: opened.weft,
    submitted: await opened.weft.resume(request, inputs, { signal }),
  }))
  return follow(weft, submitted, settings, output, signal)
}

/** Has a program proven for its inputs; interrupted, it goes on with `--follow`. */
export const runProve = async (
  settings: ProveSettings,
  output: Output,
  signal: AbortSignal,
): Promise<void> => {
  const { program, inputs } = settings
  if (settings.private && !settings.wait) {
    throw new WeftError(
      'bad_config',
      'private inputs are sealed to whoever is matched: stay, without --no-wait',
    )
  }
  if (settings.follow !== undefined) return goOn(settings.follow, settings, output, signal)
  if (program === undefined || inputs === undefined) {
    throw new WeftError('bad_config', 'give a program and its --inputs, or --follow with the id of a request')
  }
  const asked = {
    ...{ program, inputs: await readInputs(inputs) },
    ...{ statement: statementOf(settings), delivery: deliveryOf(settings) },
  }
  // What executes programs is closed before the wait: provers on this machine may want its memory.
  const { weft, submitted } = await withPrograms(settings, output, async (opened) => ({
    weft: opened.weft,
    submitted: await ask(opened, settings, asked, output, signal),
  }))
  const { request } = submitted
  const again = settings.private ? `${request} --private --inputs ${inputs}` : request
  const stay = settings.private
    ? 'stay until it is proven; interrupted, go on soon with'
    : 'to follow it later:'
  output.event(
    { event: 'accepted', request },
    `request ${request} accepted; ${stay} weft prove --follow ${again}`,
  )
  if (settings.wait) await follow(weft, submitted, settings, output, signal)
}
