// Written by tools/generate.mjs from test/mocks/: do not edit.

/** ABIs by contract. A contract's own and the errors that it passes on from the contracts it calls. */
export const abis = {
  MockVerifier: [
    {
      type: 'function',
      name: 'verify',
      inputs: [
        { name: 'proof', type: 'bytes', internalType: 'bytes' },
        { name: 'publicInputs', type: 'bytes32[]', internalType: 'bytes32[]' },
      ],
      outputs: [{ name: '', type: 'bool', internalType: 'bool' }],
      stateMutability: 'pure',
    },
  ],
  RevertingVerifier: [
    {
      type: 'function',
      name: 'verify',
      inputs: [
        { name: '', type: 'bytes', internalType: 'bytes' },
        { name: '', type: 'bytes32[]', internalType: 'bytes32[]' },
      ],
      outputs: [{ name: '', type: 'bool', internalType: 'bool' }],
      stateMutability: 'pure',
    },
    { type: 'error', name: 'SumcheckFailed', inputs: [] },
  ],
} as const

/** Creation bytecodes by contract, without constructor arguments. */
export const bytecodes = {
  MockVerifier:
    '0x6080806040523460155761020b908161001a8239f35b5f80fdfe6080806040526004361015610012575f80fd5b5f3560e01c63ea50d0e414610025575f80fd5b346101995760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc360112610199576004359067ffffffffffffffff821161019957366023830112156101995781600401359067ffffffffffffffff8211610199573660248385010111610199576024359267ffffffffffffffff841161019957366023850112156101995783600401359167ffffffffffffffff8311610199573660248460051b87010111610199576001831493846100ed575b6020856040519015158152f35b5f9192939450602090610127827fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f840116018561019d565b8084528060248386019601863783010152519020901561016c576020916040516024848201920135825283815261015f60408261019d565b519020145f8080806100e0565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52603260045260245ffd5b5f80fd5b90601f7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0910116810190811067ffffffffffffffff8211176101de57604052565b7f4e487b71000000000000000000000000000000000000000000000000000000005f52604160045260245ffd',
  RevertingVerifier:
    '0x6080806040523460145760eb90816100198239f35b5f80fdfe6004361015600b575f80fd5b5f3560e01c63ea50d0e414601d575f80fd5b3460e75760407ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc36011260e75760043567ffffffffffffffff811160e7573660238201121560e757806004013567ffffffffffffffff811160e7573691016024011160e75760243567ffffffffffffffff811160e7573660238201121560e75780600401359067ffffffffffffffff821160e757602490369260051b01011160e7577f9fc3a218000000000000000000000000000000000000000000000000000000005f5260045ffd5b5f80fd',
} as const
