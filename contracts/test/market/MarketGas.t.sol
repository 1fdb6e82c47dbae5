// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Evidence} from "src/market/interfaces/IDefaults.sol";
import {SignedAttempt} from "src/market/libraries/Attempts.sol";
import {Commitment} from "src/market/libraries/Commitments.sol";
import {Order, ProvenOrder} from "src/market/libraries/Orders.sol";
import {Request} from "src/market/libraries/Requests.sol";
import {DirectFixture} from "test/utils/DirectFixture.sol";
import {Aggregated, Finished, Scenario} from "test/utils/Scenario.sol";
import {vm} from "test/utils/Test.sol";

/// What the market's transactions cost with a verifier that costs nothing, as whole transactions. Requests of one job;
/// provers, requesters and nonces that the market has seen before, as they mostly are.
/// forge-config: default.isolate = true
contract MarketGasTest is DirectFixture {
    function snap(string memory name) internal {
        vm.snapshotGasLastCall("gas", name);
    }

    /// An aggregate of `count` claims of one job each.
    function singles(uint256 seed, uint256 count) internal view returns (Aggregated memory) {
        Finished[] memory parts = new Finished[](count);
        for (uint256 i = 0; i < count; i++) {
            parts[i] = Scenario.finished(uint256(keccak256(abi.encode(seed, i))), 1, provers);
        }
        return Scenario.aggregated(seed, parts, provers);
    }

    /// The matcher settles, as a coordinator does: its transaction stands for its signature under every commitment.
    function asMatcher(Order memory order) internal pure returns (Order memory) {
        for (uint256 i = 0; i < order.entries.length; i++) {
            order.entries[i].counterSignature = "";
        }
        return order;
    }

    /// Orders by one requester for each claim, all with one matcher.
    function settleMany(uint256 seed, uint256 count, string memory name) internal returns (uint256 eachGas) {
        Aggregated memory made = singles(seed, count);
        Order[] memory orders = ordersFor(made, requester);
        for (uint256 i = 0; i < count; i++) {
            orders[i] = asMatcher(orders[i]);
        }
        vm.prank(matcher);
        settleAll(made, orders);
        uint256 gas = vm.snapshotGasLastCall("gas", name);
        eachGas = gas / count;
        vm.snapshotValue("gas", string.concat(name, ", each"), eachGas);
    }

    function warmUp() internal {
        Aggregated memory warm = singles(1, 16);
        settleAll(warm, ordersFor(warm, requester));
    }

    function test_Settle() public {
        warmUp();
        Finished memory alone = Scenario.finished(2, 1, provers);
        Order memory order = orderFor(requestFor(alone, requester), alone, 0);
        settleAlone(alone, order);
        uint256 aloneGas = vm.snapshotGasLastCall("gas", "market, one request, match to payment");
        vm.assertLe(aloneGas, 250_000);
        alone = Scenario.finished(3, 2, provers);
        settleAlone(alone, orderFor(requestFor(alone, requester), alone, 0));
        snap("market, one request of 2 segments and a merge");
        settleMany(4, 8, "market, 8 requests");
        uint256 gasAt32 = settleMany(5, 32, "market, 32 requests");
        uint256 gasAt128 = settleMany(6, 128, "market, 128 requests");
        vm.assertLe(gasAt32, 50_000);
        vm.assertLe(gasAt128, gasAt32);
    }

    function test_SettleByAStranger() public {
        warmUp();
        Aggregated memory made = singles(5, 32);
        settleAll(made, ordersFor(made, requester));
        vm.snapshotValue(
            "gas",
            "market, 32 requests, settled by a stranger, each",
            vm.snapshotGasLastCall("gas", "market, 32 requests, settled by a stranger") / 32
        );
    }

    /// Nobody in the aggregate is there twice; all have been paid, or have paid, once before.
    function test_SettleForStrangers() public {
        for (uint256 round = 0; round < 2; round++) {
            Finished[] memory parts = new Finished[](32);
            Order[] memory orders = new Order[](32);
            address[] memory one = new address[](1);
            for (uint256 i = 0; i < 32; i++) {
                one[0] = withKey(string.concat("prover ", vm.toString(i)));
                address owner = withKey(string.concat("owner ", vm.toString(i)));
                if (round == 0) fundAccount(owner);
                parts[i] = Scenario.finished(uint256(keccak256(abi.encode(round, i))), 1, one);
                orders[i] = asMatcher(orderFor(requestFor(parts[i], owner), parts[i], i));
            }
            Aggregated memory made = Scenario.aggregated(round, parts, provers);
            vm.prank(matcher);
            settleAll(made, orders);
        }
        uint256 gas = vm.snapshotGasLastCall("gas", "market, 32 requests, no party twice");
        vm.snapshotValue("gas", "market, 32 requests, no party twice, each", gas / 32);
    }

    /// Recorded proofs of direct programs, the matcher's payment for them.
    function settleDirect(uint256 seed, uint256 count, string memory name)
        internal
        returns (uint256 eachGas)
    {
        ProvenOrder[] memory orders = new ProvenOrder[](count);
        bytes32[] memory jobs = recordBatch(seed, count);
        for (uint256 i = 0; i < count; i++) {
            Order memory order = directOrder(directOf(seedOf(seed, i), provers[i % 3]));
            orders[i] = inBatch(asMatcher(order), jobs, i);
        }
        vm.prank(matcher);
        market.settleProven(orders);
        uint256 gas = vm.snapshotGasLastCall("gas", name);
        eachGas = gas / count;
        if (count != 1) vm.snapshotValue("gas", string.concat(name, ", each"), eachGas);
    }

    function test_SettleDirect() public {
        warmUp();
        settleDirect(2, 1, "market, 1 direct proof");
        settleDirect(3, 8, "market, 8 direct proofs");
        vm.assertLe(settleDirect(4, 32, "market, 32 direct proofs"), 50_000);
    }

    function test_Attempt() public {
        warmUp();
        Order memory order = directOrder(directOf(1, provers[0]));
        Commitment memory commitment = commitmentFor(order.request, order.entries[0].path.entry);
        SignedAttempt[] memory attempts = new SignedAttempt[](1);
        attempts[0] = SignedAttempt(signed(order.request, commitment), 1e12, "");
        attempts[0].committed.counterSignature = "";
        vm.prank(matcher);
        market.settleAttempt(order.request, order.signature, new address[](0), attempts);
        snap("market, one attempt");
    }

    function test_Posted() public {
        warmUp();
        Finished memory made = Scenario.finished(2, 1, provers);
        Request memory request = requestFor(made, requester);
        request.matcher = address(0);
        vm.prank(requester);
        market.post(request);
        snap("market, post");
        Order memory order = asMatcher(orderFor(request, made, 0));
        order.signature = "";
        order.entries[0].signature = "";
        settleAlone(made, order);
        snap("market, one posted request, fulfilled");
    }

    function test_Default() public {
        warmUp();
        address[] memory one = new address[](1);
        one[0] = provers[1];
        Finished memory made = Scenario.finished(2, 1, one);
        Request memory request = requestFor(made, requester);
        Commitment memory first = commitmentFor(request, made.payouts.paths[0].entry);
        Commitment memory second = commitmentFor(request, made.payouts.paths[0].entry);
        (first.prover, second.rank) = (provers[0], 1);
        token.mint(provers[0], 1 ether);
        vm.prank(provers[0]);
        staking.register(0, address(0));
        vm.prank(provers[0]);
        token.approve(address(staking), 1 ether);
        vm.prank(provers[0]);
        staking.delegate(provers[0], 1 ether);
        snap("market, delegate, with rewards due");
        vm.warp(first.deadline + 1);
        settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
        vm.warp(first.deadline + 2 * DEFENCE_WINDOW + 1);
        Evidence memory evidence = Evidence(made.claim, 0, new bytes32[](0), made.payouts.paths[0]);
        defaults.accuse(request, signed(request, first), signed(request, second), evidence);
        snap("market, accuse");
        vm.warp(block.timestamp + DEFENCE_WINDOW + 1);
        defaults.convict(request, first);
        snap("market, convict");
    }

    function test_Money() public {
        token.mint(address(this), 2 ether);
        token.approve(address(market), 2 ether);
        market.deposit(requester, 1 ether);
        snap("market, deposit");
        vm.prank(requester);
        market.announceWithdrawal(1 ether);
        vm.warp(block.timestamp + WITHDRAWAL_DELAY);
        vm.prank(requester);
        market.withdraw(requester);
        snap("market, withdraw");
        Aggregated memory made = singles(5, 8);
        settleAll(made, ordersFor(made, requester));
        market.withdrawShared(made.root.claims, made.shared.paths);
        snap("market, withdrawShared, 7 entries");
        market.collect(provers[0]);
        snap("market, collect");
    }
}
