// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deploy} from "./Deploy.sol";
import {Aggregated, Finished, Scenario} from "./Scenario.sol";
import {makeAddress, vm} from "./Test.sol";
import {Trees} from "./Trees.sol";
import {Settlement} from "src/Settlement.sol";
import {Claim, Parallel} from "src/libraries/Claims.sol";
import {PayoutPath} from "src/libraries/Payouts.sol";

/// A settlement with a mock verifier, tenants with deposits, and provers.
abstract contract SettlementFixture {
    bytes32 internal constant MERGE_KEY = keccak256("the merge circuit");
    uint256 internal constant WEI_PER_MEGAGATE = 3e12 + 7;
    uint256 internal constant DEPOSIT_WEI = 10 ether;

    Settlement internal settlement;
    address internal tenant = makeAddress("tenant");
    address internal stranger = makeAddress("stranger");
    address[] internal provers;

    function setUp() public virtual {
        settlement = newSettlement();
        provers = [makeAddress("prover 1"), makeAddress("prover 2"), makeAddress("prover 3")];
        fund(tenant);
    }

    function newSettlement() internal virtual returns (Settlement) {
        return Deploy.settlement(Deploy.mockVerifier(), MERGE_KEY, Deploy.fixedPricing(WEI_PER_MEGAGATE));
    }

    function fund(address account) internal {
        vm.deal(address(this), DEPOSIT_WEI);
        settlement.deposit{value: DEPOSIT_WEI}(account);
    }

    function priceWei(uint256 work) internal pure returns (uint256) {
        return (work * WEI_PER_MEGAGATE + 999_999) / 1_000_000;
    }

    /// What the mock verifier takes as a proof of `root` under `mergeKey`.
    function proofOf(Parallel memory root, bytes32 mergeKey) internal pure returns (bytes memory) {
        return abi.encode(keccak256(abi.encode(Trees.tag("parallel"), mergeKey, root)) >> 8);
    }

    function proofOf(Claim memory root, bytes32 mergeKey) internal pure returns (bytes memory) {
        return abi.encode(keccak256(abi.encode(Trees.tag("sequence"), mergeKey, root)) >> 8);
    }

    function settled(uint256 seed, uint256 count) internal returns (Aggregated memory made) {
        made = Scenario.aggregated(seed, count, provers);
        settlement.settle(proofOf(made.root, MERGE_KEY), made.root);
    }

    /// A recorded claim alone, of `segments` segments.
    function settledAlone(uint256 seed, uint256 segments) internal returns (Finished memory made) {
        made = Scenario.finished(seed, segments, provers);
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
    }

    function openAs(address caller, Aggregated memory made, uint256 place) internal {
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, place);
        vm.prank(caller);
        settlement.open(made.parts[place].claim, index, siblings);
    }

    function openAs(address caller, Finished memory made) internal {
        vm.prank(caller);
        settlement.open(made.claim, 0, new bytes32[](0));
    }

    function withdraw(Finished memory made, PayoutPath[] memory entries) internal returns (uint256) {
        return settlement.withdraw(tenant, made.job, made.claim.work, made.claim.payouts, entries);
    }

    function only(PayoutPath memory path) internal pure returns (PayoutPath[] memory list) {
        list = new PayoutPath[](1);
        list[0] = path;
    }
}
