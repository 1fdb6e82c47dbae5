// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DeliveryFixture} from "./DeliveryFixture.sol";
import {ProofRegistry} from "src/delivery/ProofRegistry.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {IHonkVerifier} from "src/interfaces/IHonkVerifier.sol";
import {VerifierRouter} from "src/market/VerifierRouter.sol";
import {makeAddress} from "test/utils/Test.sol";
import {Trees} from "test/utils/Trees.sol";

/// A registry that knows Groth16.
abstract contract RegistryFixture is DeliveryFixture {
    bytes32 internal constant GROTH16 = keccak256("weft.system.groth16.v1");

    address internal guardian = makeAddress("guardian");
    VerifierRouter internal router = new VerifierRouter(address(this), guardian);
    ProofRegistry internal registry = new ProofRegistry(router);

    constructor() {
        router.register(GROTH16, IHonkVerifier(address(verifier)));
    }

    function record(ProgramProofs memory one) internal returns (bytes32) {
        return registry.record(GROTH16, one.key, one.proofs, one.publicInputs);
    }

    /// From the definitions.
    function jobOf(bytes32 system, bytes32 key, bytes32[] memory publicInputs)
        internal
        pure
        returns (bytes32)
    {
        bytes memory inputs;
        for (uint256 i = 0; i < publicInputs.length; i++) {
            inputs = bytes.concat(inputs, publicInputs[i]);
        }
        bytes32 program = keccak256(abi.encode(Trees.tag("program"), system, key));
        return keccak256(abi.encode(program, bytes32(0), bytes32(0), keccak256(inputs)));
    }

    function jobsOf(ProgramProofs[] memory batch) internal pure returns (bytes32[] memory jobs) {
        uint256 total = 0;
        for (uint256 i = 0; i < batch.length; i++) {
            total += batch[i].count;
        }
        jobs = new bytes32[](total);
        uint256 next = 0;
        for (uint256 i = 0; i < batch.length; i++) {
            uint256 each = batch[i].publicInputs.length / batch[i].count;
            for (uint256 j = 0; j < batch[i].count; j++) {
                bytes32[] memory own = Trees.slice(batch[i].publicInputs, j * each, (j + 1) * each);
                jobs[next++] = jobOf(GROTH16, batch[i].key, own);
            }
        }
    }
}
