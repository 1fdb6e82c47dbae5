import { WeftError } from '@weft/protocol'
import { Command, type CommanderError } from 'commander'
import type { z } from 'zod'
import { coordinatorSettings, runCoordinator } from './commands/coordinator.js'
import { demoSettings, runDemo } from './commands/demo.js'
import { depositSettings, runDeposit } from './commands/deposit.js'
import { devnetSettings, runDevnet } from './commands/devnet.js'
import { nodeSettings, runNode } from './commands/node.js'
import { offersSettings, runOffers } from './commands/offers.js'
import { ordersSettings, runOrders } from './commands/orders.js'
import {
  programAddSettings,
  programListSettings,
  programShowSettings,
  runProgramAdd,
  runProgramList,
  runProgramShow,
} from './commands/program.js'
import { proveSettings, runProve } from './commands/prove.js'
import { requestSettings, runRequest } from './commands/request.js'
import { rollupSettings, runRollup } from './commands/rollup.js'
import { runSetup, setupSettings } from './commands/setup.js'
import { runStake, stakeSettings } from './commands/stake.js'
import { runStatus, statusSettings } from './commands/status.js'
import { runVerify, verifySettings } from './commands/verify.js'
import { runWithdraw, withdrawSettings } from './commands/withdraw.js'
import { createOutput, exitCodeOf, formatError, type Output } from './output.js'
import { shutdownSignal } from './runtime.js'
import { givenOn, readSettings, type SettingsSchema, withSettings } from './settings.js'
import { VERSION } from './version.js'

interface Definition<S extends SettingsSchema> {
  readonly name: string
  readonly description: string
  readonly schema: S
  readonly examples: readonly string[]
  readonly run: (settings: z.output<S>, output: Output, signal: AbortSignal) => Promise<void>
}

const fail = (error: unknown, isJson: boolean) => {
  if (isJson) {
    const { code = 'internal', message = String(error) } = error as { code?: string; message?: string }
    process.stdout.write(`${JSON.stringify({ event: 'error', code, message })}\n`)
  }
  process.stderr.write(`${formatError(error)}\n`)
  process.exitCode = exitCodeOf(error)
}

/** What fails because it was interrupted has not failed; what it was at may matter. */
const interrupt = (error: unknown) => {
  if (error instanceof WeftError) process.stderr.write(`interrupted: ${error.message}\n`)
  process.exitCode = 130
}

const define = <S extends SettingsSchema>(parent: Command, definition: Definition<S>) => {
  const command = new Command(definition.name)
    .copyInheritedSettings(parent)
    .description(definition.description)
    .option('--json', 'one JSON object per event on the standard output', false)
    .addHelpText('after', `\nExamples:\n${definition.examples.map((line) => `  $ ${line}`).join('\n')}`)
  withSettings(command, definition.schema)
  command.action(async () => {
    const flags = givenOn(command, definition.schema)
    const output = createOutput(flags.json === true, (line) => process.stdout.write(line))
    const signal = shutdownSignal()
    try {
      const settings = await readSettings(definition.schema, flags, process.env)
      await definition.run(settings, output, signal)
    } catch (error) {
      if (signal.aborted) interrupt(error)
      else fail(error, output.isJson)
    }
    // Sockets of third parties must not keep an ended process alive.
    process.exit()
  })
  parent.addCommand(command)
}

/** The processes of a network. */
const defineProcesses = (program: Command) => {
  define(program, {
    name: 'demo',
    description: 'everything at once: chain, coordinator, three provers, two rollups, real proofs',
    schema: demoSettings,
    examples: ['weft demo', 'weft demo --json', 'weft demo --transfers 16'],
    run: runDemo,
  })
  define(program, {
    name: 'devnet',
    description: 'a development chain with Weft’s contracts on it',
    schema: devnetSettings,
    examples: ['weft devnet', 'weft devnet --port 0 --deployment ./deployment.json --json'],
    run: runDevnet,
  })
  define(program, {
    name: 'coordinator',
    description: 'plans, leases and collects; settles on L1',
    schema: coordinatorSettings,
    examples: ['weft coordinator', 'weft coordinator --port 7420 --folder ./coordinator'],
    run: runCoordinator,
  })
  define(program, {
    name: 'node',
    description: 'proves jobs and withdraws what it earns',
    schema: nodeSettings,
    examples: [
      'weft node',
      'weft node --coordinator-url http://127.0.0.1:7420 --threads 8 --memory-mb 16000',
    ],
    run: runNode,
  })
  define(program, {
    name: 'rollup',
    description: 'the reference payments rollup: wallets on one side, proofs on the other',
    schema: rollupSettings,
    examples: [
      'weft rollup --genesis ./genesis.json',
      'weft rollup --genesis ./genesis.json --chain-id 7002 --port 9546',
    ],
    run: runRollup,
  })
  define(program, {
    name: 'status',
    description: 'what a coordinator is doing',
    schema: statusSettings,
    examples: ['weft status', 'weft status --json'],
    run: runStatus,
  })
}

/** What provers and requesters do on a market. */
const defineMarket = (program: Command) => {
  define(program, {
    name: 'deposit',
    description: 'pays ether into a market account: collateral, or what proofs are paid from',
    schema: depositSettings,
    examples: ['weft deposit 1', 'weft deposit 0.25 --for 0x… --key-file .weft/requester.key'],
    run: runDeposit,
  })
  define(program, {
    name: 'withdraw',
    description: 'collects earnings, and takes ether out of the key’s market account',
    schema: withdrawSettings,
    examples: ['weft withdraw', 'weft withdraw 0.5 --no-wait', 'weft withdraw all'],
    run: runWithdraw,
  })
  define(program, {
    name: 'stake',
    description:
      'stakes with a prover, takes stake out, or shows it; the first stake registers the key as a prover',
    schema: stakeSettings,
    examples: [
      'weft stake 1',
      'weft stake',
      'weft stake --remove 0.5',
      'weft stake --take',
      'weft stake 1 --for 0x…',
    ],
    run: runStake,
  })
  define(program, {
    name: 'offers',
    description: 'what provers offer at a coordinator',
    schema: offersSettings,
    examples: ['weft offers', 'weft offers --mine', 'weft offers --program 0x…', 'weft offers --cancel 0x…'],
    run: runOffers,
  })
  define(program, {
    name: 'request',
    description: 'signs a request for a proof, and follows it until it is settled',
    schema: requestSettings,
    examples: [
      'weft request trace.json --max-price-ether 0.0001',
      'weft request --follow 0x…',
      'weft request trace.json --post --max-total-ether 0.01',
    ],
    run: runRequest,
  })
  define(program, {
    name: 'orders',
    description: 'requests at a coordinator: states, prices, provers',
    schema: ordersSettings,
    examples: ['weft orders', 'weft orders 0x…', 'weft orders --owner 0x…', 'weft orders --cancel 0x…'],
    run: runOrders,
  })
}

/** What somebody does who has programs and no provers. */
const definePrograms = (program: Command) => {
  const programs = new Command('program')
    .copyInheritedSettings(program)
    .description('the programs that are proven: add, list, show')
  define(programs, {
    name: 'add',
    description:
      'adds a Noir or circom program to a coordinator; Noir that makes no claim is wrapped in one that does',
    schema: programAddSettings,
    examples: [
      'weft program add ./my-circuit',
      'weft program add ./target/my_circuit.json --no-zk',
      'weft program add ./circuit_final.zkey',
    ],
    run: runProgramAdd,
  })
  define(programs, {
    name: 'list',
    description: 'what can be proven at a coordinator',
    schema: programListSettings,
    examples: ['weft program list', 'weft program list --json'],
    run: runProgramList,
  })
  define(programs, {
    name: 'show',
    description: 'one program: its size, work and key',
    schema: programShowSettings,
    examples: ['weft program show 0x…'],
    run: runProgramShow,
  })
  program.addCommand(programs)
  define(program, {
    name: 'setup',
    description: 'makes the proving key of a circom circuit',
    schema: setupSettings,
    examples: [
      'weft setup --r1cs multiplier.r1cs --out multiplier.zkey',
      'weft setup --r1cs multiplier.r1cs --protocol plonk --powers final_15.ptau --out multiplier.zkey',
    ],
    run: runSetup,
  })
  define(program, {
    name: 'prove',
    description: 'executes a program here, has it proven by the network, and asks L1 whether it is',
    schema: proveSettings,
    examples: [
      'weft prove ./my-circuit --inputs inputs.json',
      'weft prove 0x… --inputs inputs.json --max-price-ether 0.0001 --watch',
      'weft prove ./multiplier --inputs input.json --batched',
      'weft prove --follow 0x…',
    ],
    run: runProve,
  })
  define(program, {
    name: 'verify',
    description: 'asks L1 whether what a request asked for is proven; exit code 1 if it is not',
    schema: verifySettings,
    examples: ['weft verify 0x…'],
    run: runVerify,
  })
}

/** The `weft` command with all its subcommands. */
export const createProgram = (): Command => {
  const program = new Command('weft')
    .description('A shared prover network: many tenants, many provers, one proof on Ethereum.')
    .version(VERSION)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 wrong usage or settings, 130 interrupted.\nStart with: weft demo',
    )
    .exitOverride((error: CommanderError) => process.exit(error.exitCode === 0 ? 0 : 2))
  defineProcesses(program)
  defineMarket(program)
  definePrograms(program)
  return program
}
