// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Handler} from "./utils/Handler.sol";
import {SettlementFixture} from "./utils/SettlementFixture.sol";
import {vm} from "./utils/Test.sol";
import {AggregateView, Deposit, OpeningView} from "src/interfaces/ISettlement.sol";
import {PayoutEntry} from "src/libraries/Payouts.sol";

/// What holds after any sequence of calls by anyone.
contract InvariantsTest is SettlementFixture {
    Handler internal handler;

    function setUp() public override {
        super.setUp();
        settlement = newSettlement();
        handler = new Handler(settlement, MERGE_KEY);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// Every wei in the contract is a tenant's, a pool's or a prover's credit.
    function invariant_EveryWeiIsAccountedFor() public view {
        address[] memory tenants = handler.allTenants();
        address[] memory all = handler.allProvers();
        Handler.KnownPool[] memory pools = handler.allPools();
        uint256 sumWei = 0;
        for (uint256 i = 0; i < tenants.length; i++) {
            sumWei += settlement.depositOf(tenants[i]).balanceWei;
        }
        for (uint256 i = 0; i < all.length; i++) {
            sumWei += settlement.creditWei(all[i]);
        }
        for (uint256 i = 0; i < pools.length; i++) {
            if (pools[i].shared) {
                AggregateView memory aggregate = settlement.aggregateOf(pools[i].id);
                sumWei += aggregate.collectedWei - aggregate.paidWei;
                continue;
            }
            for (uint256 t = 0; t < tenants.length; t++) {
                OpeningView memory opening = settlement.openingOf(tenants[t], pools[i].id);
                sumWei += opening.collectedWei - opening.paidWei;
            }
        }
        vm.assertEq(sumWei, address(settlement).balance);
    }

    function invariant_AnEntryIsNeverPaidMoreThanItsShare() public view {
        address[] memory tenants = handler.allTenants();
        Handler.KnownPool[] memory pools = handler.allPools();
        for (uint256 i = 0; i < pools.length; i++) {
            if (pools[i].shared) {
                assertShares(address(0), pools[i], settlement.aggregateOf(pools[i].id).collectedWei);
                continue;
            }
            for (uint256 t = 0; t < tenants.length; t++) {
                uint256 collectedWei = settlement.openingOf(tenants[t], pools[i].id).collectedWei;
                assertShares(tenants[t], pools[i], collectedWei);
            }
        }
    }

    function assertShares(address payer, Handler.KnownPool memory pool, uint256 collectedWei) internal view {
        PayoutEntry[] memory entries = handler.entriesOf(pool.id);
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 paidWei = handler.entryPaidWei(payer, pool.id, entries[i].job);
            vm.assertLe(paidWei, collectedWei * entries[i].work / pool.work, "an entry's share");
        }
    }

    function invariant_ATenantOpensAClaimOnce() public view {
        address[] memory tenants = handler.allTenants();
        Handler.KnownPool[] memory pools = handler.allPools();
        for (uint256 i = 0; i < pools.length; i++) {
            for (uint256 t = 0; t < tenants.length; t++) {
                vm.assertLe(handler.openings(tenants[t], pools[i].id), 1);
            }
        }
    }

    /// A deposit changes by what its tenant was sent, charged and took, and by nothing that others do.
    function invariant_DepositsFollowTheirTenant() public view {
        address[] memory tenants = handler.allTenants();
        for (uint256 i = 0; i < tenants.length; i++) {
            Deposit memory deposit = settlement.depositOf(tenants[i]);
            uint256 outWei = handler.chargedWei(tenants[i]) + handler.takenWei(tenants[i]);
            vm.assertEq(deposit.balanceWei, handler.depositedWei(tenants[i]) - outWei);
            vm.assertEq(tenants[i].balance, handler.takenWei(tenants[i]));
        }
    }

    /// What was paid to a prover is with it, with the heir it named, or credited.
    function invariant_ProversHaveWhatTheyWerePaid() public view {
        address[] memory all = handler.allProvers();
        for (uint256 i = 0; i < all.length; i++) {
            uint256 hasWei = all[i].balance + handler.inheritedWei(all[i]) + settlement.creditWei(all[i]);
            vm.assertEq(hasWei, handler.proverPaidWei(all[i]));
        }
    }

    /// Whoever only settles and withdraws for others ends with nothing.
    function invariant_AStrangerNeverGains() public view {
        address nobody = handler.stranger();
        vm.assertEq(
            nobody.balance + settlement.creditWei(nobody) + settlement.depositOf(nobody).balanceWei, 0
        );
    }

    /// The invariants say something only if the handler moves money.
    function test_TheHandlerReachesEveryBook() public {
        for (uint256 i = 0; i < 3; i++) {
            handler.deposit(i, 1e14);
            handler.settle(i, 4);
        }
        for (uint256 i = 0; i < 12; i++) {
            handler.open(i, i / 4, i);
            handler.withdraw(i, i / 4, i, 0, 10);
            handler.withdrawShared(i / 4, 0, 10);
        }
        uint256 creditWei = 0;
        uint256 paidWei = 0;
        address[] memory all = handler.allProvers();
        for (uint256 i = 0; i < all.length; i++) {
            creditWei += settlement.creditWei(all[i]);
            handler.collectCredit(i);
            paidWei += handler.proverPaidWei(all[i]);
        }
        handler.announceWithdrawal(0, 1e14);
        handler.withdrawDeposit(0, true);
        vm.assertEq(handler.takenWei(handler.tenants(0)), 0);
        handler.withdrawDeposit(0, false);
        vm.assertGt(handler.chargedWei(handler.tenants(0)), 0);
        vm.assertGt(handler.takenWei(handler.tenants(0)), 0);
        vm.assertGt(handler.inheritedWei(all[2]), 0);
        vm.assertGt(creditWei, 0);
        vm.assertGt(paidWei, creditWei);

        invariant_EveryWeiIsAccountedFor();
        invariant_AnEntryIsNeverPaidMoreThanItsShare();
        invariant_ATenantOpensAClaimOnce();
        invariant_DepositsFollowTheirTenant();
        invariant_ProversHaveWhatTheyWerePaid();
        invariant_AStrangerNeverGains();
    }
}
