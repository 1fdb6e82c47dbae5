/// <reference path="../src/webassembly.d.ts" />
/// <reference path="../src/prover/snarkjs.d.ts" />
/// <reference path="../src/prover/wasm-tools.d.ts" />
