// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Harness} from "./utils/Harness.sol";
import {Scenario} from "./utils/Scenario.sol";
import {bound, makeAddress, vm} from "./utils/Test.sol";
import {PayoutTree, Trees} from "./utils/Trees.sol";
import {Claims} from "src/libraries/Claims.sol";
import {PayoutEntry, PayoutPath, Payouts} from "src/libraries/Payouts.sol";

/// Claims trees, data trees and payout trees of every shape up to 32 leaves.
contract TreesTest {
    Harness internal harness = new Harness();

    function leaves(uint256 seed, uint256 count) internal pure returns (bytes32[] memory row) {
        row = new bytes32[](count);
        for (uint256 i = 0; i < count; i++) {
            row[i] = keccak256(abi.encode(seed, i));
        }
    }

    function testFuzz_DataRootHasTheShapeOfRfc6962(uint256 seed, uint256 count) public pure {
        bytes32[] memory row = leaves(seed, bound(count, 1, 32));
        vm.assertEq(Claims.dataRoot(Trees.slice(row, 0, row.length)), Trees.root("data", row));
    }

    function testFuzz_EveryClaimHasAPathToTheRoot(uint256 seed, uint256 count, uint256 place) public view {
        bytes32[] memory row = leaves(seed, bound(count, 1, 32));
        place = bound(place, 0, row.length - 1);
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(row, place);
        vm.assertEq(harness.claimsRootOf(row[place], index, siblings), Trees.root("claims", row));
    }

    function testFuzz_APathWithSwappedChildrenLeadsElsewhere(uint256 seed, uint256 count, uint256 level)
        public
        view
    {
        bytes32[] memory row = leaves(seed, bound(count, 2, 32));
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(row, 0);
        index ^= 1 << bound(level, 0, siblings.length - 1);
        vm.assertTrue(harness.claimsRootOf(row[0], index, siblings) != Trees.root("claims", row));
    }

    function testFuzz_AnIndexWithBitsAboveTheTreeIsRefused(uint256 seed, uint256 count, uint256 bit) public {
        bytes32[] memory row = leaves(seed, bound(count, 1, 32));
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(row, 0);
        index |= 1 << bound(bit, siblings.length, 255);
        vm.expectRevert(abi.encodeWithSelector(Claims.IndexOutsideTree.selector, index, siblings.length));
        harness.claimsRootOf(row[0], index, siblings);
    }

    function payoutTree(uint256 seed, uint256 segments) internal returns (PayoutTree memory) {
        address[] memory provers = new address[](2);
        provers[0] = makeAddress("prover 1");
        provers[1] = makeAddress("prover 2");
        return Scenario.finished(seed, bound(segments, 1, 8), provers).payouts;
    }

    function testFuzz_EveryEntryHasAPathToTheRoot(uint256 seed, uint256 segments) public {
        PayoutTree memory tree = payoutTree(seed, segments);
        for (uint256 i = 0; i < tree.paths.length; i++) {
            vm.assertEq(harness.payoutRootOf(tree.paths[i]), tree.root);
            for (uint256 j = 0; j < i; j++) {
                vm.assertTrue(tree.paths[i].position != tree.paths[j].position, "one position for each entry");
            }
        }
    }

    /// Another position, if it is one at all, is another place.
    function testFuzz_AnotherPositionLeadsElsewhere(
        uint256 seed,
        uint256 segments,
        uint256 pick,
        uint256 position
    ) public {
        PayoutTree memory tree = payoutTree(seed, segments);
        PayoutPath memory path = tree.paths[bound(pick, 0, tree.paths.length - 1)];
        position = bound(position, 0, 1 << (2 * path.siblings.length + 2));
        vm.assume(position != path.position);
        path.position = position;
        try harness.payoutRootOf(path) returns (bytes32 root) {
            vm.assertTrue(root != tree.root);
        } catch (bytes memory reason) {
            bytes memory refusal =
                abi.encodeWithSelector(Payouts.InvalidPosition.selector, position, path.siblings.length);
            vm.assertEq(keccak256(reason), keccak256(refusal));
        }
    }

    function test_ALevelWithoutAPlaceIsRefused() public {
        PayoutPath memory path = payoutTree(1, 3).paths[0];
        path.position &= 3;
        vm.expectRevert(
            abi.encodeWithSelector(Payouts.InvalidPosition.selector, path.position, path.siblings.length)
        );
        harness.payoutRootOf(path);
    }

    function testFuzz_BitsAboveThePositionAreRefused(uint256 seed, uint256 segments, uint256 bit) public {
        PayoutPath memory path = payoutTree(seed, segments).paths[0];
        path.position |= 1 << bound(bit, 2 * path.siblings.length, 255);
        vm.expectRevert(
            abi.encodeWithSelector(Payouts.InvalidPosition.selector, path.position, path.siblings.length)
        );
        harness.payoutRootOf(path);
    }

    function testFuzz_AForgedEntryLeadsElsewhere(uint256 seed, uint256 segments, PayoutEntry calldata forged)
        public
    {
        PayoutTree memory tree = payoutTree(seed, segments);
        PayoutPath memory path = tree.paths[0];
        vm.assume(Trees.entryHash(forged) != Trees.entryHash(path.entry));
        path.entry = forged;
        vm.assertTrue(harness.payoutRootOf(path) != tree.root);
    }
}
