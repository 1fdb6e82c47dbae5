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
      name: 'recordedAt',
      inputs: [{ name: 'claimsRoot', type: 'bytes32', internalType: 'bytes32' }],
      outputs: [{ name: '', type: 'uint256', internalType: 'uint256' }],
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
  VerifierRouter: [
    {
      type: 'constructor',
      inputs: [
        { name: 'registrar_', type: 'address', internalType: 'address' },
        { name: 'guardian_', type: 'address', internalType: 'address' },
      ],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'freeze',
      inputs: [{ name: 'system', type: 'bytes32', internalType: 'bytes32' }],
      outputs: [],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'guardian',
      inputs: [],
      outputs: [{ name: '', type: 'address', internalType: 'address' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'isFrozen',
      inputs: [{ name: 'system', type: 'bytes32', internalType: 'bytes32' }],
      outputs: [{ name: '', type: 'bool', internalType: 'bool' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'register',
      inputs: [
        { name: 'system', type: 'bytes32', internalType: 'bytes32' },
        { name: 'verifier', type: 'address', internalType: 'contract IHonkVerifier' },
      ],
      outputs: [],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'registrar',
      inputs: [],
      outputs: [{ name: '', type: 'address', internalType: 'address' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'verifierOf',
      inputs: [{ name: 'system', type: 'bytes32', internalType: 'bytes32' }],
      outputs: [{ name: '', type: 'address', internalType: 'contract IHonkVerifier' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'verify',
      inputs: [
        { name: 'system', type: 'bytes32', internalType: 'bytes32' },
        { name: 'proof', type: 'bytes', internalType: 'bytes' },
        { name: 'publicInputs', type: 'bytes32[]', internalType: 'bytes32[]' },
      ],
      outputs: [{ name: '', type: 'bool', internalType: 'bool' }],
      stateMutability: 'view',
    },
    {
      type: 'event',
      name: 'Frozen',
      inputs: [{ name: 'system', type: 'bytes32', indexed: true, internalType: 'bytes32' }],
      anonymous: false,
    },
    {
      type: 'event',
      name: 'Registered',
      inputs: [
        { name: 'system', type: 'bytes32', indexed: true, internalType: 'bytes32' },
        { name: 'verifier', type: 'address', indexed: false, internalType: 'contract IHonkVerifier' },
      ],
      anonymous: false,
    },
    {
      type: 'error',
      name: 'AlreadyRegistered',
      inputs: [
        { name: 'system', type: 'bytes32', internalType: 'bytes32' },
        { name: 'verifier', type: 'address', internalType: 'contract IHonkVerifier' },
      ],
    },
    {
      type: 'error',
      name: 'NotAVerifier',
      inputs: [{ name: 'account', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'NotGuardian',
      inputs: [{ name: 'caller', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'NotRegistrar',
      inputs: [{ name: 'caller', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'SameRoles',
      inputs: [{ name: 'account', type: 'address', internalType: 'address' }],
    },
    {
      type: 'error',
      name: 'SystemFrozen',
      inputs: [{ name: 'system', type: 'bytes32', internalType: 'bytes32' }],
    },
    {
      type: 'error',
      name: 'UnknownSystem',
      inputs: [{ name: 'system', type: 'bytes32', internalType: 'bytes32' }],
    },
  ],
  RoutedVerifier: [
    {
      type: 'constructor',
      inputs: [
        { name: 'router_', type: 'address', internalType: 'contract IVerifierRouter' },
        { name: 'system_', type: 'bytes32', internalType: 'bytes32' },
      ],
      stateMutability: 'nonpayable',
    },
    {
      type: 'function',
      name: 'router',
      inputs: [],
      outputs: [{ name: '', type: 'address', internalType: 'contract IVerifierRouter' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'system',
      inputs: [],
      outputs: [{ name: '', type: 'bytes32', internalType: 'bytes32' }],
      stateMutability: 'view',
    },
    {
      type: 'function',
      name: 'verify',
      inputs: [
        { name: 'proof', type: 'bytes', internalType: 'bytes' },
        { name: 'publicInputs', type: 'bytes32[]', internalType: 'bytes32[]' },
      ],
      outputs: [{ name: '', type: 'bool', internalType: 'bool' }],
      stateMutability: 'view',
    },
  ],
} as const

/** Creation bytecodes by contract, without constructor arguments. */
export const bytecodes = {
  Settlement:
    '0x60e060405234801561000f575f5ffd5b50604051612abe380380612abe83398101604081905261002e916100d3565b826001600160a01b0381163b610068576040516322a2d07b60e21b81526001600160a01b0390911660048201526024015b60405180910390fd5b50806001600160a01b0381163b61009e576040516322a2d07b60e21b81526001600160a01b03909116600482015260240161005f565b506001600160a01b0392831660805260a0919091521660c052610113565b6001600160a01b03811681146100d0575f5ffd5b50565b5f5f5f606084860312156100e5575f5ffd5b83516100f0816100bc565b602085015160408601519194509250610108816100bc565b809150509250925092565b60805160a05160c0516129656101595f395f818161042a0152610b7d01525f818161052c01528181610d4e0152610ff401525f8181610307015261211501526129655ff3fe608060405260043610610162575f3560e01c806374bf3814116100c6578063bc23adb71161007c578063f340fa0111610057578063f340fa011461056d578063f965504b14610580578063fef025d11461059f575f5ffd5b8063bc23adb7146104e2578063e0ba6c011461051b578063e11a31941461054e575f5ffd5b8063874253f2116100ac578063874253f21461044c5780639706ede21461046b578063ba7e3128146104c3575f5ffd5b806374bf3814146103d65780637ce9141114610419575f5ffd5b80632b7ac3f31161011b57806351e417001161010157806351e417001461036d57806359997e4a1461038c578063609ca562146103ab575f5ffd5b80632b7ac3f3146102f65780633cf89dce1461034e575f5ffd5b806312dcb7a01161014b57806312dcb7a0146101ae57806313e2c93c146101dd57806323e3fbd5146101fe575f5ffd5b8063090a38c8146101665780630ebb172a14610198575b5f5ffd5b348015610171575f5ffd5b506101856101803660046123d1565b6105b5565b6040519081526020015b60405180910390f35b3480156101a3575f5ffd5b506101856201518081565b3480156101b9575f5ffd5b506101cd6101c836600461243d565b61067e565b604051901515815260200161018f565b3480156101e8575f5ffd5b506101fc6101f7366004612454565b61069b565b005b348015610209575f5ffd5b506102b7610218366004612454565b60408051606080820183525f808352602080840182905292840181905273ffffffffffffffffffffffffffffffffffffffff949094168452600382529282902082519384018352546bffffffffffffffffffffffff80821685526c01000000000000000000000000820416918401919091527801000000000000000000000000000000000000000000000000900467ffffffffffffffff169082015290565b6040805182516bffffffffffffffffffffffff9081168252602080850151909116908201529181015167ffffffffffffffff169082015260600161018f565b348015610301575f5ffd5b506103297f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff909116815260200161018f565b348015610359575f5ffd5b506101cd610368366004612483565b61074e565b348015610378575f5ffd5b506101fc610387366004612454565b610771565b348015610397575f5ffd5b506101856103a6366004612483565b610a0a565b3480156103b6575f5ffd5b506101856103c5366004612454565b5f6020819052908152604090205481565b3480156103e1575f5ffd5b506103f56103f03660046124db565b610c83565b6040805182511515815260208084015190820152918101519082015260600161018f565b348015610424575f5ffd5b506103297f000000000000000000000000000000000000000000000000000000000000000081565b348015610457575f5ffd5b506101fc610466366004612541565b610d43565b348015610476575f5ffd5b5061048a61048536600461243d565b610d83565b60405161018f9190815163ffffffff16815260208083015190820152604080830151908201526060918201519181019190915260800190565b3480156104ce575f5ffd5b506101fc6104dd36600461243d565b610e27565b3480156104ed575f5ffd5b506101856104fc36600461243d565b5f90815260016020526040902054640100000000900463ffffffff1690565b348015610526575f5ffd5b506101857f000000000000000000000000000000000000000000000000000000000000000081565b348015610559575f5ffd5b506101fc610568366004612541565b610fe9565b6101fc61057b366004612454565b611034565b34801561058b575f5ffd5b5061018561059a366004612592565b611139565b3480156105aa575f5ffd5b50610185621ab3f081565b5f5f6105c28787876111d3565b73ffffffffffffffffffffffffffffffffffffffff89165f9081526002602090815260408083208484529091529020909150610604815463ffffffff16151590565b89839091610661576040517fe33b4d4300000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff909216600483015260248201526044015b60405180910390fd5b50506106718183888a8989611236565b9998505050505050505050565b5f8181526001602052604081205463ffffffff1615155b92915050565b335f90815260208190526040812054908190036106e4576040517f1f2a200500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b335f8181526020818152604080832092909255905183815273ffffffffffffffffffffffffffffffffffffffff851692917f5fa8be79d2e5d1f00fc584c6cb307bbda94ebda9087bf2a8c023bd67107acef6910160405180910390a361074a8282611563565b5050565b5f6107666101c861075e8761161a565b868686611636565b90505b949350505050565b335f81815260036020908152604091829020825160608101845290546bffffffffffffffffffffffff80821683526c0100000000000000000000000082041692820192909252780100000000000000000000000000000000000000000000000090910467ffffffffffffffff169181018290529190610835576040517f11a3161b00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff9091166004820152602401610658565b50604081015167ffffffffffffffff811642101561088c576040517f2a35a32400000000000000000000000000000000000000000000000000000000815267ffffffffffffffff9091166004820152602401610658565b505f815f01516bffffffffffffffffffffffff1682602001516bffffffffffffffffffffffff16106108bf5781516108c5565b81602001515b9050604051806060016040528082845f01516108e19190612607565b6bffffffffffffffffffffffff90811682525f6020808401829052604093840182905233808352600382529184902085518154878401519787015167ffffffffffffffff1678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff9887166c01000000000000000000000000027fffffffffffffffff000000000000000000000000000000000000000000000000909216928716929092171796909616959095179094559151908416815273ffffffffffffffffffffffffffffffffffffffff8616927f2cd6435b1b961c13f55202979edd0765a809f69a539d8a477436c94c1211e43e910160405180910390a3610a0583826bffffffffffffffffffffffff16611563565b505050565b5f610a148561161a565b90505f610a2382868686611636565b5f818152600160209081526040808320338452600283528184208785529092529091208154929350909163ffffffff168381610a8e576040517f5b441e3400000000000000000000000000000000000000000000000000000000815260040161065891815260200190565b5081543390869063ffffffff1615610af0576040517f02fbd8ab00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff90921660048301526024820152604401610658565b505f9050610b16621ab3f0610b0660018561262b565b610b10919061263e565b83611772565b90505f610b278260808d0135612655565b6040517f3b11d42b0000000000000000000000000000000000000000000000000000000081523360048201528c356024820152604481018290529091505f9073ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001690633b11d42b90606401602060405180830381865afa158015610bc2573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610be69190612668565b90505f8215610bff57610bfa8285856117a5565b610c01565b5f5b9050610c0d3383611855565b610c246001610c1c838561262b565b889190611967565b610c2e87826119c9565b8789337f3191df6a1c830b718a585dd6722bbfa80f64099defef6a8305829eeccd4ad717610c5c858761262b565b60408051918252602082018790520160405180910390a45050505050505050949350505050565b610ca660405180606001604052805f151581526020015f81526020015f81525090565b73ffffffffffffffffffffffffffffffffffffffff83165f908152600260209081526040808320858452909152908190208151606081019092529080610cf2835463ffffffff16151590565b1515815291546bffffffffffffffffffffffff680100000000000000008204811660208501527401000000000000000000000000000000000000000090910416604090920191909152905092915050565b610a058383610d72847f0000000000000000000000000000000000000000000000000000000000000000611a30565b610d7b8561161a565b60015f611aca565b610db060405180608001604052805f63ffffffff1681526020015f81526020015f81526020015f81525090565b505f908152600160209081526040918290208251608081018452815463ffffffff81168252600290920154928101929092526bffffffffffffffffffffffff680100000000000000008204811693830193909352740100000000000000000000000000000000000000009004909116606082015290565b335f90815260036020526040812090829003610e6f576040517f1f2a200500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b805433906bffffffffffffffffffffffff168381811115610eef576040517f2fc28c5300000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff90931660048401526bffffffffffffffffffffffff90911660248301526044820152606401610658565b5050505f6201518042610f029190612655565b9050610f0d83611bea565b82546bffffffffffffffffffffffff919091166c01000000000000000000000000027fffffffffffffffff000000000000000000000000ffffffffffffffffffffffff909116178255610f5f81611c3f565b825467ffffffffffffffff9190911678010000000000000000000000000000000000000000000000000277ffffffffffffffffffffffffffffffffffffffffffffffff909116178255604080518481526020810183905233917f9af5208f4a6f6c7001c4c7c54434505fccefba7771cf71365559106c39b59d1891015b60405180910390a2505050565b610a058383611018847f0000000000000000000000000000000000000000000000000000000000000000611c8e565b843561102a6040870160208801612692565b8660400135611aca565b345f0361106d576040517f1f2a200500000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b61107634611bea565b73ffffffffffffffffffffffffffffffffffffffff82165f90815260036020526040812080549091906110b89084906bffffffffffffffffffffffff166126ab565b92506101000a8154816bffffffffffffffffffffffff02191690836bffffffffffffffffffffffff1602179055508073ffffffffffffffffffffffffffffffffffffffff167f2da466a7b24304f47e87fa2e1e5a81b9831ce54fec19055ce277ca2f39ba42c43460405161112e91815260200190565b60405180910390a250565b5f838152600160205260408120805463ffffffff161515859061118b576040517f5b441e3400000000000000000000000000000000000000000000000000000000815260040161065891815260200190565b5080545f90621ab3f0906111a79060019063ffffffff1661262b565b6111b1919061263e565b90506111c7825f01878460020154848989611236565b925050505b9392505050565b604080517f10432e426474f7df9b44e8cd12023b0d99e930288b9a57f6a6d6c6aeda43fd5a602082015290810184905260608101839052608081018290525f9060a0015b6040516020818303038152906040528051906020012090509392505050565b5f808267ffffffffffffffff811115611251576112516126cf565b60405190808252806020026020018201604052801561127a578160200160208202803683370190505b5090505f5b83811015611411573685858381811061129a5761129a6126fc565b90506020028101906112ac9190612729565b90505f6112b882611cc4565b905088818181146112fe576040517fcace2bb900000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610658565b5061131590508b606084013560208501358b611e0f565b848481518110611327576113276126fc565b602002602001018181525050838381518110611345576113456126fc565b60200260200101515f0361135a575050611409565b83838151811061136c5761136c6126fc565b60200260200101518561137f9190612655565b945061138e6020830183612454565b73ffffffffffffffffffffffffffffffffffffffff168a7f6685d9b89a3bd77654e9d2bf91bbd289929684130c0495db53d246756c3bab0a845f01604001358787815181106113df576113df6126fc565b60200260200101516040516113fe929190918252602082015260400190565b60405180910390a350505b60010161127f565b50868261144d576040517f476c41b100000000000000000000000000000000000000000000000000000000815260040161065891815260200190565b505f805b84811015611556575f86868381811061146c5761146c6126fc565b905060200281019061147e9190612729565b61148c906020810190612454565b90508382815181106114a0576114a06126fc565b6020026020010151836114b39190612655565b9250856114c1836001612655565b108015611534575073ffffffffffffffffffffffffffffffffffffffff811687876114ed856001612655565b8181106114fc576114fc6126fc565b905060200281019061150e9190612729565b61151c906020810190612454565b73ffffffffffffffffffffffffffffffffffffffff16145b1561153f575061154e565b6115498184611f5b565b5f9250505b600101611451565b5050509695505050505050565b5f8273ffffffffffffffffffffffffffffffffffffffff16826040515f6040518083038185875af1925050503d805f81146115b9576040519150601f19603f3d011682016040523d82523d5f602084013e6115be565b606091505b50509050808390611614576040517f39f1c8d900000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff9091166004820152602401610658565b50505050565b5f61069561162783611fff565b83608001358460a001356111d3565b5f81848181811c1561167d576040517fb0a9aa6b00000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610658565b508692505f90505b81811015611768575f8585838181106116a0576116a06126fc565b9050602002013590508187901c60011660011461170c57604080517f8316acc4aa37660596fcfd8e91c99de1365afb861dbfec1c35a2a4a0059e5c066020820152908101859052606081018290526080016040516020818303038152906040528051906020012061175d565b604080517f8316acc4aa37660596fcfd8e91c99de1365afb861dbfec1c35a2a4a0059e5c06602082015290810182905260608101859052608001604051602081830303815290604052805190602001205b935050600101611685565b5050949350505050565b5f815f0361178457611784601261204d565b81600184038161179657611796612765565b04600101831515029392505050565b5f5f5f6117b2868661205e565b91509150815f036117d6578381816117cc576117cc612765565b04925050506111cc565b8184116117ed576117ed600385150260111861204d565b5f848688095f868103871696879004966002600389028118808a02820302808a02820302808a02820302808a02820302808a02820302808a02909103029181900381900460010185841190960395909502919093039390930492909217029150509392505050565b73ffffffffffffffffffffffffffffffffffffffff82165f908152600360205260409020546bffffffffffffffffffffffff16828183808210156118eb576040517f2fc28c5300000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff909316600484015260248301919091526044820152606401610658565b50505061190282826118fd919061262b565b611bea565b73ffffffffffffffffffffffffffffffffffffffff939093165f90815260036020526040902080547fffffffffffffffffffffffffffffffffffffffff000000000000000000000000166bffffffffffffffffffffffff909416939093179092555050565b5f61197182611bea565b84546bffffffffffffffffffffffff90911668010000000000000000027fffffffffffffffffffffffff000000000000000000000000ffffffff0000000090911663ffffffff90941693909317929092179092555050565b6119d281611bea565b825483906008906119fe9084906801000000000000000090046bffffffffffffffffffffffff166126ab565b92506101000a8154816bffffffffffffffffffffffff02191690836bffffffffffffffffffffffff1602179055505050565b604080517f2558010fdbe17d45a088ab83b4204562265ab8a1af94bd49aa667ddbd615738d6020808301919091528183018490528435606080840191909152908501356080808401919091529285013560a0808401919091529085013560c08301529184013560e0820152908301356101008201525f90610120015b60405160208183030381529060405280519060200120905092915050565b5f8381526001602052604090208054849063ffffffff1615611b1b576040517f05a64c2000000000000000000000000000000000000000000000000000000000815260040161065891815260200190565b50611b308787611b2b8860081c90565b612099565b80547fffffffffffffffffffffffffffffffffffffffffffffffffffffffff000000001663ffffffff8416178155611b674261224f565b81547fffffffffffffffffffffffffffffffffffffffffffffffff00000000ffffffff1664010000000063ffffffff92831602178255600282018390556040805191851682526020820184905285917f0b21b4fcd838de31d2e4aa7058bbab89870fa3af04c7b35566e28fdc32439f0a910160405180910390a250505050505050565b5f6bffffffffffffffffffffffff821115611c3b576040517f6dfcc6500000000000000000000000000000000000000000000000000000000081526060600482015260248101839052604401610658565b5090565b5f67ffffffffffffffff821115611c3b57604080517f6dfcc650000000000000000000000000000000000000000000000000000000008152600481019190915260248101839052604401610658565b5f7ff3cfe4efba224b48d5077d29dc4ef8bea552656a7a7a22ae03397a014f0a28cb8284604051602001611aac93929190612792565b5f80611cd360808401846127f9565b9150506060830135611ce484612298565b92505f5b82811015611dbe5736611cfe60808701876127f9565b83818110611d0e57611d0e6126fc565b90506040020190505f83600316905080600103611d4057611d398683358460015b602002013561230a565b9550611dad565b80600203611d5657611d39823587846001611d2f565b80600303611d6e57611d39823560208401358861230a565b6040517f7cdcced30000000000000000000000000000000000000000000000000000000081526060880135600482015260248101869052604401610658565b505060029190911c90600101611ce8565b506060840135828215611e06576040517f7cdcced300000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610658565b50505050919050565b5f815f03611e1e57505f610769565b5f848152600186016020526040812054865490916bffffffffffffffffffffffff740100000000000000000000000000000000000000008304811692611e7291849168010000000000000000900416612607565b88546bffffffffffffffffffffffff91821692505f91611ea0916801000000000000000090041688886117a5565b9050838111611eb5575f945050505050610769565b611ec8611ec2858361262b565b83612352565b9450845f03611edd575f945050505050610769565b611ee78585612655565b5f89815260018b016020526040902055611f0085611bea565b611f0a90846126ab565b89546bffffffffffffffffffffffff91909116740100000000000000000000000000000000000000000273ffffffffffffffffffffffffffffffffffffffff90911617895550505050949350505050565b805f03611f66575050565b5f5f5f5f5f8587617530f190508015611f7e57505050565b73ffffffffffffffffffffffffffffffffffffffff83165f9081526020819052604081208054849290611fb2908490612655565b909155505060405182815273ffffffffffffffffffffffffffffffffffffffff8416907f9c9e0cdb1670e88302408e5b941dc636f63a3293204694bb68910fcf3d9305f390602001610fdc565b604080518235602082810191909152830135818301529082013560608281019190915282013560808201525f9060a0015b604051602081830303815290604052805190602001209050919050565b634e487b715f52806020526024601cfd5b5f807fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff83850993909202808410938190039390930393915050565b6040805160018082528183019092525f916020808301908036833701905050905081815f815181106120cd576120cd6126fc565b60209081029190910101526040517fea50d0e400000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000169063ea50d0e49061214e9087908790869060040161285d565b602060405180830381865afa9250505080156121a5575060408051601f3d9081017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe01682019092526121a2918101906128f3565b60015b61220c573d8080156121d2576040519150601f19603f3d011682016040523d82523d5f602084013e6121d7565b606091505b50806040517fc3aa96200000000000000000000000000000000000000000000000000000000081526004016106589190612912565b8281612247576040517f47f66a5500000000000000000000000000000000000000000000000000000000815260040161065891815260200190565b505050505050565b5f63ffffffff821115611c3b576040517f6dfcc6500000000000000000000000000000000000000000000000000000000081526020600482015260248101839052604401610658565b5f7f3be9dc97483c8ce0e21ca72574fad8a3e5f80b945602a778d179e8fce52f0afa6122c76020840184612454565b6040805160208181019490945273ffffffffffffffffffffffffffffffffffffffff9092168282015291840135606082015290830135608082015260a001612030565b604080517f44ff39472c9572fd966f13de135ddcf7eabc112a2c6098d59c9f4bd913a0da2e602082015290810184905260608101839052608081018290525f9060a001611217565b5f8282188284100282186111cc565b803573ffffffffffffffffffffffffffffffffffffffff81168114612384575f5ffd5b919050565b5f5f83601f840112612399575f5ffd5b50813567ffffffffffffffff8111156123b0575f5ffd5b6020830191508360208260051b85010111156123ca575f5ffd5b9250929050565b5f5f5f5f5f5f60a087890312156123e6575f5ffd5b6123ef87612361565b9550602087013594506040870135935060608701359250608087013567ffffffffffffffff81111561241f575f5ffd5b61242b89828a01612389565b979a9699509497509295939492505050565b5f6020828403121561244d575f5ffd5b5035919050565b5f60208284031215612464575f5ffd5b6111cc82612361565b5f60c0828403121561247d575f5ffd5b50919050565b5f5f5f5f6101008587031215612497575f5ffd5b6124a1868661246d565b935060c0850135925060e085013567ffffffffffffffff8111156124c3575f5ffd5b6124cf87828801612389565b95989497509550505050565b5f5f604083850312156124ec575f5ffd5b6124f583612361565b946020939093013593505050565b5f5f83601f840112612513575f5ffd5b50813567ffffffffffffffff81111561252a575f5ffd5b6020830191508360208285010111156123ca575f5ffd5b5f5f5f60e08486031215612553575f5ffd5b833567ffffffffffffffff811115612569575f5ffd5b61257586828701612503565b90945092506125899050856020860161246d565b90509250925092565b5f5f5f604084860312156125a4575f5ffd5b83359250602084013567ffffffffffffffff8111156125c1575f5ffd5b6125cd86828701612389565b9497909650939450505050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b6bffffffffffffffffffffffff8281168282160390811115610695576106956125da565b81810381811115610695576106956125da565b8082028115828204841417610695576106956125da565b80820180821115610695576106956125da565b5f60208284031215612678575f5ffd5b5051919050565b803563ffffffff81168114612384575f5ffd5b5f602082840312156126a2575f5ffd5b6111cc8261267f565b6bffffffffffffffffffffffff8181168382160190811115610695576106956125da565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f82357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff6183360301811261275b575f5ffd5b9190910192915050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b83815260208082018490528235604083015261010082019063ffffffff906127bb90850161267f565b1660608381019190915260408401356080808501919091529084013560a0808501919091529084013560c08401529092013560e09091015292915050565b5f5f83357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe184360301811261282c575f5ffd5b83018035915067ffffffffffffffff821115612846575f5ffd5b6020019150600681901b36038213156123ca575f5ffd5b60408152826040820152828460608301375f606084830101525f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f85011682016060810160608483030160208501528085518083526080840191506020870193505f92505b808310156128e757835182526020820191506020840193506001830192506128c4565b50979650505050505050565b5f60208284031215612903575f5ffd5b815180151581146111cc575f5ffd5b602081525f82518060208401528060208501604085015e5f6040828501015260407fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f8301168401019150509291505056',
  FixedPricing:
    '0x60a0604052348015600e575f5ffd5b50604051610221380380610221833981016040819052602b916032565b6080526048565b5f602082840312156041575f5ffd5b5051919050565b6080516101bc6100655f395f818160620152608d01526101bc5ff3fe608060405234801561000f575f5ffd5b5060043610610034575f3560e01c80633b11d42b14610038578063b4a65a7f1461005d575b5f5ffd5b61004b610046366004610109565b610084565b60405190815260200160405180910390f35b61004b7f000000000000000000000000000000000000000000000000000000000000000081565b5f6100bb6100b27f000000000000000000000000000000000000000000000000000000000000000084610153565b620f42406100c3565b949350505050565b5f815f036100d5576100d560126100f8565b8160018403816100e7576100e761018f565b046001018315150290505b92915050565b634e487b715f52806020526024601cfd5b5f5f5f6060848603121561011b575f5ffd5b833573ffffffffffffffffffffffffffffffffffffffff8116811461013e575f5ffd5b95602085013595506040909401359392505050565b80820281158282048414176100f2577f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd',
  PaymentsRollup:
    '0x610120604052348015610010575f5ffd5b506040516110bd3803806110bd83398101604081905261002f9161008f565b835f0361004f576040516337579c5360e11b815260040160405180910390fd5b6001600160a01b0395861660805260a09490945260c0929092525f5560e05216610100526100ec565b6001600160a01b038116811461008c575f5ffd5b50565b5f5f5f5f5f5f60c087890312156100a4575f5ffd5b86516100af81610078565b6020880151604089015160608a015160808b015160a08c0151949a50929850909650945092506100de81610078565b809150509295509295509295565b60805160a05160c05160e05161010051610f646101595f395f818161017b01528181610480015261083501525f6101bd01525f818160e2015261062601525f8181610200015261022401525f818161011c015281816103e20152818161053701526108d60152610f645ff3fe608060405234801561000f575f5ffd5b50600436106100c4575f3560e01c80637d5b25da1161007d578063ba7e312811610058578063ba7e3128146101df578063ba873065146101f2578063c860ebc6146101fb575f5ffd5b80637d5b25da1461019d5780639588eca2146101b05780639a8a0592146101b8575f5ffd5b806351160630116100ad578063511606301461011757806351e41700146101635780635c1bba3814610176575f5ffd5b80631b5523e6146100c85780633cec9309146100dd575b5f5ffd5b6100db6100d6366004610bac565b610222565b005b6101047f000000000000000000000000000000000000000000000000000000000000000081565b6040519081526020015b60405180910390f35b61013e7f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff909116815260200161010e565b6100db610171366004610c70565b610468565b61013e7f000000000000000000000000000000000000000000000000000000000000000081565b6101046101ab366004610caa565b610592565b6101045f5481565b6101047f000000000000000000000000000000000000000000000000000000000000000081565b6100db6101ed366004610ce9565b61081d565b61010460015481565b6101047f000000000000000000000000000000000000000000000000000000000000000081565b7f0000000000000000000000000000000000000000000000000000000000000000863580821461028c576040517f4f2a058a000000000000000000000000000000000000000000000000000000008152600481019290925260248201526044015b60405180910390fd5b50505f5460208701358082146102d7576040517f0414d44600000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610283565b50505f6102e48383610592565b905080606088013580821461032e576040517fe9c0930300000000000000000000000000000000000000000000000000000000815260048101929092526024820152604401610283565b505060408701355f90815560018054829061034890610d2d565b91829055509050807f8d7781e26bd87db05f49160ec1904802dcde344f0542c583e661ac5b9723891660208a01356040808c0135906103879088610d91565b6040805193845260208401929092529082015260600160405180910390a26040517f59997e4a00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016906359997e4a9061041d908b908b908b908b90600401610da4565b6020604051808303815f875af1158015610439573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061045d9190610e3a565b505050505050505050565b3373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001681146104f1576040517f0596787700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff9091166004820152602401610283565b506040517f51e4170000000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff82811660048301527f000000000000000000000000000000000000000000000000000000000000000016906351e41700906024015b5f604051808303815f87803b158015610579575f5ffd5b505af115801561058b573d5f5f3e3d5ffd5b5050505050565b5f8181036105cc576040517fc2e5347d00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6105d7604083610e51565b829015610613576040517f74f69a3a00000000000000000000000000000000000000000000000000000000815260040161028391815260200190565b5061061e838361091a565b5f61064a60407f0000000000000000000000000000000000000000000000000000000000000000610e64565b90505f610657848361098d565b67ffffffffffffffff81111561066f5761066f610e7b565b604051908082528060200260200182016040528015610698578160200160208202803683370190505b5090505f600182516106aa9190610ea8565b90505f5b818110156107215786866106c28684610e64565b90866106cf856001610ebb565b6106d99190610e64565b926106e693929190610ece565b6040516106f4929190610ef5565b604051809103902083828151811061070e5761070e610f04565b60209081029190910101526001016106ae565b505f868661072f8685610e64565b61073a928290610ece565b8080601f0160208091040260200160405190810160405280939291908181526020018383808284375f92019190915250508251929350839261077f9250905086610ea8565b67ffffffffffffffff81111561079757610797610e7b565b6040519080825280601f01601f1916602001820160405280156107c1576020820181803683370190505b506040516020016107d3929190610f48565b604051602081830303815290604052805190602001208383815181106107fb576107fb610f04565b602002602001018181525050610810836109c0565b9450505050505b92915050565b3373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001681146108a6576040517f0596787700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff9091166004820152602401610283565b506040517fba7e3128000000000000000000000000000000000000000000000000000000008152600481018290527f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff169063ba7e312890602401610562565b5f5b81811015610988578281013560601c801515610939604084610d91565b90610973576040517f5761a39800000000000000000000000000000000000000000000000000000000815260040161028391815260200190565b506109819050604082610ebb565b905061091c565b505050565b5f815f0361099f5761099f6012610b56565b8160018403816109b1576109b1610d64565b04600101831515029392505050565b80515f905b6001811115610b34575f5b6109db600283610d91565b811015610ab457610a8f846109f1836002610e64565b81518110610a0157610a01610f04565b602002602001015185836002610a179190610e64565b610a22906001610ebb565b81518110610a3257610a32610f04565b6020026020010151604080517f7f78dad4e8fdd757342fa9fcbd47c5c53223cb868e4d6a85b61a55e00786b8dd60208083019190915281830194909452606080820193909352815180820390930183526080019052805191012090565b848281518110610aa157610aa1610f04565b60209081029190910101526001016109d0565b50610ac0600282610e51565b600103610b165782610ad3600183610ea8565b81518110610ae357610ae3610f04565b602002602001015183600283610af99190610d91565b81518110610b0957610b09610f04565b6020026020010181815250505b6002610b23826001610ebb565b610b2d9190610d91565b90506109c5565b50815f81518110610b4757610b47610f04565b60200260200101519050919050565b634e487b715f52806020526024601cfd5b5f5f83601f840112610b77575f5ffd5b50813567ffffffffffffffff811115610b8e575f5ffd5b602083019150836020828501011115610ba5575f5ffd5b9250929050565b5f5f5f5f5f5f868803610120811215610bc3575f5ffd5b60c0811215610bd0575f5ffd5b5086955060c0860135945060e086013567ffffffffffffffff811115610bf4575f5ffd5b8701601f81018913610c04575f5ffd5b803567ffffffffffffffff811115610c1a575f5ffd5b8960208260051b8401011115610c2e575f5ffd5b6020919091019450925061010087013567ffffffffffffffff811115610c52575f5ffd5b610c5e89828a01610b67565b979a9699509497509295939492505050565b5f60208284031215610c80575f5ffd5b813573ffffffffffffffffffffffffffffffffffffffff81168114610ca3575f5ffd5b9392505050565b5f5f60208385031215610cbb575f5ffd5b823567ffffffffffffffff811115610cd1575f5ffd5b610cdd85828601610b67565b90969095509350505050565b5f60208284031215610cf9575f5ffd5b5035919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601160045260245ffd5b5f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8203610d5d57610d5d610d00565b5060010190565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52601260045260245ffd5b5f82610d9f57610d9f610d64565b500490565b843581526020808601359082015260408086013590820152606080860135908201526080808601359082015260a0808601359082015260c0810184905261010060e0820181905281018290525f7f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff831115610e1d575f5ffd5b8260051b8085610120850137919091016101200195945050505050565b5f60208284031215610e4a575f5ffd5b5051919050565b5f82610e5f57610e5f610d64565b500690565b808202811582820484141761081757610817610d00565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd5b8181038181111561081757610817610d00565b8082018082111561081757610817610d00565b5f5f85851115610edc575f5ffd5b83861115610ee8575f5ffd5b5050820193919092039150565b818382375f9101908152919050565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f81518060208401855e5f93019283525090919050565b5f610f5c610f568386610f31565b84610f31565b94935050505056',
  VerifierRouter:
    '0x60c060405234801561000f575f5ffd5b5060405161092838038061092883398101604081905261002e916100a6565b806001600160a01b0316826001600160a01b0316141582906100735760405163627696f960e01b81526001600160a01b03909116600482015260240160405180910390fd5b506001600160a01b039182166080521660a0526100d7565b80516001600160a01b03811681146100a1575f5ffd5b919050565b5f5f604083850312156100b7575f5ffd5b6100c08361008b565b91506100ce6020840161008b565b90509250929050565b60805160a0516108226101065f395f818161015301526103ba01525f818161012c01526101c801526108225ff3fe608060405234801561000f575f5ffd5b506004361061007a575f3560e01c8063452a932011610058578063452a93201461014e578063d22057a914610175578063ec13cc7b1461018a578063f6184bae1461019d575f5ffd5b8063238afcc51461007e5780632916acad146100cd5780632b20e39714610127575b5f5ffd5b6100b861008c366004610617565b5f9081526020819052604090205474010000000000000000000000000000000000000000900460ff1690565b60405190151581526020015b60405180910390f35b6101026100db366004610617565b5f9081526020819052604090205473ffffffffffffffffffffffffffffffffffffffff1690565b60405173ffffffffffffffffffffffffffffffffffffffff90911681526020016100c4565b6101027f000000000000000000000000000000000000000000000000000000000000000081565b6101027f000000000000000000000000000000000000000000000000000000000000000081565b61018861018336600461062e565b6101b0565b005b610188610198366004610617565b6103a2565b6100b86101ab3660046106bc565b6104aa565b3373ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016811461023e576040517f53ac4f0700000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff90911660048201526024015b60405180910390fd5b508073ffffffffffffffffffffffffffffffffffffffff81163b6102a7576040517f581a047c00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff9091166004820152602401610235565b505f8281526020819052604090208054839073ffffffffffffffffffffffffffffffffffffffff168015610326576040517f01f95aba000000000000000000000000000000000000000000000000000000008152600481019290925273ffffffffffffffffffffffffffffffffffffffff166024820152604401610235565b505080547fffffffffffffffffffffffff00000000000000000000000000000000000000001673ffffffffffffffffffffffffffffffffffffffff8316908117825560405190815283907f7d917fcbc9a29a9705ff9936ffa599500e4fd902e4486bae317414fe967b307c9060200160405180910390a2505050565b3373ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016811461042b576040517fa252c15100000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff9091166004820152602401610235565b506104358161053b565b505f8181526020819052604080822080547fffffffffffffffffffffff00ffffffffffffffffffffffffffffffffffffffff16740100000000000000000000000000000000000000001790555182917fc1c3af34a857556c885a0be1e533f0c9b0b205545a5a9e65098974fca80d021491a250565b5f6104b48661053b565b73ffffffffffffffffffffffffffffffffffffffff1663ea50d0e4868686866040518563ffffffff1660e01b81526004016104f29493929190610764565b602060405180830381865afa15801561050d573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061053191906107fc565b9695505050505050565b5f8181526020818152604080832081518083019092525473ffffffffffffffffffffffffffffffffffffffff81168083527401000000000000000000000000000000000000000090910460ff161515928201929092529083906105cd576040517f8111f49300000000000000000000000000000000000000000000000000000000815260040161023591815260200190565b50806020015115839061060f576040517fa1cba99a00000000000000000000000000000000000000000000000000000000815260040161023591815260200190565b505192915050565b5f60208284031215610627575f5ffd5b5035919050565b5f5f6040838503121561063f575f5ffd5b82359150602083013573ffffffffffffffffffffffffffffffffffffffff81168114610669575f5ffd5b809150509250929050565b5f5f83601f840112610684575f5ffd5b50813567ffffffffffffffff81111561069b575f5ffd5b6020830191508360208260051b85010111156106b5575f5ffd5b9250929050565b5f5f5f5f5f606086880312156106d0575f5ffd5b85359450602086013567ffffffffffffffff8111156106ed575f5ffd5b8601601f810188136106fd575f5ffd5b803567ffffffffffffffff811115610713575f5ffd5b886020828401011115610724575f5ffd5b60209190910194509250604086013567ffffffffffffffff811115610747575f5ffd5b61075388828901610674565b969995985093965092949392505050565b60408152836040820152838560608301375f606085830101525f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f860116820160608382030160208401528360608201527f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8411156107e3575f5ffd5b8360051b80866080840137016080019695505050505050565b5f6020828403121561080c575f5ffd5b8151801515811461081b575f5ffd5b939250505056',
  RoutedVerifier:
    '0x60c060405234801561000f575f5ffd5b5060405161040538038061040583398101604081905261002e91610044565b6001600160a01b0390911660805260a05261007b565b5f5f60408385031215610055575f5ffd5b82516001600160a01b038116811461006b575f5ffd5b6020939093015192949293505050565b60805160a05161035d6100a85f395f81816048015261015801525f818160a5015261012b015261035d5ff3fe608060405234801561000f575f5ffd5b506004361061003f575f3560e01c806395bf75fd14610043578063ea50d0e41461007d578063f887ea40146100a0575b5f5ffd5b61006a7f000000000000000000000000000000000000000000000000000000000000000081565b6040519081526020015b60405180910390f35b61009061008b3660046101d0565b6100ec565b6040519015158152602001610074565b6100c77f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff9091168152602001610074565b6040517ff6184bae0000000000000000000000000000000000000000000000000000000081525f9073ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000169063f6184bae90610188907f0000000000000000000000000000000000000000000000000000000000000000908990899089908990600401610298565b602060405180830381865afa1580156101a3573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906101c79190610337565b95945050505050565b5f5f5f5f604085870312156101e3575f5ffd5b843567ffffffffffffffff8111156101f9575f5ffd5b8501601f81018713610209575f5ffd5b803567ffffffffffffffff81111561021f575f5ffd5b876020828401011115610230575f5ffd5b60209182019550935085013567ffffffffffffffff811115610250575f5ffd5b8501601f81018713610260575f5ffd5b803567ffffffffffffffff811115610276575f5ffd5b8760208260051b840101111561028a575f5ffd5b949793965060200194505050565b85815260606020820152836060820152838560808301375f608085830101525f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f860116820160808382030160408401528360808201527f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff84111561031d575f5ffd5b8360051b808660a08401370160a001979650505050505050565b5f60208284031215610347575f5ffd5b81518015158114610356575f5ffd5b939250505056',
} as const
