import type { Status } from '@weft/api'
import type { Address, Bytes32 } from '@weft/protocol'
import { type Context, createContext } from './context.js'
import * as tables from './db/tables.js'
import { Delivery } from './direct/delivery.js'
import { createServer, type Server } from './http/server.js'
import { Leasing } from './leasing.js'
import { loadOrders } from './load.js'
import { Desk } from './market/desk.js'
import { Nodes } from './nodes.js'
import type { CoordinatorDeps, CoordinatorOptions } from './options.js'
import { Orders } from './orders/orders.js'
import { Submissions } from './orders/submit.js'
import { Programs } from './programs.js'
import { Proofs } from './proofs.js'
import { createHandlers, type Parts } from './routes.js'
import { Sessions } from './sessions.js'
import { Settlement } from './settlement.js'
import { startSweeps } from './sweeps.js'
import { Views } from './views.js'

export interface Coordinator {
  /** Serves the API; resolves with its URL. Port 0 takes a free one. */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>
  status(): Status
  /** Ends connections, finishes what is being stored and closes the database. Leases go on after a restart. */
  close(): Promise<void>
}

/** Counts this start, so that event numbers of different runs never mix. */
const countBoot = async ({ deps, journal, events }: Context): Promise<void> => {
  const [row] = await tables.counters.select(deps.database, 'name = $1', 'boots')
  const boot = (row?.value ?? 0) + 1
  events.start(boot)
  journal.put(tables.counters, { name: 'boots', value: boot })
}

const addPrograms = async ({ options, deps }: Context, programs: Programs, orders: Orders): Promise<void> => {
  const { merge, pad } = options
  for (const program of [merge, ...options.programs, ...(pad ? [pad.program] : [])])
    await programs.addBuiltIn(program)
  await programs.load()
  if (pad) orders.setPad(await deps.blobs.putBytes(pad.inputs))
}

/** Null where tenants pay from deposits. */
const openMarket = (
  context: Context,
  programs: Programs,
  nodes: Nodes,
  orders: () => Orders,
): Promise<Desk> | null => {
  const { options, deps } = context
  if (!options.market) return null
  if (!deps.market || !deps.matcher) throw new Error('a market needs L1 and the key of its matcher')
  const isBusy = (prover: Address) => nodes.areBusy(prover)
  const lacks = (prover: Address, program: Bytes32) => {
    const system = programs.directSystemOf(program)
    return system === null || nodes.have(prover, system) ? null : system
  }
  const nodesOf = (prover: Address) => nodes.seenLately().filter((node) => node.prover === prover)
  const { market: l1, matcher } = deps
  return Desk.open(context, options.market, { l1, matcher, orders, isBusy, lacks, nodesOf })
}

/**
 * A coordinator over its database and blob store, which it closes in the end. It continues whatever was under way
 * in them. Everything it does with the outside goes through `deps`. Errors: those of the database and the store.
 */
export const createCoordinator = async (
  options: CoordinatorOptions,
  deps: CoordinatorDeps,
): Promise<Coordinator> => {
  const context = createContext(options, deps)
  const programs = new Programs(context)
  const sessions = new Sessions(context)
  const nodes = new Nodes(context)
  const leasing = new Leasing(context, nodes)
  const settlement: Settlement = new Settlement(context, () => orders)
  const delivery: Delivery = new Delivery(context, () => orders, settlement.nextPayout)
  const orders = new Orders(
    context,
    () => settlement.wake(),
    () => delivery.wake(),
  )
  const submissions = new Submissions(context, programs, orders)
  const proofs = new Proofs(context, programs, nodes, leasing, orders)
  const views = new Views(context, orders, nodes, leasing, settlement, delivery, deps.clock.nowMs())
  const parts: Parts = { programs, sessions, nodes, leasing, orders, submissions, proofs, views, delivery }

  await countBoot(context)
  context.market = await openMarket(context, programs, nodes, () => orders)
  await addPrograms(context, programs, orders)
  await sessions.load()
  await nodes.load()
  settlement.startAfter(await loadOrders(context, programs, orders))
  await context.market?.restore(orders.batches.values())
  await context.journal.commit()
  delivery.start(programs)
  const server: Server = await createServer(context, createHandlers(context, parts), sessions)
  const stopSweeps = startSweeps(context, parts)
  if (views.warning) deps.log.warn({ srs: options.srs }, views.warning)

  return {
    listen: ({ host, port }) => server.app.listen({ host, port }),
    status: () => views.status(),
    async close() {
      stopSweeps()
      leasing.close()
      server.hangUp()
      await server.app.close()
      await Promise.all([settlement.close(), delivery.close()])
      await context.journal.close()
      await deps.database.close()
    },
  }
}
