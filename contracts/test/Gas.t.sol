// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deploy} from "./utils/Deploy.sol";
import {Aggregated, Finished, Scenario} from "./utils/Scenario.sol";
import {SettlementFixture} from "./utils/SettlementFixture.sol";
import {makeAddress, vm} from "./utils/Test.sol";
import {Trees} from "./utils/Trees.sol";
import {PaymentsRollup} from "src/PaymentsRollup.sol";
import {PayoutPath} from "src/libraries/Payouts.sol";

/// Stands in for a tenant's contract: opens, and does nothing else.
contract OpeningTenant {
    function run(address settlement, bytes calldata call) external returns (uint256 gasUsed) {
        uint256 before = gasleft();
        (bool done,) = settlement.call(call);
        gasUsed = before - gasleft();
        require(done);
    }
}

/// What each kind of transaction costs with a verifier that costs nothing, into snapshots/gas.json. The figures are
/// of whole transactions, intrinsic gas and calldata included, except `open, inside a transaction`: what opening adds
/// to a tenant contract's own. Only right when run isolated (`npm run gas`), where every call is
/// a transaction that begins with cold storage.
/// forge-config: default.isolate = true
contract GasTest is SettlementFixture {
    function snap(string memory name) internal {
        vm.snapshotGasLastCall("gas", name);
    }

    function test_Settle() public {
        settled(1, 2);
        snap("settle, 2 claims, without verifier");
        settled(2, 8);
        snap("settle, 8 claims, without verifier");
        settled(3, 32);
        snap("settle, 32 claims, without verifier");
        settledAlone(4, 3);
        snap("settleSequence, without verifier");
    }

    function test_Open() public {
        Finished memory alone = settledAlone(1, 3);
        openAs(tenant, alone);
        snap("open, 1 claim");
        Aggregated memory two = settled(2, 2);
        openAs(tenant, two, 0);
        snap("open, 2 claims");
        Aggregated memory eight = settled(8, 8);
        openAs(tenant, eight, 0);
        snap("open, 8 claims");
        Aggregated memory many = settled(32, 32);
        openAs(tenant, many, 0);
        snap("open, 32 claims");
    }

    function openInside(uint256 count, string memory name) internal {
        OpeningTenant opener = new OpeningTenant();
        fund(address(opener));
        Aggregated memory made = settled(count, count);
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, 0);
        uint256 gasUsed = opener.run(
            address(settlement), abi.encodeCall(settlement.open, (made.parts[0].claim, index, siblings))
        );
        vm.snapshotValue("gas", name, gasUsed);
    }

    function test_OpenInsideATransaction() public {
        openInside(2, "open, inside a transaction, 2 claims");
        openInside(8, "open, inside a transaction, 8 claims");
        openInside(32, "open, inside a transaction, 32 claims");
    }

    function firsts(PayoutPath[] memory paths, uint256 count)
        internal
        pure
        returns (PayoutPath[] memory part)
    {
        part = new PayoutPath[](count);
        for (uint256 i = 0; i < count; i++) {
            part[i] = paths[i];
        }
    }

    /// To provers that have been paid before, as provers mostly have.
    function test_Withdraw() public {
        for (uint256 i = 0; i < provers.length; i++) {
            vm.deal(provers[i], 1);
        }
        Finished memory made = settledAlone(1, 9);
        openAs(tenant, made);
        withdraw(made, only(made.payouts.paths[16]));
        snap("withdraw, 1 entry");

        provers = [provers[0]];
        Finished memory ofOne = settledAlone(2, 9);
        openAs(tenant, ofOne);
        withdraw(ofOne, firsts(ofOne.payouts.paths, 8));
        snap("withdraw, 8 entries of one prover");

        Aggregated memory many = settled(8, 8);
        openAs(tenant, many, 0);
        settlement.withdrawShared(many.root.claims, many.shared.paths);
        snap("withdrawShared, 7 entries of one prover");
        openAs(tenant, many, 1);
        settlement.withdrawShared(many.root.claims, many.shared.paths);
        snap("withdrawShared, 7 entries, a later part");
    }

    function test_Deposit() public {
        fund(tenant);
        snap("deposit");
        vm.prank(tenant);
        settlement.announceWithdrawal(1 ether);
        snap("announceWithdrawal");
        vm.warp(block.timestamp + settlement.WITHDRAWAL_DELAY());
        vm.deal(stranger, 1);
        vm.prank(tenant);
        settlement.withdrawDeposit(stranger);
        snap("withdrawDeposit");
    }

    function advance(uint256 transfersCount, string memory name) internal {
        bytes32 program = keccak256("payments");
        bytes memory transfers = Scenario.transfers(transfersCount, transfersCount);
        Finished[] memory parts = new Finished[](2);
        parts[0] = Scenario.finished(transfersCount, 2, provers);
        parts[1] = Scenario.finished(transfersCount + 1, 2, provers);
        address sequencer = makeAddress("sequencer");
        PaymentsRollup rollup = Deploy.paymentsRollup(settlement, program, 4, parts[0].claim.pre, sequencer);
        fund(address(rollup));
        parts[0].claim.program = program;
        parts[0].claim.data = rollup.dataOf(transfers);
        Scenario.seal(parts[0]);
        Aggregated memory made = Scenario.aggregated(transfersCount, parts, provers);
        settlement.settle(proofOf(made.root, MERGE_KEY), made.root);
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, 0);
        vm.prank(sequencer);
        rollup.advance(parts[0].claim, index, siblings, transfers);
        snap(name);
    }

    function test_Advance() public {
        advance(8, "advance, 8 transfers, first batch");
        advance(64, "advance, 64 transfers, first batch");
    }
}
