// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Aggregated, Finished, Scenario} from "./Scenario.sol";
import {bound, makeAddress, vm} from "./Test.sol";
import {PayoutTree, Trees} from "./Trees.sol";
import {Vm} from "./Vm.sol";
import {Settlement} from "src/Settlement.sol";
import {Deposit, ISettlement} from "src/interfaces/ISettlement.sol";
import {PayoutEntry, PayoutPath} from "src/libraries/Payouts.sol";
import {BurningProver, ReentrantProver, RefusingProver} from "test/mocks/Provers.sol";

/// Everybody who uses a settlement, in any order: tenants, honest and hostile provers, and a stranger who sends every
/// call that anyone may send. Keeps books of its own, from events and balances, for the invariants to compare with.
contract Handler {
    /// What a claim's or an aggregate's entries are paid from, and by whom it is filled.
    struct KnownPool {
        bytes32 id;
        bool shared;
        uint256 work;
    }

    uint256 internal constant MAX_AGGREGATES = 5;

    Settlement internal immutable settlement;
    bytes32 internal immutable mergeKey;

    address[] public tenants;
    address[] public provers;
    address public stranger = makeAddress("stranger");
    address public heir = makeAddress("heir");

    /// Settled aggregates by what they are made from: Scenario makes them again.
    uint256[] internal seeds;
    mapping(uint256 seed => uint256) internal countOf;
    KnownPool[] public pools;
    mapping(bytes32 pool => PayoutEntry[]) internal entries;

    mapping(address tenant => uint256) public depositedWei;
    mapping(address tenant => uint256) public chargedWei;
    mapping(address tenant => uint256) public takenWei;
    mapping(address tenant => mapping(bytes32 claimHash => uint256)) public openings;
    /// By the tenant who filled the pool (zero for a shared one), the pool and the entry's job.
    mapping(address tenant => mapping(bytes32 pool => mapping(bytes32 job => uint256))) public entryPaidWei;
    mapping(address prover => uint256) public proverPaidWei;
    mapping(address prover => uint256) public inheritedWei;

    constructor(Settlement settlement_, bytes32 mergeKey_) {
        settlement = settlement_;
        mergeKey = mergeKey_;
        tenants = [makeAddress("tenant 1"), makeAddress("tenant 2"), makeAddress("tenant 3")];
        provers = [makeAddress("prover 1"), makeAddress("prover 2")];
        provers.push(address(new RefusingProver()));
        provers.push(address(new BurningProver()));
        ReentrantProver reentrant = new ReentrantProver();
        reentrant.arm(address(settlement), abi.encodeCall(settlement.collectCredit, (address(reentrant))));
        provers.push(address(reentrant));
    }

    function allTenants() external view returns (address[] memory) {
        return tenants;
    }

    function allProvers() external view returns (address[] memory) {
        return provers;
    }

    function allPools() external view returns (KnownPool[] memory) {
        return pools;
    }

    function entriesOf(bytes32 pool) external view returns (PayoutEntry[] memory) {
        return entries[pool];
    }

    // Actions

    function deposit(uint256 tenantChoice, uint256 amountWei) external {
        address tenant = tenants[tenantChoice % tenants.length];
        amountWei = bound(amountWei, 1, 1e14);
        vm.deal(address(this), amountWei);
        settlement.deposit{value: amountWei}(tenant);
        depositedWei[tenant] += amountWei;
    }

    function settle(uint256 seed, uint256 count) external {
        if (countOf[seed] != 0 || seeds.length == MAX_AGGREGATES) return;
        countOf[seed] = bound(count, 2, 4);
        seeds.push(seed);
        Aggregated memory made = Scenario.aggregated(seed, countOf[seed], provers);
        bytes32 proofClaim = keccak256(abi.encode(Trees.tag("parallel"), mergeKey, made.root));
        vm.prank(stranger);
        settlement.settle(abi.encode(proofClaim >> 8), made.root);

        know(made.root.claims, true, made.shared.paths.length * Scenario.MERGE_WORK, made.shared);
        for (uint256 i = 0; i < made.parts.length; i++) {
            know(made.parts[i].hash, false, made.parts[i].claim.work, made.parts[i].payouts);
        }
    }

    /// Any tenant opens any claim, also a second time or without the money.
    function open(uint256 tenantChoice, uint256 aggregateChoice, uint256 place) external {
        if (seeds.length == 0) return;
        address tenant = tenants[tenantChoice % tenants.length];
        Aggregated memory made = aggregate(aggregateChoice);
        place = place % made.parts.length;
        Finished memory part = made.parts[place];
        (uint256 index, bytes32[] memory siblings) = Trees.claimPath(made.hashes, place);
        uint256 before = settlement.depositOf(tenant).balanceWei;
        vm.prank(tenant);
        try settlement.open(part.claim, index, siblings) {
            openings[tenant][part.hash]++;
        } catch (bytes memory reason) {
            allow(reason, ISettlement.AlreadyOpened.selector, ISettlement.InsufficientDeposit.selector);
        }
        chargedWei[tenant] += before - settlement.depositOf(tenant).balanceWei;
    }

    function withdraw(
        uint256 tenantChoice,
        uint256 aggregateChoice,
        uint256 place,
        uint256 start,
        uint256 length
    ) external {
        if (seeds.length == 0) return;
        address tenant = tenants[tenantChoice % tenants.length];
        Aggregated memory made = aggregate(aggregateChoice);
        Finished memory part = made.parts[place % made.parts.length];
        PayoutPath[] memory list = some(part.payouts.paths, start, length);
        vm.recordLogs();
        vm.prank(stranger);
        try settlement.withdraw(tenant, part.job, part.claim.work, part.claim.payouts, list) {
            book(tenant);
        } catch (bytes memory reason) {
            allow(reason, ISettlement.NotOpened.selector, ISettlement.NothingDue.selector);
        }
    }

    function withdrawShared(uint256 aggregateChoice, uint256 start, uint256 length) external {
        if (seeds.length == 0) return;
        Aggregated memory made = aggregate(aggregateChoice);
        PayoutPath[] memory list = some(made.shared.paths, start, length);
        vm.recordLogs();
        vm.prank(stranger);
        try settlement.withdrawShared(made.root.claims, list) {
            book(address(0));
        } catch (bytes memory reason) {
            allow(reason, ISettlement.NothingDue.selector, ISettlement.NothingDue.selector);
        }
    }

    /// Provers that can take money take it themselves; the others name an heir.
    function collectCredit(uint256 proverChoice) external {
        address prover = provers[proverChoice % provers.length];
        uint256 owedWei = settlement.creditWei(prover);
        bool takes = prover == provers[provers.length - 1];
        vm.prank(prover);
        try settlement.collectCredit(takes ? prover : heir) {
            if (!takes) inheritedWei[prover] += owedWei;
        } catch (bytes memory reason) {
            allow(reason, ISettlement.ZeroAmount.selector, ISettlement.ZeroAmount.selector);
        }
    }

    function announceWithdrawal(uint256 tenantChoice, uint256 amountWei) external {
        address tenant = tenants[tenantChoice % tenants.length];
        uint256 balanceWei = settlement.depositOf(tenant).balanceWei;
        if (balanceWei == 0) return;
        amountWei = bound(amountWei, 1, balanceWei);
        vm.prank(tenant);
        settlement.announceWithdrawal(amountWei);
    }

    /// A tenant takes its deposit when it may, or a moment too early.
    function withdrawDeposit(uint256 tenantChoice, bool tooEarly) external {
        address tenant = tenants[tenantChoice % tenants.length];
        Deposit memory before = settlement.depositOf(tenant);
        if (before.leavingAt > block.timestamp) vm.warp(before.leavingAt - (tooEarly ? 1 : 0));
        vm.prank(tenant);
        try settlement.withdrawDeposit(tenant) {
            takenWei[tenant] += before.balanceWei - settlement.depositOf(tenant).balanceWei;
        } catch (bytes memory reason) {
            allow(reason, ISettlement.NothingAnnounced.selector, ISettlement.TooEarly.selector);
        }
    }

    // Books

    function aggregate(uint256 choice) internal view returns (Aggregated memory) {
        uint256 seed = seeds[choice % seeds.length];
        return Scenario.aggregated(seed, countOf[seed], provers);
    }

    function know(bytes32 id, bool shared, uint256 work, PayoutTree memory tree) internal {
        pools.push(KnownPool(id, shared, work));
        for (uint256 i = 0; i < tree.paths.length; i++) {
            entries[id].push(tree.paths[i].entry);
        }
    }

    /// Entries from anywhere in the list, wrapping around: the longest lists have some of them twice.
    function some(PayoutPath[] memory paths, uint256 start, uint256 length)
        internal
        pure
        returns (PayoutPath[] memory list)
    {
        list = new PayoutPath[](bound(length, 1, paths.length + 2));
        for (uint256 i = 0; i < list.length; i++) {
            list[i] = paths[(start % paths.length + i) % paths.length];
        }
    }

    function book(address tenant) internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].topics[0] != ISettlement.Paid.selector) continue;
            (bytes32 job, uint256 amountWei) = abi.decode(logs[i].data, (bytes32, uint256));
            entryPaidWei[tenant][logs[i].topics[1]][job] += amountWei;
            proverPaidWei[address(uint160(uint256(logs[i].topics[2])))] += amountWei;
        }
    }

    /// Only these refusals are part of the game.
    function allow(bytes memory reason, bytes4 one, bytes4 other) internal pure {
        bytes4 given = bytes4(reason);
        vm.assertTrue(given == one || given == other, "a refusal that nobody expected");
    }
}
