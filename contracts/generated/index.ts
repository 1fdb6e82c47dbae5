// Written by tools/generate.mjs from src/: do not edit.

/** ABIs by contract. A contract's own and the errors that it passes on from the contracts it calls. */
export const abis = {
  Settlement: [
    {
      type: 'constructor',
      inputs: [
        { name: 'verifier_', type: 'address', internalType: 'contract IHonkVerifier' },
        { name: 'mergeKey_', type: 'bytes32', internalType: 'bytes32' },
        { name: 'pricing_', type: 'address', internalType: 'contract IPricing' },
      ],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'MERGE_WORK',
      inputs: [],
      outputs: [{ name: '', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'WITHDRAWAL_DELAY',
      inputs: [],
      outputs: [{ name: '', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'aggregateOf',
      inputs: [{ name: 'claimsRoot', type: 'bytes32', internalType: 'bytes32' }],
      outputs: [
        {
          name: '',
          type: 'tuple',
          internalType: 'struct AggregateView',
          components: [
            { name: 'claims', type: 'uint32', internalType: 'uint32' },
            { name: 'payouts', type: 'bytes32', internalType: 'bytes32' },
            { name: 'collectedWei', type: 'uint256', internalType: 'uint256' },
            { name: 'paidWei', type: 'uint256', internalType: 'uint256' },
          ],
        },
      ],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'announceWithdrawal',
      inputs: [{ name: 'amountWei', type: 'uint256', internalType: 'uint256' }],
      outputs: [],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'collectCredit',
      inputs: [{ name: 'to', type: 'address', internalType: 'address' }],
      outputs: [],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'creditWei',
      inputs: [{ name: 'prover', type: 'address', internalType: 'address' }],
      outputs: [{ name: '', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'deposit',
      inputs: [{ name: 'tenant', type: 'address', internalType: 'address' }],
      outputs: [],
      stateMutability: 'payable',
    },
    {
      type: 'function',
      name: 'depositOf',
      inputs: [{ name: 'tenant', type: 'address', internalType: 'address' }],
      outputs: [
        {
          name: '',
          type: 'tuple',
          internalType: 'struct Deposit',
          components: [
            { name: 'balanceWei', type: 'uint96', internalType: 'uint96' },
            { name: 'leavingWei', type: 'uint96', internalType: 'uint96' },
            { name: 'leavingAt', type: 'uint64', internalType: 'uint64' },
          ],
        },
      ],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'isProven',
      inputs: [
        {
          name: 'claim',
          type: 'tuple',
          internalType: 'struct Claim',
          components: [
            { name: 'program', type: 'bytes32', internalType: 'bytes32' },
            { name: 'pre', type: 'bytes32', internalType: 'bytes32' },
            { name: 'post', type: 'bytes32', internalType: 'bytes32' },
            { name: 'data', type: 'bytes32', internalType: 'bytes32' },
            { name: 'work', type: 'uint256', internalType: 'uint256' },
            { name: 'payouts', type: 'bytes32', internalType: 'bytes32' },
          ],
        },
        { name: 'index', type: 'uint256', internalType: 'uint256' },
        { name: 'siblings', type: 'bytes32[]', internalType: 'bytes32[]' },
      ],
      outputs: [{ name: '', type: 'bool', internalType: 'bool' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'isRecorded',
      inputs: [{ name: 'claimsRoot', type: 'bytes32', internalType: 'bytes32' }],
      outputs: [{ name: '', type: 'bool', internalType: 'bool' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'mergeKey',
      inputs: [],
      outputs: [{ name: '', type: 'bytes32', internalType: 'bytes32' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'open',
      inputs: [
        {
          name: 'claim',
          type: 'tuple',
          internalType: 'struct Claim',
          components: [
            { name: 'program', type: 'bytes32', internalType: 'bytes32' },
            { name: 'pre', type: 'bytes32', internalType: 'bytes32' },
            { name: 'post', type: 'bytes32', internalType: 'bytes32' },
            { name: 'data', type: 'bytes32', internalType: 'bytes32' },
            { name: 'work', type: 'uint256', internalType: 'uint256' },
            { name: 'payouts', type: 'bytes32', internalType: 'bytes32' },
          ],
        },
        { name: 'index', type: 'uint256', internalType: 'uint256' },
        { name: 'siblings', type: 'bytes32[]', internalType: 'bytes32[]' },
      ],
      outputs: [{ name: 'claimHash', type: 'bytes32', internalType: 'bytes32' }],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'openingOf',
      inputs: [
        { name: 'tenant', type: 'address', internalType: 'address' },
        { name: 'claimHash', type: 'bytes32', internalType: 'bytes32' },
      ],
      outputs: [
        {
          name: '',
          type: 'tuple',
          internalType: 'struct OpeningView',
          components: [
            { name: 'opened', type: 'bool', internalType: 'bool' },
            { name: 'collectedWei', type: 'uint256', internalType: 'uint256' },
            { name: 'paidWei', type: 'uint256', internalType: 'uint256' },
          ],
        },
      ],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'pricing',
      inputs: [],
      outputs: [{ name: '', type: 'address', internalType: 'contract IPricing' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'settle',
      inputs: [
        { name: 'proof', type: 'bytes', internalType: 'bytes' },
        {
          name: 'root',
          type: 'tuple',
          internalType: 'struct Parallel',
          components: [
            { name: 'claims', type: 'bytes32', internalType: 'bytes32' },
            { name: 'count', type: 'uint32', internalType: 'uint32' },
            { name: 'payouts', type: 'bytes32', internalType: 'bytes32' },
            { name: 'first', type: 'bytes32', internalType: 'bytes32' },
            { name: 'last', type: 'bytes32', internalType: 'bytes32' },
            { name: 'job', type: 'bytes32', internalType: 'bytes32' },
          ],
        },
      ],
      outputs: [],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'settleSequence',
      inputs: [
        { name: 'proof', type: 'bytes', internalType: 'bytes' },
        {
          name: 'root',
          type: 'tuple',
          internalType: 'struct Claim',
          components: [
            { name: 'program', type: 'bytes32', internalType: 'bytes32' },
            { name: 'pre', type: 'bytes32', internalType: 'bytes32' },
            { name: 'post', type: 'bytes32', internalType: 'bytes32' },
            { name: 'data', type: 'bytes32', internalType: 'bytes32' },
            { name: 'work', type: 'uint256', internalType: 'uint256' },
            { name: 'payouts', type: 'bytes32', internalType: 'bytes32' },
          ],
        },
      ],
      outputs: [],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'verifier',
      inputs: [],
      outputs: [{ name: '', type: 'address', internalType: 'contract IHonkVerifier' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'withdraw',
      inputs: [
        { name: 'tenant', type: 'address', internalType: 'address' },
        { name: 'job', type: 'bytes32', internalType: 'bytes32' },
        { name: 'work', type: 'uint256', internalType: 'uint256' },
        { name: 'payouts', type: 'bytes32', internalType: 'bytes32' },
        {
          name: 'entries',
          type: 'tuple[]',
          internalType: 'struct PayoutPath[]',
          components: [
            {
              name: 'entry',
              type: 'tuple',
              internalType: 'struct PayoutEntry',
              components: [
                { name: 'prover', type: 'address', internalType: 'address' },
                { name: 'work', type: 'uint256', internalType: 'uint256' },
                { name: 'job', type: 'bytes32', internalType: 'bytes32' },
              ],
            },
            { name: 'position', type: 'uint256', internalType: 'uint256' },
            { name: 'siblings', type: 'bytes32[2][]', internalType: 'bytes32[2][]' },
          ],
        },
      ],
      outputs: [{ name: 'amountWei', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'withdrawDeposit',
      inputs: [{ name: 'to', type: 'address', internalType: 'address' }],
      outputs: [],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'withdrawShared',
      inputs: [
        { name: 'claimsRoot', type: 'bytes32', internalType: 'bytes32' },
        {
          name: 'entries',
          type: 'tuple[]',
          internalType: 'struct PayoutPath[]',
          components: [
            {
              name: 'entry',
              type: 'tuple',
              internalType: 'struct PayoutEntry',
              components: [
                { name: 'prover', type: 'address', internalType: 'address' },
                { name: 'work', type: 'uint256', internalType: 'uint256' },
                { name: 'job', type: 'bytes32', internalType: 'bytes32' },
              ],
            },
            { name: 'position', type: 'uint256', internalType: 'uint256' },
            { name: 'siblings', type: 'bytes32[2][]', internalType: 'bytes32[2][]' },
          ],
        },
      ],
      outputs: [{ name: 'amountWei', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'nonpayable',
    },
    {
      type: 'event',
      name: 'CreditCollected',
      inputs: [
        { name: 'prover', type: 'address', indexed: true, internalType: 'address' },
        { name: 'to', type: 'address', indexed: true, internalType: 'address' },
        { name: 'amountWei', type: 'uint256', indexed: false, internalType: 'uint256' },
      ],
      anonymous: false,
    },
    {
      type: 'event',
      name: 'Credited',
      inputs: [
        { name: 'prover', type: 'address', indexed: true, internalType: 'address' },
        { name: 'amountWei', type: 'uint256', indexed: false, internalType: 'uint256' },
      ],
      anonymous: false,
    },
    {
      type: 'event',
      name: 'DepositWithdrawn',
      inputs: [
        { name: 'tenant', type: 'address', indexed: true, internalType: 'address' },
        { name: 'to', type: 'address', indexed: true, internalType: 'address' },
        { name: 'amountWei', type: 'uint256', indexed: false, internalType: 'uint256' },
      ],
      anonymous: false,
    },
    {
      type: 'event',
      name: 'Deposited',
      inputs: [
        { name: 'tenant', type: 'address', indexed: true, internalType: 'address' },
        { name: 'amountWei', type: 'uint256', indexed: false, internalType: 'uint256' },
      ],
      anonymous: false,
    },
    {
      type: 'event',
      name: 'Opened',
      inputs: [
        { name: 'tenant', type: 'address', indexed: true, internalType: 'address' },
        { name: 'claimHash', type: 'bytes32', indexed: true, internalType: 'bytes32' },
        { name: 'claimsRoot', type: 'bytes32', indexed: true, internalType: 'bytes32' },
        { name: 'ownWei', type: 'uint256', indexed: false, internalType: 'uint256' },
        { name: 'sharedWei', type: 'uint256', indexed: false, internalType: 'uint256' },
      ],
      anonymous: false,
    },
    {
      type: 'event',
      name: 'Paid',
      inputs: [
        { name: 'pool', type: 'bytes32', indexed: true, internalType: 'bytes32' },
        { name: 'prover', type: 'address', indexed: true, internalType: 'address' },
        { name: 'job', type: 'bytes32', indexed: false, internalType: 'bytes32' },
        { name: 'amountWei', type: 'uint256', indexed: false, internalType: 'uint256' },
      ],
      anonymous: false,
    },
    {
      type: 'event',
      name: 'Settled',
      inputs: [
        { name: 'claimsRoot', type: 'bytes32', indexed: true, internalType: 'bytes32' },
        { name: 'count', type: 'uint32', indexed: false, internalType: 'uint32' },
        { name: 'payouts', type: 'bytes32', indexed: false, internalType: 'bytes32' },
      ],
      anonymous: false,
    },
    {
      type: 'event',
      name: 'WithdrawalAnnounced',
      inputs: [
        { name: 'tenant', type: 'address', indexed: true, internalType: 'address' },
        { name: 'amountWei', type: 'uint256', indexed: false, internalType: 'uint256' },
        { name: 'leavingAt', type: 'uint256', indexed: false, internalType: 'uint256' },
      ],
      anonymous: false,
    },
    {
      type: 'error',
      name: 'AlreadyOpened',
      inputs: [
        { name: 'tenant', type: 'address', internalType: 'address' },
        { name: 'claimHash', type: 'bytes32', internalType: 'bytes32' },
      ],
    },
    {
      type: 'error',
      name: 'AlreadyRecorded',
      inputs: [{ name: 'claimsRoot', type: 'bytes32', internalType: 'bytes32' }],
    },
    {
      type: 'error',
      name: 'EntryNotInPool',
      inputs: [
        { name: 'payouts', type: 'bytes32', internalType: 'bytes32' },
        { name: 'pathRoot', type: 'bytes32', internalType: 'bytes32' },
      ],
    },
    {
      type: 'error',
      name: 'IndexOutsideTree',
      inputs: [
        { name: 'index', type: 'uint256', internalType: 'uint256' },
        { name: 'levels', type: 'uint256', internalType: 'uint256' },
      ],
    },
    {
      type: 'error',
      name: 'InsufficientDeposit',
      inputs: [
        { name: 'tenant', type: 'address', internalType: 'address' },
        { name: 'balanceWei', type: 'uint256', internalType: 'uint256' },
        { name: 'neededWei', type: 'uint256', internalType: 'uint256' },
      ],
    },
    {
      type: 'error',
      name: 'InvalidPosition',
      inputs: [
        { name: 'position', type: 'uint256', internalType: 'uint256' },
        { name: 'levels', type: 'uint256', internalType: 'uint256' },
      ],
    },
    {
      type: 'error',
      name: 'InvalidProof',
      inputs: [{ name: 'publicInput', type: 'bytes32', internalType: 'bytes32' }],
    },
    {
      type: 'error',
      name: 'NotAContract',
      inputs: [{ name: 'account', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'NotOpened',
      inputs: [
        { name: 'tenant', type: 'address', internalType: 'address' },
        { name: 'claimHash', type: 'bytes32', internalType: 'bytes32' },
      ],
    },
    {
      type: 'error',
      name: 'NotRecorded',
      inputs: [{ name: 'claimsRoot', type: 'bytes32', internalType: 'bytes32' }],
    },
    {
      type: 'error',
      name: 'NothingAnnounced',
      inputs: [{ name: 'tenant', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'NothingDue',
      inputs: [{ name: 'pool', type: 'bytes32', internalType: 'bytes32' }],
    },
    {
      type: 'error',
      name: 'SafeCastOverflowedUintDowncast',
      inputs: [
        { name: 'bits', type: 'uint8', internalType: 'uint8' },
        { name: 'value', type: 'uint256', internalType: 'uint256' },
      ],
    },
    {
      type: 'error',
      name: 'TooEarly',
      inputs: [{ name: 'leavingAt', type: 'uint256', internalType: 'uint256' }],
    },
    {
      type: 'error',
      name: 'TransferFailed',
      inputs: [{ name: 'to', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'VerifierReverted',
      inputs: [{ name: 'reason', type: 'bytes', internalType: 'bytes' }],
    },
    { type: 'error', name: 'ZeroAmount', inputs: [] },
  ],
  FixedPricing: [
    {
      type: 'constructor',
      inputs: [{ name: 'weiPerMegagate_', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'priceWei',
      inputs: [
        { name: '', type: 'address', internalType: 'address' },
        { name: '', type: 'bytes32', internalType: 'bytes32' },
        { name: 'work', type: 'uint256', internalType: 'uint256' },
      ],
      outputs: [{ name: '', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'weiPerMegagate',
      inputs: [],
      outputs: [{ name: '', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'view',
    },
  ],
  PaymentsRollup: [
    {
      type: 'constructor',
      inputs: [
        { name: 'settlement_', type: 'address', internalType: 'contract ISettlement' },
        { name: 'program_', type: 'bytes32', internalType: 'bytes32' },
        { name: 'segmentSize_', type: 'uint256', internalType: 'uint256' },
        { name: 'genesisRoot', type: 'bytes32', internalType: 'bytes32' },
        { name: 'chainId_', type: 'uint256', internalType: 'uint256' },
        { name: 'sequencer_', type: 'address', internalType: 'address' },
      ],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'advance',
      inputs: [
        {
          name: 'claim',
          type: 'tuple',
          internalType: 'struct Claim',
          components: [
            { name: 'program', type: 'bytes32', internalType: 'bytes32' },
            { name: 'pre', type: 'bytes32', internalType: 'bytes32' },
            { name: 'post', type: 'bytes32', internalType: 'bytes32' },
            { name: 'data', type: 'bytes32', internalType: 'bytes32' },
            { name: 'work', type: 'uint256', internalType: 'uint256' },
            { name: 'payouts', type: 'bytes32', internalType: 'bytes32' },
          ],
        },
        { name: 'index', type: 'uint256', internalType: 'uint256' },
        { name: 'siblings', type: 'bytes32[]', internalType: 'bytes32[]' },
        { name: 'transfers', type: 'bytes', internalType: 'bytes' },
      ],
      outputs: [],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'announceWithdrawal',
      inputs: [{ name: 'amountWei', type: 'uint256', internalType: 'uint256' }],
      outputs: [],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'batchNumber',
      inputs: [],
      outputs: [{ name: '', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'chainId',
      inputs: [],
      outputs: [{ name: '', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'dataOf',
      inputs: [{ name: 'transfers', type: 'bytes', internalType: 'bytes' }],
      outputs: [{ name: '', type: 'bytes32', internalType: 'bytes32' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'program',
      inputs: [],
      outputs: [{ name: '', type: 'bytes32', internalType: 'bytes32' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'segmentSize',
      inputs: [],
      outputs: [{ name: '', type: 'uint256', internalType: 'uint256' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'sequencer',
      inputs: [],
      outputs: [{ name: '', type: 'address', internalType: 'address' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'settlement',
      inputs: [],
      outputs: [{ name: '', type: 'address', internalType: 'contract ISettlement' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'stateRoot',
      inputs: [],
      outputs: [{ name: '', type: 'bytes32', internalType: 'bytes32' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'withdrawDeposit',
      inputs: [{ name: 'to', type: 'address', internalType: 'address' }],
      outputs: [],
      stateMutability: 'nonpayable',
    },
    {
      type: 'event',
      name: 'Advanced',
      inputs: [
        { name: 'batch', type: 'uint256', indexed: true, internalType: 'uint256' },
        { name: 'pre', type: 'bytes32', indexed: false, internalType: 'bytes32' },
        { name: 'post', type: 'bytes32', indexed: false, internalType: 'bytes32' },
        { name: 'transfers', type: 'uint256', indexed: false, internalType: 'uint256' },
      ],
      anonymous: false,
    },
    { type: 'error', name: 'EmptyBatch', inputs: [] },
    {
      type: 'error',
      name: 'ForeignData',
      inputs: [
        { name: 'expected', type: 'bytes32', internalType: 'bytes32' },
        { name: 'given', type: 'bytes32', internalType: 'bytes32' },
      ],
    },
    {
      type: 'error',
      name: 'ForeignProgram',
      inputs: [
        { name: 'expected', type: 'bytes32', internalType: 'bytes32' },
        { name: 'given', type: 'bytes32', internalType: 'bytes32' },
      ],
    },
    {
      type: 'error',
      name: 'NotSequencer',
      inputs: [{ name: 'caller', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'PaddingGiven',
      inputs: [{ name: 'record', type: 'uint256', internalType: 'uint256' }],
    },
    {
      type: 'error',
      name: 'StaleClaim',
      inputs: [
        { name: 'stateRoot', type: 'bytes32', internalType: 'bytes32' },
        { name: 'pre', type: 'bytes32', internalType: 'bytes32' },
      ],
    },
    {
      type: 'error',
      name: 'TruncatedTransfers',
      inputs: [{ name: 'length', type: 'uint256', internalType: 'uint256' }],
    },
    { type: 'error', name: 'ZeroSegmentSize', inputs: [] },
    {
      type: 'error',
      name: 'AlreadyOpened',
      inputs: [
        { name: 'tenant', type: 'address', internalType: 'address' },
        { name: 'claimHash', type: 'bytes32', internalType: 'bytes32' },
      ],
    },
    {
      type: 'error',
      name: 'AlreadyRecorded',
      inputs: [{ name: 'claimsRoot', type: 'bytes32', internalType: 'bytes32' }],
    },
    {
      type: 'error',
      name: 'EntryNotInPool',
      inputs: [
        { name: 'payouts', type: 'bytes32', internalType: 'bytes32' },
        { name: 'pathRoot', type: 'bytes32', internalType: 'bytes32' },
      ],
    },
    {
      type: 'error',
      name: 'IndexOutsideTree',
      inputs: [
        { name: 'index', type: 'uint256', internalType: 'uint256' },
        { name: 'levels', type: 'uint256', internalType: 'uint256' },
      ],
    },
    {
      type: 'error',
      name: 'InsufficientDeposit',
      inputs: [
        { name: 'tenant', type: 'address', internalType: 'address' },
        { name: 'balanceWei', type: 'uint256', internalType: 'uint256' },
        { name: 'neededWei', type: 'uint256', internalType: 'uint256' },
      ],
    },
    {
      type: 'error',
      name: 'InvalidPosition',
      inputs: [
        { name: 'position', type: 'uint256', internalType: 'uint256' },
        { name: 'levels', type: 'uint256', internalType: 'uint256' },
      ],
    },
    {
      type: 'error',
      name: 'InvalidProof',
      inputs: [{ name: 'publicInput', type: 'bytes32', internalType: 'bytes32' }],
    },
    {
      type: 'error',
      name: 'NotAContract',
      inputs: [{ name: 'account', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'NotOpened',
      inputs: [
        { name: 'tenant', type: 'address', internalType: 'address' },
        { name: 'claimHash', type: 'bytes32', internalType: 'bytes32' },
      ],
    },
    {
      type: 'error',
      name: 'NotRecorded',
      inputs: [{ name: 'claimsRoot', type: 'bytes32', internalType: 'bytes32' }],
    },
    {
      type: 'error',
      name: 'NothingAnnounced',
      inputs: [{ name: 'tenant', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'NothingDue',
      inputs: [{ name: 'pool', type: 'bytes32', internalType: 'bytes32' }],
    },
    {
      type: 'error',
      name: 'SafeCastOverflowedUintDowncast',
      inputs: [
        { name: 'bits', type: 'uint8', internalType: 'uint8' },
        { name: 'value', type: 'uint256', internalType: 'uint256' },
      ],
    },
    {
      type: 'error',
      name: 'TooEarly',
      inputs: [{ name: 'leavingAt', type: 'uint256', internalType: 'uint256' }],
    },
    {
      type: 'error',
      name: 'TransferFailed',
      inputs: [{ name: 'to', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'VerifierReverted',
      inputs: [{ name: 'reason', type: 'bytes', internalType: 'bytes' }],
    },
    { type: 'error', name: 'ZeroAmount', inputs: [] },
  ],
} as const

/** Creation bytecodes by contract, without constructor arguments. */
export const bytecodes = {
  Settlement:
    '0x60e060405234801561000f575f5ffd5b50604051612a81380380612a8183398101604081905261002e916100d3565b826001600160a01b0381163b610068576040516322a2d07b60e21b81526001600160a01b0390911660048201526024015b60405180910390fd5b50806001600160a01b0381163b61009e576040516322a2d07b60e21b81526001600160a01b03909116600482015260240161005f565b506001600160a01b0392831660805260a0919091521660c052610113565b6001600160a01b03811681146100d0575f5ffd5b50565b5f5f5f606084860312156100e5575f5ffd5b83516100f0816100bc565b602085015160408601519194509250610108816100bc565b809150509250925092565b60805160a05160c0516129286101595f395f818161041f0152610b3901525f81816104e801528181610d060152610fa801525f81816102fc01526120d501526129285ff3fe608060405260043610610157575f3560e01c806374bf3814116100bb578063e0ba6c0111610071578063f340fa0111610057578063f340fa0114610529578063f965504b1461053c578063fef025d11461055b575f5ffd5b8063e0ba6c01146104d7578063e11a31941461050a575f5ffd5b8063874253f2116100a1578063874253f2146104415780639706ede214610460578063ba7e3128146104b8575f5ffd5b806374bf3814146103cb5780637ce914111461040e575f5ffd5b80632b7ac3f31161011057806351e41700116100f657806351e417001461036257806359997e4a14610381578063609ca562146103a0575f5ffd5b80632b7ac3f3146102eb5780633cf89dce14610343575f5ffd5b806312dcb7a01161014057806312dcb7a0146101a357806313e2c93c146101d257806323e3fbd5146101f3575f5ffd5b8063090a38c81461015b5780630ebb172a1461018d575b5f5ffd5b348015610166575f5ffd5b5061017a610175366004612348565b610571565b6040519081526020015b60405180910390f35b348015610198575f5ffd5b5061017a6201518081565b3480156101ae575f5ffd5b506101c26101bd3660046123b4565b61063a565b6040519015158152602001610184565b3480156101dd575f5ffd5b506101f16101ec3660046123cb565b610657565b005b3480156101fe575f5ffd5b506102ac61020d3660046123cb565b60408051606080820183525f808352602080840182905292840181905273ffffffffffffffffffffffffffffffffffffffff949094168452600382529282902082519384018352546bffffffffffffffffffffffff80821685526c01000000000000000000000000820416918401919091527801000000000000000000000000000000000000000000000000900467ffffffffffffffff169082015290565b6040805182516bffffffffffffffffffffffff9081168252602080850151909116908201529181015167ffffffffffffffff1690820152606001610184565b3480156102f6575f5ffd5b5061031e7f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff9091168152602001610184565b34801561034e575f5ffd5b506101c261035d3660046123fa565b61070a565b34801561036d575f5ffd5b506101f161037c3660046123cb565b61072d565b34801561038c575f5ffd5b5061017a61039b3660046123fa565b6109c6565b3480156103ab575f5ffd5b5061017a6103ba3660046123cb565b5f6020819052908152604090205481565b3480156103d6575f5ffd5b506103ea6103e5366004612452565b610c3f565b60408051825115158152602080840151908201529181015190820152606001610184565b348015610419575f5ffd5b5061031e7f000000000000000000000000000000000000000000000000000000000000000081565b34801561044c575f5ffd5b506101f161045b3660046124b8565b610cfb565b34801561046b575f5ffd5b5061047f61047a3660046123b4565b610d3b565b6040516101849190815163ffffffff16815260208083015190820152604080830151908201526060918201519181019190915260800190565b3480156104c3575f5ffd5b506101f16104d23660046123b4565b610ddb565b3480156104e2575f5ffd5b5061017a7f000000000000000000000000000000000000000000000000000000000000000081565b348015610515575f5ffd5b506101f16105243660046124b8565b610f9d565b6101f16105373660046123cb565b610fe8565b348015610547575f5ffd5b5061017a610556366004612509565b6110ed565b348015610566575f5ffd5b5061017a621ab3f081565b5f5f61057e878787611187565b73ffffffffffffffffffffffffffffffffffffffff89165f90815260026020908152604080832084845290915290209091506105c0815463ffffffff16151590565b8983909161061d576040517fe33b4d4300000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff909216600483015260248201526044015b60405180910390fd5b505061062d8183888a89896111ea565b9998505050505050505050565b5f8181526001602052604081205463ffffffff1615155b92915050565b335f90815260208190526040812054908190036106a0576040517f1f2a200500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b335f8181526020818152604080832092909255905183815273ffffffffffffffffffffffffffffffffffffffff851692917f5fa8be79d2e5d1f00fc584c6cb307bbda94ebda9087bf2a8c023bd67107acef6910160405180910390a36107068282611517565b5050565b5f6107226101bd61071a876115ce565b8686866115ea565b90505b949350505050565b335f81815260036020908152604091829020825160608101845290546bffffffffffffffffffffffff80821683526c0100000000000000000000000082041692820192909252780100000000000000000000000000000000000000000000000090910467ffffffffffffffff1691810182905291906107f1576040517f11a3161b00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff9091166004820152602401610614565b50604081015167ffffffffffffffff8116421015610848576040517f2a35a32400000000000000000000000000000000000000000000000000000000815267ffffffffffffffff9091166004820152602401610614565b505f815f01516bffffffffffffffffffffffff1682602001516bffffffffffffffffffffffff161061087b578151610881565b81602001515b9050604051806060016040528082845f015161089d919061257e565b6bffffffffffffffffffffffff90811682525f6020808401829052604093840182905233808352600382529184902085518154878401519787015167ffffffffffffffff1678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff9887166c01000000000000000000000000027fffffffffffffffff000000000000000000000000000000000000000000000000909216928716929092171796909616959095179094559151908416815273ffffffffffffffffffffffffffffffffffffffff8616927f2cd6435b1b961c13f55202979edd0765a809f69a539d8a477436c94c1211e43e910160405180910390a36109c183826bffffffffffffffffffffffff16611517565b505050565b5f6109d0856115ce565b90505f6109df828686866115ea565b5f818152600160209081526040808320338452600283528184208785529092529091208154929350909163ffffffff168381610a4a576040517f5b441e3400000000000000000000000000000000000000000000000000000000815260040161061491815260200190565b5081543390869063ffffffff1615610aac576040517f02fbd8ab00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff90921660048301526024820152604401610614565b505f9050610ad2621ab3f0610ac26001856125a2565b610acc91906125b5565b83611726565b90505f610ae38260808d01356125cc565b6040517f3b11d42b0000000000000000000000000000000000000000000000000000000081523360048201528c356024820152604481018290529091505f9073ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001690633b11d42b90606401602060405180830381865afa158015610b7e573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610ba291906125df565b90505f8215610bbb57610bb6828585611759565b610bbd565b5f5b9050610bc93383611809565b610be06001610bd883856125a2565b88919061191b565b610bea878261197b565b8789337f3191df6a1c830b718a585dd6722bbfa80f64099defef6a8305829eeccd4ad717610c1885876125a2565b60408051918252602082018790520160405180910390a45050505050505050949350505050565b610c6260405180606001604052805f151581526020015f81526020015f81525090565b73ffffffffffffffffffffffffffffffffffffffff83165f908152600260209081526040808320858452909152908190208151606081019092529080610cae835463ffffffff16151590565b1515815291546dffffffffffffffffffffffffffff640100000000820481166020850152720100000000000000000000000000000000000090910416604090920191909152905092915050565b6109c18383610d2a847f00000000000000000000000000000000000000000000000000000000000000006119e4565b610d33856115ce565b60015f611a7e565b610d6860405180608001604052805f63ffffffff1681526020015f81526020015f81526020015f81525090565b505f908152600160209081526040918290208251608081018452815463ffffffff81168252600290920154928101929092526dffffffffffffffffffffffffffff640100000000820481169383019390935272010000000000000000000000000000000000009004909116606082015290565b335f90815260036020526040812090829003610e23576040517f1f2a200500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b805433906bffffffffffffffffffffffff168381811115610ea3576040517f2fc28c5300000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff90931660048401526bffffffffffffffffffffffff90911660248301526044820152606401610614565b5050505f6201518042610eb691906125cc565b9050610ec183611b5f565b82546bffffffffffffffffffffffff919091166c01000000000000000000000000027fffffffffffffffff000000000000000000000000ffffffffffffffffffffffff909116178255610f1381611bb4565b825467ffffffffffffffff9190911678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff909116178255604080518481526020810183905233917f9af5208f4a6f6c7001c4c7c54434505fccefba7771cf71365559106c39b59d1891015b60405180910390a2505050565b6109c18383610fcc847f0000000000000000000000000000000000000000000000000000000000000000611c03565b8435610fde6040870160208801612609565b8660400135611a7e565b345f03611021576040517f1f2a200500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b61102a34611b5f565b73ffffffffffffffffffffffffffffffffffffffff82165f908152600360205260408120805490919061106c9084906bffffffffffffffffffffffff16612622565b92506101000a8154816bffffffffffffffffffffffff02191690836bffffffffffffffffffffffff1602179055508073ffffffffffffffffffffffffffffffffffffffff167f2da466a7b24304f47e87fa2e1e5a81b9831ce54fec19055ce277ca2f39ba42c4346040516110e291815260200190565b60405180910390a250565b5f838152600160205260408120805463ffffffff161515859061113f576040517f5b441e3400000000000000000000000000000000000000000000000000000000815260040161061491815260200190565b5080545f90621ab3f09061115b9060019063ffffffff166125a2565b61116591906125b5565b905061117b825f018784600201548489896111ea565b925050505b9392505050565b604080517f10432e426474f7df9b44e8cd12023b0d99e930288b9a57f6a6d6c6aeda43fd5a602082015290810184905260608101839052608081018290525f9060a0015b6040516020818303038152906040528051906020012090509392505050565b5f808267ffffffffffffffff81111561120557611205612646565b60405190808252806020026020018201604052801561122e578160200160208202803683370190505b5090505f5b838110156113c5573685858381811061124e5761124e612673565b905060200281019061126091906126a0565b90505f61126c82611c39565b905088818181146112b2576040517fcace2bb900000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610614565b506112c990508b606084013560208501358b611d84565b8484815181106112db576112db612673565b6020026020010181815250508383815181106112f9576112f9612673565b60200260200101515f0361130e5750506113bd565b83838151811061132057611320612673565b60200260200101518561133391906125cc565b945061134260208301836123cb565b73ffffffffffffffffffffffffffffffffffffffff168a7f6685d9b89a3bd77654e9d2bf91bbd289929684130c0495db53d246756c3bab0a845f016040013587878151811061139357611393612673565b60200260200101516040516113b2929190918252602082015260400190565b60405180910390a350505b600101611233565b508682611401576040517f476c41b100000000000000000000000000000000000000000000000000000000815260040161061491815260200190565b505f805b8481101561150a575f86868381811061142057611420612673565b905060200281019061143291906126a0565b6114409060208101906123cb565b905083828151811061145457611454612673565b60200260200101518361146791906125cc565b9250856114758360016125cc565b1080156114e8575073ffffffffffffffffffffffffffffffffffffffff811687876114a18560016125cc565b8181106114b0576114b0612673565b90506020028101906114c291906126a0565b6114d09060208101906123cb565b73ffffffffffffffffffffffffffffffffffffffff16145b156114f35750611502565b6114fd8184611ec8565b5f9250505b600101611405565b5050509695505050505050565b5f8273ffffffffffffffffffffffffffffffffffffffff16826040515f6040518083038185875af1925050503d805f811461156d576040519150601f19603f3d011682016040523d82523d5f602084013e611572565b606091505b505090508083906115c8576040517f39f1c8d900000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff9091166004820152602401610614565b50505050565b5f6106516115db83611f6c565b83608001358460a00135611187565b5f81848181811c15611631576040517fb0a9aa6b00000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610614565b508692505f90505b8181101561171c575f85858381811061165457611654612673565b9050602002013590508187901c6001166001146116c057604080517f8316acc4aa37660596fcfd8e91c99de1365afb861dbfec1c35a2a4a0059e5c0660208201529081018590526060810182905260800160405160208183030381529060405280519060200120611711565b604080517f8316acc4aa37660596fcfd8e91c99de1365afb861dbfec1c35a2a4a0059e5c06602082015290810182905260608101859052608001604051602081830303815290604052805190602001205b935050600101611639565b5050949350505050565b5f815f03611738576117386012611fba565b81600184038161174a5761174a6126dc565b04600101831515029392505050565b5f5f5f6117668686611fcb565b91509150815f0361178a57838181611780576117806126dc565b0492505050611180565b8184116117a1576117a16003851502601118611fba565b5f848688095f868103871696879004966002600389028118808a02820302808a02820302808a02820302808a02820302808a02820302808a02909103029181900381900460010185841190960395909502919093039390930492909217029150509392505050565b73ffffffffffffffffffffffffffffffffffffffff82165f908152600360205260409020546bffffffffffffffffffffffff168281838082101561189f576040517f2fc28c5300000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff909316600484015260248301919091526044820152606401610614565b5050506118b682826118b191906125a2565b611b5f565b73ffffffffffffffffffffffffffffffffffffffff939093165f90815260036020526040902080547fffffffffffffffffffffffffffffffffffffffff000000000000000000000000166bffffffffffffffffffffffff909416939093179092555050565b5f61192582612006565b84546dffffffffffffffffffffffffffff909116640100000000027fffffffffffffffffffffffffffff00000000000000000000000000000000000090911663ffffffff90941693909317929092179092555050565b61198481612006565b825483906004906119ae90849064010000000090046dffffffffffffffffffffffffffff16612709565b92506101000a8154816dffffffffffffffffffffffffffff02191690836dffffffffffffffffffffffffffff1602179055505050565b604080517f2558010fdbe17d45a088ab83b4204562265ab8a1af94bd49aa667ddbd615738d6020808301919091528183018490528435606080840191909152908501356080808401919091529285013560a0808401919091529085013560c08301529184013560e0820152908301356101008201525f90610120015b60405160208183030381529060405280519060200120905092915050565b5f8381526001602052604090208054849063ffffffff1615611acf576040517f05a64c2000000000000000000000000000000000000000000000000000000000815260040161061491815260200190565b50611ae48787611adf8860081c90565b612059565b80547fffffffffffffffffffffffffffffffffffffffffffffffffffffffff000000001663ffffffff8416908117825560028201839055604080519182526020820184905285917f0b21b4fcd838de31d2e4aa7058bbab89870fa3af04c7b35566e28fdc32439f0a910160405180910390a250505050505050565b5f6bffffffffffffffffffffffff821115611bb0576040517f6dfcc6500000000000000000000000000000000000000000000000000000000081526060600482015260248101839052604401610614565b5090565b5f67ffffffffffffffff821115611bb057604080517f6dfcc650000000000000000000000000000000000000000000000000000000008152600481019190915260248101839052604401610614565b5f7ff3cfe4efba224b48d5077d29dc4ef8bea552656a7a7a22ae03397a014f0a28cb8284604051602001611a609392919061272f565b5f80611c486080840184612796565b9150506060830135611c598461220f565b92505f5b82811015611d335736611c736080870187612796565b83818110611c8357611c83612673565b90506040020190505f83600316905080600103611cb557611cae8683358460015b6020020135612281565b9550611d22565b80600203611ccb57611cae823587846001611ca4565b80600303611ce357611cae8235602084013588612281565b6040517f7cdcced30000000000000000000000000000000000000000000000000000000081526060880135600482015260248101869052604401610614565b505060029190911c90600101611c5d565b506060840135828215611d7b576040517f7cdcced300000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610614565b50505050919050565b5f815f03611d9357505f610725565b5f848152600186016020526040812054865490916dffffffffffffffffffffffffffff72010000000000000000000000000000000000008304811692611de39184916401000000009004166127fa565b88546dffffffffffffffffffffffffffff91821692505f91611e0f916401000000009004168888611759565b9050838111611e24575f945050505050610725565b611e37611e3185836125a2565b836122c9565b9450845f03611e4c575f945050505050610725565b611e5685856125cc565b5f89815260018b016020526040902055611e6f85612006565b611e799084612709565b89546dffffffffffffffffffffffffffff9190911672010000000000000000000000000000000000000271ffffffffffffffffffffffffffffffffffff90911617895550505050949350505050565b805f03611ed3575050565b5f5f5f5f5f8587617530f190508015611eeb57505050565b73ffffffffffffffffffffffffffffffffffffffff83165f9081526020819052604081208054849290611f1f9084906125cc565b909155505060405182815273ffffffffffffffffffffffffffffffffffffffff8416907f9c9e0cdb1670e88302408e5b941dc636f63a3293204694bb68910fcf3d9305f390602001610f90565b604080518235602082810191909152830135818301529082013560608281019190915282013560808201525f9060a0015b604051602081830303815290604052805190602001209050919050565b634e487b715f52806020526024601cfd5b5f807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff83850993909202808410938190039390930393915050565b5f6dffffffffffffffffffffffffffff821115611bb0576040517f6dfcc6500000000000000000000000000000000000000000000000000000000081526070600482015260248101839052604401610614565b6040805160018082528183019092525f916020808301908036833701905050905081815f8151811061208d5761208d612673565b60209081029190910101526040517fea50d0e400000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000169063ea50d0e49061210e90879087908690600401612820565b602060405180830381865afa925050508015612165575060408051601f3d9081017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0168201909252612162918101906128b6565b60015b6121cc573d808015612192576040519150601f19603f3d011682016040523d82523d5f602084013e612197565b606091505b50806040517fc3aa962000000000000000000000000000000000000000000000000000000000815260040161061491906128d5565b8281612207576040517f47f66a5500000000000000000000000000000000000000000000000000000000815260040161061491815260200190565b505050505050565b5f7f3be9dc97483c8ce0e21ca72574fad8a3e5f80b945602a778d179e8fce52f0afa61223e60208401846123cb565b6040805160208181019490945273ffffffffffffffffffffffffffffffffffffffff9092168282015291840135606082015290830135608082015260a001611f9d565b604080517f44ff39472c9572fd966f13de135ddcf7eabc112a2c6098d59c9f4bd913a0da2e602082015290810184905260608101839052608081018290525f9060a0016111cb565b5f828218828410028218611180565b803573ffffffffffffffffffffffffffffffffffffffff811681146122fb575f5ffd5b919050565b5f5f83601f840112612310575f5ffd5b50813567ffffffffffffffff811115612327575f5ffd5b6020830191508360208260051b8501011115612341575f5ffd5b9250929050565b5f5f5f5f5f5f60a0878903121561235d575f5ffd5b612366876122d8565b9550602087013594506040870135935060608701359250608087013567ffffffffffffffff811115612396575f5ffd5b6123a289828a01612300565b979a9699509497509295939492505050565b5f602082840312156123c4575f5ffd5b5035919050565b5f602082840312156123db575f5ffd5b611180826122d8565b5f60c082840312156123f4575f5ffd5b50919050565b5f5f5f5f610100858703121561240e575f5ffd5b61241886866123e4565b935060c0850135925060e085013567ffffffffffffffff81111561243a575f5ffd5b61244687828801612300565b95989497509550505050565b5f5f60408385031215612463575f5ffd5b61246c836122d8565b946020939093013593505050565b5f5f83601f84011261248a575f5ffd5b50813567ffffffffffffffff8111156124a1575f5ffd5b602083019150836020828501011115612341575f5ffd5b5f5f5f60e084860312156124ca575f5ffd5b833567ffffffffffffffff8111156124e0575f5ffd5b6124ec8682870161247a565b9094509250612500905085602086016123e4565b90509250925092565b5f5f5f6040848603121561251b575f5ffd5b83359250602084013567ffffffffffffffff811115612538575f5ffd5b61254486828701612300565b9497909650939450505050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b6bffffffffffffffffffffffff828116828216039081111561065157610651612551565b8181038181111561065157610651612551565b808202811582820484141761065157610651612551565b8082018082111561065157610651612551565b5f602082840312156125ef575f5ffd5b5051919050565b803563ffffffff811681146122fb575f5ffd5b5f60208284031215612619575f5ffd5b611180826125f6565b6bffffffffffffffffffffffff818116838216019081111561065157610651612551565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f82357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff618336030181126126d2575f5ffd5b9190910192915050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b6dffffffffffffffffffffffffffff818116838216019081111561065157610651612551565b83815260208082018490528235604083015261010082019063ffffffff906127589085016125f6565b1660608381019190915260408401356080808501919091529084013560a0808501919091529084013560c08401529092013560e09091015292915050565b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe18436030181126127c9575f5ffd5b83018035915067ffffffffffffffff8211156127e3575f5ffd5b6020019150600681901b3603821315612341575f5ffd5b6dffffffffffffffffffffffffffff828116828216039081111561065157610651612551565b60408152826040820152828460608301375f606084830101525f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f85011682016060810160608483030160208501528085518083526080840191506020870193505f92505b808310156128aa5783518252602082019150602084019350600183019250612887565b50979650505050505050565b5f602082840312156128c6575f5ffd5b81518015158114611180575f5ffd5b602081525f82518060208401528060208501604085015e5f6040828501015260407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f8301168401019150509291505056',
  FixedPricing:
    '0x60a0604052348015600e575f5ffd5b50604051610221380380610221833981016040819052602b916032565b6080526048565b5f602082840312156041575f5ffd5b5051919050565b6080516101bc6100655f395f818160620152608d01526101bc5ff3fe608060405234801561000f575f5ffd5b5060043610610034575f3560e01c80633b11d42b14610038578063b4a65a7f1461005d575b5f5ffd5b61004b610046366004610109565b610084565b60405190815260200160405180910390f35b61004b7f000000000000000000000000000000000000000000000000000000000000000081565b5f6100bb6100b27f000000000000000000000000000000000000000000000000000000000000000084610153565b620f42406100c3565b949350505050565b5f815f036100d5576100d560126100f8565b8160018403816100e7576100e761018f565b046001018315150290505b92915050565b634e487b715f52806020526024601cfd5b5f5f5f6060848603121561011b575f5ffd5b833573ffffffffffffffffffffffffffffffffffffffff8116811461013e575f5ffd5b95602085013595506040909401359392505050565b80820281158282048414176100f2577f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd',
  PaymentsRollup:
    '0x610120604052348015610010575f5ffd5b506040516110bd3803806110bd83398101604081905261002f9161008f565b835f0361004f576040516337579c5360e11b815260040160405180910390fd5b6001600160a01b0395861660805260a09490945260c0929092525f5560e05216610100526100ec565b6001600160a01b038116811461008c575f5ffd5b50565b5f5f5f5f5f5f60c087890312156100a4575f5ffd5b86516100af81610078565b6020880151604089015160608a015160808b015160a08c0151949a50929850909650945092506100de81610078565b809150509295509295509295565b60805160a05160c05160e05161010051610f646101595f395f818161017b01528181610480015261083501525f6101bd01525f818160e2015261062601525f8181610200015261022401525f818161011c015281816103e20152818161053701526108d60152610f645ff3fe608060405234801561000f575f5ffd5b50600436106100c4575f3560e01c80637d5b25da1161007d578063ba7e312811610058578063ba7e3128146101df578063ba873065146101f2578063c860ebc6146101fb575f5ffd5b80637d5b25da1461019d5780639588eca2146101b05780639a8a0592146101b8575f5ffd5b806351160630116100ad578063511606301461011757806351e41700146101635780635c1bba3814610176575f5ffd5b80631b5523e6146100c85780633cec9309146100dd575b5f5ffd5b6100db6100d6366004610bac565b610222565b005b6101047f000000000000000000000000000000000000000000000000000000000000000081565b6040519081526020015b60405180910390f35b61013e7f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff909116815260200161010e565b6100db610171366004610c70565b610468565b61013e7f000000000000000000000000000000000000000000000000000000000000000081565b6101046101ab366004610caa565b610592565b6101045f5481565b6101047f000000000000000000000000000000000000000000000000000000000000000081565b6100db6101ed366004610ce9565b61081d565b61010460015481565b6101047f000000000000000000000000000000000000000000000000000000000000000081565b7f0000000000000000000000000000000000000000000000000000000000000000863580821461028c576040517f4f2a058a000000000000000000000000000000000000000000000000000000008152600481019290925260248201526044015b60405180910390fd5b50505f5460208701358082146102d7576040517f0414d44600000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610283565b50505f6102e48383610592565b905080606088013580821461032e576040517fe9c0930300000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610283565b505060408701355f90815560018054829061034890610d2d565b91829055509050807f8d7781e26bd87db05f49160ec1904802dcde344f0542c583e661ac5b9723891660208a01356040808c0135906103879088610d91565b6040805193845260208401929092529082015260600160405180910390a26040517f59997e4a00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016906359997e4a9061041d908b908b908b908b90600401610da4565b6020604051808303815f875af1158015610439573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061045d9190610e3a565b505050505050505050565b3373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001681146104f1576040517f0596787700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff9091166004820152602401610283565b506040517f51e4170000000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff82811660048301527f000000000000000000000000000000000000000000000000000000000000000016906351e41700906024015b5f604051808303815f87803b158015610579575f5ffd5b505af115801561058b573d5f5f3e3d5ffd5b5050505050565b5f8181036105cc576040517fc2e5347d00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6105d7604083610e51565b829015610613576040517f74f69a3a00000000000000000000000000000000000000000000000000000000815260040161028391815260200190565b5061061e838361091a565b5f61064a60407f0000000000000000000000000000000000000000000000000000000000000000610e64565b90505f610657848361098d565b67ffffffffffffffff81111561066f5761066f610e7b565b604051908082528060200260200182016040528015610698578160200160208202803683370190505b5090505f600182516106aa9190610ea8565b90505f5b818110156107215786866106c28684610e64565b90866106cf856001610ebb565b6106d99190610e64565b926106e693929190610ece565b6040516106f4929190610ef5565b604051809103902083828151811061070e5761070e610f04565b60209081029190910101526001016106ae565b505f868661072f8685610e64565b61073a928290610ece565b8080601f0160208091040260200160405190810160405280939291908181526020018383808284375f92019190915250508251929350839261077f9250905086610ea8565b67ffffffffffffffff81111561079757610797610e7b565b6040519080825280601f01601f1916602001820160405280156107c1576020820181803683370190505b506040516020016107d3929190610f48565b604051602081830303815290604052805190602001208383815181106107fb576107fb610f04565b602002602001018181525050610810836109c0565b9450505050505b92915050565b3373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001681146108a6576040517f0596787700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff9091166004820152602401610283565b506040517fba7e3128000000000000000000000000000000000000000000000000000000008152600481018290527f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff169063ba7e312890602401610562565b5f5b81811015610988578281013560601c801515610939604084610d91565b90610973576040517f5761a39800000000000000000000000000000000000000000000000000000000815260040161028391815260200190565b506109819050604082610ebb565b905061091c565b505050565b5f815f0361099f5761099f6012610b56565b8160018403816109b1576109b1610d64565b04600101831515029392505050565b80515f905b6001811115610b34575f5b6109db600283610d91565b811015610ab457610a8f846109f1836002610e64565b81518110610a0157610a01610f04565b602002602001015185836002610a179190610e64565b610a22906001610ebb565b81518110610a3257610a32610f04565b6020026020010151604080517f7f78dad4e8fdd757342fa9fcbd47c5c53223cb868e4d6a85b61a55e00786b8dd60208083019190915281830194909452606080820193909352815180820390930183526080019052805191012090565b848281518110610aa157610aa1610f04565b60209081029190910101526001016109d0565b50610ac0600282610e51565b600103610b165782610ad3600183610ea8565b81518110610ae357610ae3610f04565b602002602001015183600283610af99190610d91565b81518110610b0957610b09610f04565b6020026020010181815250505b6002610b23826001610ebb565b610b2d9190610d91565b90506109c5565b50815f81518110610b4757610b47610f04565b60200260200101519050919050565b634e487b715f52806020526024601cfd5b5f5f83601f840112610b77575f5ffd5b50813567ffffffffffffffff811115610b8e575f5ffd5b602083019150836020828501011115610ba5575f5ffd5b9250929050565b5f5f5f5f5f5f868803610120811215610bc3575f5ffd5b60c0811215610bd0575f5ffd5b5086955060c0860135945060e086013567ffffffffffffffff811115610bf4575f5ffd5b8701601f81018913610c04575f5ffd5b803567ffffffffffffffff811115610c1a575f5ffd5b8960208260051b8401011115610c2e575f5ffd5b6020919091019450925061010087013567ffffffffffffffff811115610c52575f5ffd5b610c5e89828a01610b67565b979a9699509497509295939492505050565b5f60208284031215610c80575f5ffd5b813573ffffffffffffffffffffffffffffffffffffffff81168114610ca3575f5ffd5b9392505050565b5f5f60208385031215610cbb575f5ffd5b823567ffffffffffffffff811115610cd1575f5ffd5b610cdd85828601610b67565b90969095509350505050565b5f60208284031215610cf9575f5ffd5b5035919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8203610d5d57610d5d610d00565b5060010190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b5f82610d9f57610d9f610d64565b500490565b843581526020808601359082015260408086013590820152606080860135908201526080808601359082015260a0808601359082015260c0810184905261010060e0820181905281018290525f7f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff831115610e1d575f5ffd5b8260051b8085610120850137919091016101200195945050505050565b5f60208284031215610e4a575f5ffd5b5051919050565b5f82610e5f57610e5f610d64565b500690565b808202811582820484141761081757610817610d00565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b8181038181111561081757610817610d00565b8082018082111561081757610817610d00565b5f5f85851115610edc575f5ffd5b83861115610ee8575f5ffd5b5050820193919092039150565b818382375f9101908152919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f81518060208401855e5f93019283525090919050565b5f610f5c610f568386610f31565b84610f31565b94935050505056',
} as const
