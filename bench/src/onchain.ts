import { readFile } from 'node:fs/promises'
import { createDevnet, createL1Client, devAccount, type L1Client } from '@weft/chain'
import { abis, bytecodes } from '@weft/contracts'
import { abis as proverAbis, bytecodes as proverBytecodes } from '@weft/contracts/testing'
import { type Address, type Bytes32, type Hex, tag, uintToBytes32 } from '@weft/protocol'
import { concat, createWalletClient, encodeDeployData, encodeFunctionData, http } from 'viem'
import { say } from './machine.js'

const COUNTS = [1, 8, 32, 128] as const
const MOST = 128
const INPUTS = 2
const CHAIN_ID = 31337
/** To estimate 15 million gas takes a busy machine some seconds. */
const TIMEOUT_MS = 120_000
const GROTH16 = tag('system.groth16')

/** Of a real aggregate, whether of 2, 8 or 32 claims: what the benchmark `settlement` measures, in minutes of proving. */
const SETTLED_GAS = 888_096

/** Gas of one proof by how many are delivered, rounded. */
type PerProof = Readonly<Record<number, number>>

interface ProgramProofs {
  readonly key: Bytes32
  readonly count: bigint
  readonly proofs: Hex
  readonly publicInputs: readonly Bytes32[]
}

const perProof = async (gasOf: (count: number) => number | Promise<number>): Promise<PerProof> => {
  const gas: Record<number, number> = {}
  for (const count of COUNTS) gas[count] = Math.round((await gasOf(count)) / count)
  return gas
}

/** The same, by what is known of one proof of so many. */
const ofEach = (gasOf: (count: number) => number): Promise<PerProof> =>
  perProof((count) => count * gasOf(count))

/** Sends transactions from one account, and says what gas they used. */
const createAccount = (url: string) => {
  const wallet = createWalletClient({
    account: devAccount(0).account,
    transport: http(url, { timeout: TIMEOUT_MS }),
  })
  const mined = async (to: Address | null, data: Hex) => {
    const receipt = await wallet.sendTransactionSync({ to, data, chain: null })
    if (receipt.status !== 'success') throw new Error(`${receipt.transactionHash} was reverted`)
    return receipt
  }
  return {
    async deploy(data: Hex): Promise<Address> {
      const { contractAddress } = await mined(null, data)
      if (!contractAddress) throw new Error('a confirmed creation has an address')
      return contractAddress
    },
    async send(to: Address, data: Hex): Promise<number> {
      return Number((await mined(to, data)).gasUsed)
    },
  }
}

type Account = ReturnType<typeof createAccount>

const deployDelivery = async (account: Account) => {
  const owner = devAccount(0).address
  const guardian = devAccount(1).address
  const [verifier, prover, router] = [
    await account.deploy(bytecodes.Groth16Verifier),
    await account.deploy(proverBytecodes.Groth16Prover),
    await account.deploy(
      encodeDeployData({
        abi: abis.VerifierRouter,
        bytecode: bytecodes.VerifierRouter,
        args: [owner, guardian],
      }),
    ),
  ]
  const args = [GROTH16, verifier] as const
  await account.send(router, encodeFunctionData({ abi: abis.VerifierRouter, functionName: 'register', args }))
  const registry = await account.deploy(
    encodeDeployData({ abi: abis.ProofRegistry, bytecode: bytecodes.ProofRegistry, args: [router] }),
  )
  return { verifier, prover, registry }
}

type Delivery = Awaited<ReturnType<typeof deployDelivery>>

/** Real proofs, of circuits whose setups' secrets the prover knows: to a verifier they are like any others. */
const createProver = (client: L1Client, account: Account, { prover, verifier }: Delivery) => {
  const contract = { address: prover, abi: proverAbis.Groth16Prover } as const
  const circuitOf = (circuit: number) => ({
    ceremony: 1n,
    circuit: BigInt(circuit),
    inputs: BigInt(INPUTS),
  })
  return {
    async register(circuit: number): Promise<Bytes32> {
      const key = await client.readContract({
        ...contract,
        functionName: 'keyOf',
        args: [circuitOf(circuit)],
      })
      const call = { abi: abis.Groth16Verifier, functionName: 'register', args: [key] } as const
      const { result } = await client.simulateContract({ address: verifier, ...call })
      await account.send(verifier, encodeFunctionData(call))
      return result
    },
    async prove(key: Bytes32, circuit: number, number: number): Promise<ProgramProofs> {
      const publicInputs = Array.from({ length: INPUTS }, (_, i) =>
        uintToBytes32(BigInt(tag(`input ${number} ${i}`)) >> 8n),
      )
      const args = [circuitOf(circuit), publicInputs, BigInt(number)] as const
      const proofs = await client.readContract({ ...contract, functionName: 'prove', args })
      return { key, count: 1n, proofs, publicInputs }
    },
  }
}

/** One program's proofs as one entry of a batch. */
const joined = (proofs: readonly ProgramProofs[]): ProgramProofs[] => {
  const [first] = proofs
  if (first === undefined) return []
  const { key } = first
  const count = BigInt(proofs.length)
  return [
    {
      key,
      count,
      proofs: concat(proofs.map((one) => one.proofs)),
      publicInputs: proofs.flatMap((one) => one.publicInputs),
    },
  ]
}

/** Gas of verifying, and of recording for applications, on a chain of its own. */
const measureGroth16 = async () => {
  const devnet = await createDevnet({ chainId: CHAIN_ID })
  try {
    const client = createL1Client(devnet.url)
    const account = createAccount(devnet.url)
    const delivery = await deployDelivery(account)
    const prover = createProver(client, account, delivery)
    const [same, different]: [ProgramProofs[], ProgramProofs[]] = [[], []]
    say(`making ${2 * MOST} proofs`)
    const key = await prover.register(0)
    for (let i = 0; i < MOST; i++) {
      same.push(await prover.prove(key, 0, i))
      different.push(await prover.prove(await prover.register(i + 1), i + 1, i))
    }
    const verify = async ({ key, proofs, publicInputs }: ProgramProofs) => {
      const args = [key, proofs, publicInputs] as const
      const data = encodeFunctionData({ abi: abis.Groth16Verifier, functionName: 'verify', args })
      return account.send(delivery.verifier, data)
    }
    const verifyBatch = async (batch: readonly ProgramProofs[]) => {
      const call = { abi: abis.Groth16Verifier, functionName: 'verifyBatch', args: [batch] } as const
      // Who only sends a transaction does not see its answer.
      const valid = await client.readContract({ address: delivery.verifier, ...call })
      if (!valid) throw new Error('a batch does not verify')
      return account.send(delivery.verifier, encodeFunctionData(call))
    }
    const record = async (batch: readonly ProgramProofs[]) => {
      const args = [GROTH16, batch] as const
      const data = encodeFunctionData({ abi: abis.ProofRegistry, functionName: 'recordBatch', args })
      return account.send(delivery.registry, data)
    }
    const individual = await perProof(async (count) => {
      let gas = 0
      for (const one of same.slice(0, count)) gas += await verify(one)
      return gas
    })
    return {
      publicInputs: INPUTS,
      individual,
      batched: await perProof((count) => verifyBatch(joined(same.slice(0, count)))),
      batchedProgramsOfOneCeremony: await perProof((count) => verifyBatch(different.slice(0, count))),
      recorded: await perProof((count) => record(joined(same.slice(0, count)))),
    }
  } finally {
    await devnet.stop()
  }
}

/** Of the contracts, as contracts/snapshots/gas.json has it. */
const readSnapshots = async () => {
  const file = new URL('../../contracts/snapshots/gas.json', import.meta.url)
  const gas: Readonly<Record<string, string>> = JSON.parse(await readFile(file, 'utf8'))
  return (name: string): number => {
    const known = gas[name]
    if (known === undefined) throw new Error(`no '${name}' in contracts/snapshots/gas.json: npm run gas`)
    return Number(known)
  }
}

/** Of a contract's question whether a proof is recorded, the path in its calldata included: by measured transactions. */
const questionGas = (gasOf: (name: string) => number, one: string, many: string) => (count: number) =>
  gasOf(`delivery, a question, ${count} ${count === 1 ? one : many}`)

/** Gas of a claim of a Noir program until an application has acted on it: calculated from measured parts. */
const calculateNoir = async (gasOf: (name: string) => number) => {
  const verified = SETTLED_GAS - gasOf('settle, 2 claims, without verifier')
  const alone = verified + gasOf('settleSequence, without verifier')
  const asked = questionGas(gasOf, 'claim', 'claims')
  const opened = (count: number) => gasOf(`open, inside a transaction, ${count} claims`)
  const level = (opened(32) - opened(2)) / Math.log2(32 / 2)
  const settled = (count: number) => (count === 1 ? alone : SETTLED_GAS / count)
  const levels = (count: number) => Math.log2(Math.max(count, 2) / 2)
  return {
    individual: await ofEach(() => alone + asked(1)),
    aggregated: await ofEach((count) => settled(count) + asked(count)),
    /** Where the deployment has a price instead of a market: who acts on a claim opens it, and is charged. */
    openedWithDeposit: {
      individual: await ofEach(() => alone + opened(2)),
      aggregated: await ofEach((count) => settled(count) + opened(2) + level * levels(count)),
    },
    included:
      'the settlement, shared by all claims, and the question of the application that acts on the claim, with the path in ' +
      'its calldata; not the payment of provers, which a market does at its own cost (contracts/MARKET.md)',
    measured: `${SETTLED_GAS} for settling a real aggregate (benchmark settlement); contracts/snapshots/gas.json`,
    calculated:
      'individual: the verification in it, recording one claim, and a question; aggregated: its gas by the number of claims, ' +
      'and a question; openedWithDeposit: an opening, which charges a deposit and needs no question, instead',
  }
}

/** Gas of a delivered proof, alone and together with others. */
export const run = async () => {
  const gasOf = await readSnapshots()
  const groth16 = await measureGroth16()
  return {
    groth16: { ...groth16, question: await ofEach(questionGas(gasOf, 'proof', 'proofs')) },
    noir: { ...(await calculateNoir(gasOf)), question: await ofEach(questionGas(gasOf, 'claim', 'claims')) },
  }
}
