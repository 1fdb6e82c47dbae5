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
    '0x60e0346100df57601f61267338819003918201601f19168301916001600160401b038311848410176100e3578084926060946040528339810103126100df5780516001600160a01b03811691908281036100df576020820151604090920151926001600160a01b0384168085036100df5761008082610089933b15156100f7565b803b15156100f7565b60805260a05260c0526040516125539081610120823960805181818161052601528181610b9b01526114ce015260a05181818161038a0152818161071c01526109eb015260c051818181610d000152610f8f0152f35b5f80fd5b634e487b7160e01b5f52604160045260245ffd5b156100ff5750565b6322a2d07b60e21b5f9081526001600160a01b0391909116600452602490fdfe60806040526004361015610011575f80fd5b5f3560e01c8063090a38c8146116d95780630ebb172a1461169e57806312dcb7a01461164e57806313e2c93c146115ab57806323e3fbd5146114f25780632b7ac3f3146114845780633cf89dce1461144557806351e417001461119257806359997e4a14610e48578063609ca56214610de657806374bf381414610d245780637ce9141114610cb6578063874253f2146109ad5780639706ede2146108eb578063ba7e31281461073f578063e0ba6c01146106e7578063e11a31941461034f578063f340fa0114610239578063f965504b146101345763fef025d1146100f5575f80fd5b34610130575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610130576020604051621ab3f08152f35b5f80fd5b346101305760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101305760043560243567ffffffffffffffff8111610130576101869036906004016117e4565b825f93929352600160205260405f20926101a98363ffffffff86541615156119d3565b63ffffffff8454167fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff810190811161020c57621ab3f0810290808204621ab3f0149015171561020c5784610204946002602097015491611b38565b604051908152f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b60207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101305761026b6117c1565b34156103275773ffffffffffffffffffffffffffffffffffffffff61028f34612280565b911690815f52600360205260405f20906bffffffffffffffffffffffff808354169116016bffffffffffffffffffffffff811161020c576bffffffffffffffffffffffff167fffffffffffffffffffffffffffffffffffffffff0000000000000000000000008254161790557f2da466a7b24304f47e87fa2e1e5a81b9831ce54fec19055ce277ca2f39ba42c46020604051348152a2005b7f1f2a2005000000000000000000000000000000000000000000000000000000005f5260045ffd5b346101305761035d36611872565b60405160208101917ff3cfe4efba224b48d5077d29dc4ef8bea552656a7a7a22ae03397a014f0a28cb83527f0000000000000000000000000000000000000000000000000000000000000000604083015280359283606084015260208201359263ffffffff84168094036101305783608082015260a06040840135938482840152606081013560c0840152608081013560e08401520135610100820152610100815261040b61012082611974565b51902093835f52600160205260405f209463ffffffff8654166106bb5760089691961c9060408097815161043f8382611974565b6001815260847fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f60208401948287013687378861047d86611af6565b528087519889987fea50d0e4000000000000000000000000000000000000000000000000000000008a5260048a01528160448a015260648901375f606482890101520116840160648101927ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc606487840301016024870152518093520191905f5b8181106106a2575050509080602092038173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa5f9181610665575b506105d35760206044887fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f610585611ee5565b92519485937fc3aa96200000000000000000000000000000000000000000000000000000000085528160048601528051918291826024880152018686015e5f85828601015201168101030190fd5b959394951561063a57508060027f0b21b4fcd838de31d2e4aa7058bbab89870fa3af04c7b35566e28fdc32439f0a9596847fffffffffffffffffffffffffffffffffffffffffffffffffffffffff00000000825416178155015582519182526020820152a2005b7f47f66a55000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9091506020813d60201161069a575b8161068160209383611974565b8101031261013057518015158103610130579088610550565b3d9150610674565b82518452859450602093840193909201916001016104fe565b847f05a64c20000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b34610130575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101305760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b346101305760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261013057600435335f52600360205260405f208115610327576bffffffffffffffffffffffff8154168083116108b757506201518042019081421161020c576107fe6107b584612280565b82547fffffffffffffffff000000000000000000000000ffffffffffffffffffffffff1660609190911b77ffffffffffffffffffffffff00000000000000000000000016178255565b67ffffffffffffffff821161088657805477ffffffffffffffffffffffffffffffffffffffffffffffff1660c083901b7fffffffffffffffff0000000000000000000000000000000000000000000000001617905560405191825260208201527f9af5208f4a6f6c7001c4c7c54434505fccefba7771cf71365559106c39b59d1860403392a2005b507f6dfcc650000000000000000000000000000000000000000000000000000000005f52604060045260245260445ffd5b90507f2fc28c53000000000000000000000000000000000000000000000000000000005f523360045260245260445260645ffd5b346101305760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610130575f606060405161092981611958565b82815282602082015282604082015201526004355f526001602052608060405f208054600263ffffffff82169201546040519061096582611958565b83825260208201908152606060408301926dffffffffffffffffffffffffffff8560201c168452019260901c8352604051938452516020840152516040830152516060820152f35b34610130576109bb36611872565b610a6360405160208101907f2558010fdbe17d45a088ab83b4204562265ab8a1af94bd49aa667ddbd615738d82527f000000000000000000000000000000000000000000000000000000000000000060408201528335606082015260208401356080820152604084013560a0820152606084013560c0820152608084013560e082015260a08401356101008201526101008152610a5a61012082611974565b51902091611f9e565b92835f52600160205260405f209163ffffffff8354166106bb5760089391931c906040938451610a938682611974565b6001815260208101907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0870136833784610acc82611af6565b5260847fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f868a519788977fea50d0e40000000000000000000000000000000000000000000000000000000089528c60048a01528160448a015260648901375f606482890101520116840160648101927ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc606487840301016024870152518093520191905f5b818110610c9d575050509080602092038173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa5f9181610c60575b50610bfa5760206044857fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f610585611ee5565b1561063a5750905f60027f0b21b4fcd838de31d2e4aa7058bbab89870fa3af04c7b35566e28fdc32439f0a9360017fffffffffffffffffffffffffffffffffffffffffffffffffffffffff0000000082541617815501558051600181525f6020820152a2005b9091506020813d602011610c95575b81610c7c60209383611974565b8101031261013057518015158103610130579086610bc5565b3d9150610c6f565b8251845285945060209384019390920191600101610b73565b34610130575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261013057602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b346101305760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101305773ffffffffffffffffffffffffffffffffffffffff610d706117c1565b610d786119b5565b50165f52600260205260405f206024355f52602052606060405f2063ffffffff81541615159054604051610dab8161190f565b828152604060208201916dffffffffffffffffffffffffffff8460201c168352019160901c8252604051928352516020830152516040820152f35b346101305760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101305773ffffffffffffffffffffffffffffffffffffffff610e326117c1565b165f525f602052602060405f2054604051908152f35b3461013057610e6d610e5936611815565b90610e6684959394611f9e565b9384611ff1565b805f52600160205260405f20335f52600260205260405f20835f5260205260405f209063ffffffff815416801590610ea68583156119d3565b63ffffffff845416611162577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81019181831161020c57621ab3f0830292808404621ab3f0149015171561020c5761115057610f266001917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff84016120f6565b0190151502610f39816080880135611a13565b604051967f3b11d42b00000000000000000000000000000000000000000000000000000000885233600489015235602488015280604488015260208760648173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165afa968715611145575f97611111575b50806111015750505f915b335f5260036020526bffffffffffffffffffffffff60405f2054168681106110cd57928661108f82809561108a6110949661101061100b60209e8e9c611a06565b612280565b335f5260038e526bffffffffffffffffffffffff60405f2091167fffffffffffffffffffffffffffffffffffffffff00000000000000000000000082541617905560017fffffffffffffffffffffffffffffffffffffffffffffffffffffffff000000008254161781556110848487611a06565b90612218565b612218565b611a06565b90604051918252858201527f3191df6a1c830b718a585dd6722bbfa80f64099defef6a8305829eeccd4ad71760403392a4604051908152f35b86907f2fc28c53000000000000000000000000000000000000000000000000000000005f523360045260245260445260645ffd5b61110b918761212d565b91610fca565b9096506020813d60201161113d575b8161112d60209383611974565b8101031261013057519587610fbf565b3d9150611120565b6040513d5f823e3d90fd5b634e487b715f5260126020526024601cfd5b857f02fbd8ab000000000000000000000000000000000000000000000000000000005f523360045260245260445ffd5b346101305760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610130576111c96117c1565b335f52600360205260405f20604051906111e28261190f565b546bffffffffffffffffffffffff8116825260208201906bffffffffffffffffffffffff8160601c16825260c01c6040830190808252156114195767ffffffffffffffff9051168042106113ee57505190516bffffffffffffffffffffffff9081169116818110156113da576bffffffffffffffffffffffff905b16809103916bffffffffffffffffffffffff831161020c5761138f6113d8936bffffffffffffffffffffffff604051916112968361190f565b16815267ffffffffffffffff602082015f81526113466bffffffffffffffffffffffff60408501925f8452335f526003602052818060405f20975116167fffffffffffffffffffffffffffffffffffffffff000000000000000000000000875416178655511684907fffffffffffffffff000000000000000000000000ffffffffffffffffffffffff77ffffffffffffffffffffffff00000000000000000000000083549260601b169116179055565b51825477ffffffffffffffffffffffffffffffffffffffffffffffff16911660c01b7fffffffffffffffff00000000000000000000000000000000000000000000000016179055565b60405182815273ffffffffffffffffffffffffffffffffffffffff8216907f2cd6435b1b961c13f55202979edd0765a809f69a539d8a477436c94c1211e43e60203392a3611f42565b005b506bffffffffffffffffffffffff8161125d565b7f2a35a324000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7f11a3161b000000000000000000000000000000000000000000000000000000005f523360045260245ffd5b346101305761146661146161145936611815565b939092611f9e565b611ff1565b5f526001602052602063ffffffff60405f2054161515604051908152f35b34610130575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261013057602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b346101305760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126101305773ffffffffffffffffffffffffffffffffffffffff61153e6117c1565b6115466119b5565b50165f526003602052606060405f2067ffffffffffffffff6040519161156b8361190f565b546bffffffffffffffffffffffff80821693848152604060208201918385891c168352019260c01c83526040519485525116602084015251166040820152f35b346101305760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610130576115e26117c1565b335f525f60205260405f20548015610327576113d891335f525f6020525f604081205560405182815273ffffffffffffffffffffffffffffffffffffffff8216907f5fa8be79d2e5d1f00fc584c6cb307bbda94ebda9087bf2a8c023bd67107acef660203392a3611f42565b346101305760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610130576004355f526001602052602063ffffffff60405f2054161515604051908152f35b34610130575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610130576020604051620151808152f35b346101305760a07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610130576117106117c1565b60443560643560843567ffffffffffffffff8111610130576117369036906004016117e4565b92909173ffffffffffffffffffffffffffffffffffffffff61175b8284602435611a20565b9516805f52600260205260405f20865f5260205260405f209063ffffffff82541615611791576020610204878787878c88611b38565b86907fe33b4d43000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b6004359073ffffffffffffffffffffffffffffffffffffffff8216820361013057565b9181601f840112156101305782359167ffffffffffffffff8311610130576020808501948460051b01011161013057565b7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc810161010081126101305760c0136101305760049160c4359160e4359067ffffffffffffffff82116101305761186e916004016117e4565b9091565b60e07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc8201126101305760043567ffffffffffffffff8111610130576004019181601f840112156101305782359267ffffffffffffffff8411610130578260208581840193010111610130577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc60c0919493011261013057602490565b6060810190811067ffffffffffffffff82111761192b57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b6080810190811067ffffffffffffffff82111761192b57604052565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761192b57604052565b604051906119c28261190f565b5f6040838281528260208201520152565b156119db5750565b7f5b441e34000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b9190820391821161020c57565b9190820180921161020c57565b916040519160208301937f10432e426474f7df9b44e8cd12023b0d99e930288b9a57f6a6d6c6aeda43fd5a855260408401526060830152608082015260808152611a6b60a082611974565b51902090565b67ffffffffffffffff811161192b5760051b60200190565b9190811015611ac95760051b810135907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff6181360301821215610130570190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b805115611ac95760200190565b8051821015611ac95760209160051b010190565b3573ffffffffffffffffffffffffffffffffffffffff811681036101305790565b959493925f96611b4786611a71565b93611b556040519586611974565b8685527fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0611b8288611a71565b013660208701375f5b878110611c6e57505050508515611c4357505f91825b848410611baf575050505050565b611bd7611bc5611bc0868886611a89565b611b17565b91611bd08686611b03565b5190611a13565b906001850180861161020c578681109081611c12575b50611c085790611bfc9161243d565b60015f935b0192611ba1565b5092600190611c01565b611c229150611bc0908886611a89565b73ffffffffffffffffffffffffffffffffffffffff8083169116145f611bed565b7f476c41b1000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b611c79818989611a89565b99611c8760808c018c6122d4565b90508b60608101359182611c9a83611b17565b60405173ffffffffffffffffffffffffffffffffffffffff60208201927f3be9dc97483c8ce0e21ca72574fad8a3e5f80b945602a778d179e8fce52f0afa8452166040820152602085013560608201526040850135608082015260808152611d0360a082611974565b519020925f905b838210611e2b575050611dfc5750848103611dcd575085611d319160208e01359087612328565b611d3b8389611b03565b52611d468288611b03565b5115611dc35790611d5d600192611bd0838a611b03565b9a867f6685d9b89a3bd77654e9d2bf91bbd289929684130c0495db53d246756c3bab0a604073ffffffffffffffffffffffffffffffffffffffff8b611dab87611da588611b17565b92611b03565b51838051970135875260208701521693a35b01611b8b565b9950600190611dbd565b847fcace2bb9000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b827f7cdcced3000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b806080611e3d929693949601906122d4565b831015611ac9578260061b0160038516600181145f14611e795750806001926020611e6c930135913590612508565b935b60021c91018f611d0a565b60028103611e9b5750806001926020611e959301359135612508565b93611e6e565b600303611eb557600191816020611e959301359035612508565b83867f7cdcced3000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b3d15611f3d573d9067ffffffffffffffff821161192b5760405191611f3260207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f8401160184611974565b82523d5f602084013e565b606090565b905f80808093855af1611f53611ee5565b5015611f5c5750565b73ffffffffffffffffffffffffffffffffffffffff907f39f1c8d9000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b611fee9060405160208101908235825260208301356040820152604083013560608201526060830135608082015260808152611fdb60a082611974565b519020608060a083013592013590611a20565b90565b91909182841c6120c657935f945b848610156120be576001908660051b840135908280878a1c16145f14612070576040519060208201927f8316acc4aa37660596fcfd8e91c99de1365afb861dbfec1c35a2a4a0059e5c0684526040830152606082015260608152612064608082611974565b5190205b950194611fff565b906040519060208201927f8316acc4aa37660596fcfd8e91c99de1365afb861dbfec1c35a2a4a0059e5c06845260408301526060820152606081526120b6608082611974565b519020612068565b945092505050565b50507fb0a9aa6b000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b8115612100570490565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b90917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff83830992808302928380861095039480860395146121dd57848311156121c55790829109815f0382168092046002816003021880820260020302808202600203028082026002030280820260020302808202600203028091026002030293600183805f03040190848311900302920304170290565b82634e487b715f52156003026011186020526024601cfd5b505090611fee92506120f6565b906dffffffffffffffffffffffffffff809116911601906dffffffffffffffffffffffffffff821161020c57565b90612222906124b0565b7fffffffffffffffffffffffffffff0000000000000000000000000000ffffffff71ffffffffffffffffffffffffffff000000006122758454936dffffffffffffffffffffffffffff8560201c166121ea565b60201b169116179055565b6bffffffffffffffffffffffff81116122a4576bffffffffffffffffffffffff1690565b7f6dfcc650000000000000000000000000000000000000000000000000000000005f52606060045260245260445ffd5b9035907fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe181360301821215610130570180359067ffffffffffffffff821161013057602001918160061b3603831361013057565b919093929384156124355760018301815f528060205260405f20548454936dffffffffffffffffffffffffffff8560901c9560201c1697858903916dffffffffffffffffffffffffffff831161020c576dffffffffffffffffffffffffffff61239293169961212d565b8181111561242a57816123a491611a06565b87808210911802808818971461242057906123c4876123de959493611a13565b915f5260205260405f20556123d8856124b0565b906121ea565b71ffffffffffffffffffffffffffffffffffff7fffffffffffffffffffffffffffff00000000000000000000000000000000000083549260901b169116179055565b505f955050505050565b505f96505050505050565b505f93505050565b81156124ac575f8080808585617530f16124ac57602073ffffffffffffffffffffffffffffffffffffffff7f9c9e0cdb1670e88302408e5b941dc636f63a3293204694bb68910fcf3d9305f3921692835f525f825260405f206124a1828254611a13565b9055604051908152a2565b5050565b6dffffffffffffffffffffffffffff81116124d8576dffffffffffffffffffffffffffff1690565b7f6dfcc650000000000000000000000000000000000000000000000000000000005f52607060045260245260445ffd5b916040519160208301937f44ff39472c9572fd966f13de135ddcf7eabc112a2c6098d59c9f4bd913a0da2e855260408401526060830152608082015260808152611a6b60a08261197456',
  FixedPricing:
    '0x60a034605c57601f6101e938819003918201601f19168301916001600160401b03831184841017606057808492602094604052833981010312605c5751608052604051610174908161007582396080518181816067015260de0152f35b5f80fd5b634e487b7160e01b5f52604160045260245ffdfe6080806040526004361015610012575f80fd5b5f3560e01c9081633b11d42b1461008e575063b4a65a7f14610032575f80fd5b3461008a575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261008a5760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b5f80fd5b3461008a5760607ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011261008a5760043573ffffffffffffffffffffffffffffffffffffffff81160361008a577f00000000000000000000000000000000000000000000000000000000000000006044358181029291811591840414171561014757816001620f42407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff602095010401901515028152f35b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd',
  PaymentsRollup:
    '0x6101203461011457601f61105b38819003918201601f19168301916001600160401b038311848410176101185780849260c094604052833981010312610114578051906001600160a01b038216820361011457602081015160408201516060830151608084015160a090940151949092906001600160a01b03861686036101145782156101055760805260a05260c0525f5560e05261010052604051610f2e908161012d82396080518181816101b4015281816104500152818161052501526107bb015260a05181818160c80152610645015260c05181818161057e0152610ac3015260e051816102760152610100518181816101750152818161038201526104120152f35b6337579c5360e11b5f5260045ffd5b5f80fd5b634e487b7160e01b5f52604160045260245ffdfe60806040526004361015610011575f80fd5b5f5f3560e01c80631b5523e6146105a15780633cec93091461054957806351160630146104db57806351e41700146103a65780635c1bba38146103375780637d5b25da146102d45780639588eca2146102995780639a8a059214610240578063ba7e31281461012a578063ba873065146100ee5763c860ebc614610093575f80fd5b346100eb57807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100eb5760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b80fd5b50346100eb57807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100eb576020600154604051908152f35b50346100eb5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100eb5761019c3373ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000163314610969565b8073ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016803b1561023d578180916024604051809481937fba7e312800000000000000000000000000000000000000000000000000000000835260043560048401525af18015610232576102215750f35b8161022b916108fb565b6100eb5780f35b6040513d84823e3d90fd5b50fd5b50346100eb57807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100eb5760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b50346100eb57807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100eb5760209054604051908152f35b50346100eb5760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100eb576004359067ffffffffffffffff82116100eb57602061032f61032936600486016108cd565b90610aa7565b604051908152f35b50346100eb57807ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126100eb57602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b50346104d75760207ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104d75760043573ffffffffffffffffffffffffffffffffffffffff81168091036104d7576104393373ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000163314610969565b73ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001690813b156104d7575f916024839260405194859384927f51e4170000000000000000000000000000000000000000000000000000000000845260048401525af180156104cc576104be575080f35b6104ca91505f906108fb565b005b6040513d5f823e3d90fd5b5f80fd5b346104d7575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104d757602060405173ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000168152f35b346104d7575f7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc3601126104d75760206040517f00000000000000000000000000000000000000000000000000000000000000008152f35b346104d7577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360161012081126104d75760c0136104d75760e43567ffffffffffffffff81116104d757366023820112156104d75780600401359067ffffffffffffffff82116104d7578160051b9036602483830101116104d7576101043567ffffffffffffffff81116104d75761063d9036906004016108cd565b9093600435947f000000000000000000000000000000000000000000000000000000000000000080870361089d5750602435905f5480830361086d57508361068491610aa7565b906064359180830361083d575060443590815f55600154947fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8614610810577f8d7781e26bd87db05f49160ec1904802dcde344f0542c583e661ac5b97238916606060017f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff980192836001556040519085825286602083015260061c6040820152a2604051977f59997e4a0000000000000000000000000000000000000000000000000000000089526004890152602488015260448701526064860152608435608486015260a43560a486015260c43560c486015261010060e486015280610104860152116104d757610124838360209460248395018484013781010301815f73ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000165af180156104cc576107e957005b602090813d8311610809575b6107ff81836108fb565b810103126104d757005b503d6107f5565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b90507fe9c09303000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b90507f0414d446000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b86907f4f2a058a000000000000000000000000000000000000000000000000000000005f5260045260245260445ffd5b9181601f840112156104d75782359167ffffffffffffffff83116104d757602083818601950101116104d757565b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff82111761093c57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b156109715750565b73ffffffffffffffffffffffffffffffffffffffff907f05967877000000000000000000000000000000000000000000000000000000005f521660045260245ffd5b909392938483116104d75784116104d7578101920390565b8181029291811591840414171561081057565b67ffffffffffffffff811161093c5760051b60200190565b67ffffffffffffffff811161093c57601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01660200190565b929192610a3c826109f6565b91610a4a60405193846108fb565b8294818452818301116104d7578281602093845f960137010152565b8051821015610a7a5760209160051b010190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b81159081610f0657603f8316610eda575f5b838110610e1a57507f0000000000000000000000000000000000000000000000000000000000000000918260061b9280840460401490151715610810578215610e08576001837fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8601040190150291610b4a610b34846109de565b93610b4260405195866108fb565b8085526109de565b937fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe06020850195013686378351927fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8401938411610810575f5b848110610dbe575081610bc591610bcc93610bbf86886109cb565b916109b3565b3691610a30565b805182039182116108105781610c80610c00610bea610c8a956109f6565b92610bf860405194856108fb565b8084526109f6565b917fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe060208201930136843760206040519384928280850197805191829101895e840190838201905f8252519283915e01015f8152037fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe081018352826108fb565b5190209183610a66565b5280515b60018111610ca157505115610a7a575190565b5f5b8160011c8110610d145750600180821614610ccc575b600181018091116108105760011c610c8e565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff810181811161081057610d009083610a66565b51610d0e8260011c84610a66565b52610cb9565b8060011b907f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8116810361081057610d4c8285610a66565b516001830180931161081057610d6460019386610a66565b516040519060208201927f7f78dad4e8fdd757342fa9fcbd47c5c53223cb868e4d6a85b61a55e00786b8dd84526040830152606082015260608152610daa6080826108fb565b519020610db78286610a66565b5201610ca3565b610dc884826109cb565b90600181019182821161081057610bc5610df091610de8886001966109cb565b9087876109b3565b60208151910120610e018289610a66565b5201610ba4565b634e487b715f5260126020526024601cfd5b7fffffffffffffffffffffffffffffffffffffffff000000000000000000000000610e47858381866109b3565b90358281169160148110610ec5575b50501615610e97576040810180911115610ab9577f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7f5761a398000000000000000000000000000000000000000000000000000000005f5260061c60045260245ffd5b839250829060140360031b1b16165f80610e56565b827f74f69a3a000000000000000000000000000000000000000000000000000000005f5260045260245ffd5b7fc2e5347d000000000000000000000000000000000000000000000000000000005f5260045ffd',
} as const
