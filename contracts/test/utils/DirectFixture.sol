// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MarketFixture} from "./MarketFixture.sol";
import {Finished, Scenario} from "./Scenario.sol";
import {Trees} from "./Trees.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {PayoutEntry} from "src/libraries/Payouts.sol";
import {Order, ProvenOrder} from "src/market/libraries/Orders.sol";
import {Request} from "src/market/libraries/Requests.sol";

/// Direct programs, their records, and orders that are paid from them. A seed says which program and public inputs.
abstract contract DirectFixture is MarketFixture {
    uint256 internal constant DIRECT_WORK = 1_000_000;

    function inputsOf(uint256 seed) internal pure returns (bytes32[] memory inputs) {
        inputs = new bytes32[](2);
        (inputs[0], inputs[1]) = (Scenario.word(seed, "input 0"), Scenario.word(seed, "input 1"));
    }

    /// The statement, as a claim whose only entry is the prover's.
    function directOf(uint256 seed, address prover) internal pure returns (Finished memory made) {
        bytes32 key = Scenario.word(seed, "key");
        made.claim.program = keccak256(abi.encode(Trees.tag("program"), DIRECT_SYSTEM, key));
        made.claim.data = keccak256(abi.encodePacked(inputsOf(seed)));
        made.claim.work = DIRECT_WORK;
        bytes32 job = keccak256(abi.encode(made.claim.program, bytes32(0), bytes32(0), made.claim.data));
        made.payouts = Trees.single(PayoutEntry({prover: prover, work: DIRECT_WORK, job: job}));
        Scenario.seal(made);
    }

    function record(uint256 seed) internal {
        bytes32 key = Scenario.word(seed, "key");
        bytes memory proof = abi.encode(keccak256(abi.encode(key, inputsOf(seed))));
        registry.record(DIRECT_SYSTEM, key, proof, inputsOf(seed));
    }

    /// Seeds that follow from one, for a batch.
    function seedOf(uint256 seed, uint256 i) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, i)));
    }

    /// Records the statements of `count` seeds that follow from one.
    function recordBatch(uint256 seed, uint256 count) internal returns (bytes32[] memory jobs) {
        uint256[] memory seeds = new uint256[](count);
        for (uint256 i = 0; i < count; i++) {
            seeds[i] = seedOf(seed, i);
        }
        return recordBatch(seeds);
    }

    function recordBatch(uint256[] memory seeds) internal returns (bytes32[] memory jobs) {
        ProgramProofs[] memory batch = new ProgramProofs[](seeds.length);
        jobs = new bytes32[](seeds.length);
        for (uint256 i = 0; i < seeds.length; i++) {
            bytes32[] memory inputs = inputsOf(seeds[i]);
            bytes32 key = Scenario.word(seeds[i], "key");
            bytes memory proof = abi.encode(keccak256(abi.encode(key, inputs)));
            batch[i] = ProgramProofs({key: key, count: 1, proofs: proof, publicInputs: inputs});
            jobs[i] = directOf(seeds[i], address(0)).job;
        }
        registry.recordBatch(DIRECT_SYSTEM, batch);
    }

    function directRequest(Finished memory made) internal returns (Request memory request) {
        request = requestFor(made, requester);
        request.delivery = 0;
    }

    function directOrder(Finished memory made) internal returns (Order memory) {
        return orderFor(directRequest(made), made, 0);
    }

    /// Recorded alone.
    function alone(Order memory order) internal pure returns (ProvenOrder[] memory orders) {
        orders = new ProvenOrder[](1);
        orders[0] = ProvenOrder({order: order, index: 0, siblings: new bytes32[](0)});
    }

    /// Recorded at `place` in a batch of these jobs.
    function inBatch(Order memory order, bytes32[] memory jobs, uint256 place)
        internal
        pure
        returns (ProvenOrder memory proven)
    {
        proven.order = order;
        (proven.index, proven.siblings) = Trees.claimPath(jobs, place);
    }

    function only(ProvenOrder memory proven) internal pure returns (ProvenOrder[] memory orders) {
        orders = new ProvenOrder[](1);
        orders[0] = proven;
    }
}
