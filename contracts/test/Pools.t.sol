// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Harness} from "./utils/Harness.sol";
import {bound, vm} from "./utils/Test.sol";

contract PoolsTest {
    Harness internal harness = new Harness();

    function left() internal view returns (uint256) {
        (,, uint96 collectedWei, uint96 paidWei) = harness.pool();
        return collectedWei - paidWei;
    }

    function testFuzz_SharesAreByWorkAndRoundedDown(uint96 collectedWei, uint64[8] memory works) public {
        uint256 poolWork = 0;
        for (uint256 i = 0; i < works.length; i++) {
            poolWork += works[i];
        }
        harness.collect(collectedWei);
        for (uint256 i = 0; i < works.length; i++) {
            uint256 shareWei = poolWork == 0 ? 0 : uint256(collectedWei) * works[i] / poolWork;
            vm.assertEq(harness.draw(i, works[i], poolWork), shareWei);
            vm.assertEq(harness.draw(i, works[i], poolWork), 0, "a second time");
        }
        vm.assertLe(left(), works.length, "only the rounding stays");
    }

    /// However the money comes in and is taken, an entry ends with its share of all of it.
    function testFuzz_PartsAddUpToTheShare(uint88[6] memory partsWei, uint8 takes, uint64 work, uint64 others)
        public
    {
        uint256 poolWork = uint256(work) + others;
        uint256 collectedWei = 0;
        uint256 paidWei = 0;
        for (uint256 i = 0; i < partsWei.length; i++) {
            harness.collect(partsWei[i]);
            collectedWei += partsWei[i];
            if ((takes >> i) & 1 == 1) paidWei += harness.draw(0, work, poolWork);
        }
        paidWei += harness.draw(0, work, poolWork);
        vm.assertEq(paidWei, poolWork == 0 ? 0 : collectedWei * work / poolWork);
    }

    /// Even if a proof said nonsense, other pools' money would be out of reach.
    function testFuzz_NeverMoreThanWasCollected(uint96 collectedWei, uint64[4] memory works, uint64 poolWork)
        public
    {
        harness.collect(collectedWei);
        uint256 paidWei = 0;
        for (uint256 i = 0; i < works.length; i++) {
            paidWei += harness.draw(i, works[i], bound(poolWork, 1, type(uint64).max));
        }
        vm.assertLe(paidWei, collectedWei);
    }

    function test_APoolWithoutWorkPaysNothing() public {
        harness.collect(1 ether);
        vm.assertEq(harness.draw(0, 0, 0), 0);
        vm.assertEq(harness.draw(0, 1, 0), 0);
    }
}
