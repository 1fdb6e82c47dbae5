// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deploy} from "./utils/Deploy.sol";
import {Harness} from "./utils/Harness.sol";
import {vm} from "./utils/Test.sol";
import {PaymentsRollup} from "src/PaymentsRollup.sol";
import {ISettlement} from "src/interfaces/ISettlement.sol";
import {Claim, Claims, Parallel} from "src/libraries/Claims.sol";
import {PayoutPath, Payouts} from "src/libraries/Payouts.sol";

/// The contracts against packages/protocol, through the file that test-ts/vectors.test.ts writes.
contract VectorsTest {
    Harness internal harness = new Harness();
    string internal json = vm.readFile("./test/vectors/protocol.json");
    bytes32 internal mergeKey = vm.parseJsonBytes32(json, ".mergeKey");

    function inputs(string memory key) internal view returns (bytes[] memory list) {
        list = vm.parseJsonBytesArray(json, key);
        vm.assertTrue(list.length != 0, "vectors to compare with");
    }

    function expected(string memory key) internal view returns (bytes32[] memory) {
        return vm.parseJsonBytes32Array(json, key);
    }

    function test_Tags() public view {
        vm.assertEq(Claims.SEQUENCE_TAG, vm.parseJsonBytes32(json, ".tags.sequence"));
        vm.assertEq(Claims.PARALLEL_TAG, vm.parseJsonBytes32(json, ".tags.parallel"));
        vm.assertEq(Claims.DATA_TAG, vm.parseJsonBytes32(json, ".tags.data"));
        vm.assertEq(Claims.CLAIM_TAG, vm.parseJsonBytes32(json, ".tags.claim"));
        vm.assertEq(Claims.CLAIMS_TAG, vm.parseJsonBytes32(json, ".tags.claims"));
        vm.assertEq(Payouts.ENTRY_TAG, vm.parseJsonBytes32(json, ".entryTag"));
        vm.assertEq(Payouts.PAYOUTS_TAG, vm.parseJsonBytes32(json, ".payoutsTag"));
    }

    function test_Claims() public view {
        bytes[] memory input = inputs(".claims.input");
        bytes32[] memory jobs = expected(".claims.job");
        bytes32[] memory hashes = expected(".claims.hash");
        bytes32[] memory sequences = expected(".claims.sequence");
        bytes32[] memory publicInputs = expected(".claims.publicInput");
        for (uint256 i = 0; i < input.length; i++) {
            Claim memory claim = abi.decode(input[i], (Claim));
            vm.assertEq(harness.jobOf(claim), jobs[i], "job");
            vm.assertEq(harness.claimHash(claim), hashes[i], "claim hash");
            bytes32 sequence = harness.sequenceHash(claim, mergeKey);
            vm.assertEq(sequence, sequences[i], "sequence hash");
            vm.assertEq(Claims.publicInput(sequence), publicInputs[i], "public input");
        }
    }

    function test_Parallels() public view {
        bytes[] memory input = inputs(".parallels.input");
        bytes32[] memory hashes = expected(".parallels.hash");
        bytes32[] memory publicInputs = expected(".parallels.publicInput");
        for (uint256 i = 0; i < input.length; i++) {
            bytes32 hash = harness.parallelHash(abi.decode(input[i], (Parallel)), mergeKey);
            vm.assertEq(hash, hashes[i], "parallel hash");
            vm.assertEq(Claims.publicInput(hash), publicInputs[i], "public input");
        }
    }

    function test_ClaimPaths() public view {
        bytes[] memory input = inputs(".paths.input");
        bytes32[] memory roots = expected(".paths.root");
        for (uint256 i = 0; i < input.length; i++) {
            (bytes32 leaf, uint256 index, bytes32[] memory siblings) =
                abi.decode(input[i], (bytes32, uint256, bytes32[]));
            vm.assertEq(harness.claimsRootOf(leaf, index, siblings), roots[i]);
        }
    }

    function test_DataRoots() public view {
        bytes[] memory input = inputs(".data.input");
        bytes32[] memory roots = expected(".data.root");
        for (uint256 i = 0; i < input.length; i++) {
            vm.assertEq(Claims.dataRoot(abi.decode(input[i], (bytes32[]))), roots[i]);
        }
    }

    function test_PayoutPaths() public view {
        bytes[] memory input = inputs(".payouts.input");
        bytes32[] memory roots = expected(".payouts.root");
        for (uint256 i = 0; i < input.length; i++) {
            vm.assertEq(harness.payoutRootOf(abi.decode(input[i], (PayoutPath))), roots[i]);
        }
    }

    function test_Batches() public {
        bytes32[] memory sizes = expected(".batches.size");
        bytes[] memory transfers = inputs(".batches.transfers");
        bytes32[] memory data = expected(".batches.data");
        for (uint256 i = 0; i < sizes.length; i++) {
            PaymentsRollup rollup =
                Deploy.paymentsRollup(ISettlement(address(0)), 0, uint256(sizes[i]), 0, address(this));
            vm.assertEq(rollup.dataOf(transfers[i]), data[i]);
        }
    }
}
