// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Order} from "src/market/libraries/Orders.sol";
import {MarketFixture} from "test/utils/MarketFixture.sol";
import {Aggregated, Finished, Scenario} from "test/utils/Scenario.sol";
import {vm} from "test/utils/Test.sol";

/// What the market's transactions cost with a verifier that costs nothing, as whole transactions. Requests of one job;
/// provers, requesters and nonces that the market has seen before, as they mostly are.
/// forge-config: default.isolate = true
contract MarketGasTest is MarketFixture {
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
    function settleMany(uint256 seed, uint256 count, string memory name) internal {
        Aggregated memory made = singles(seed, count);
        Order[] memory orders = ordersFor(made, requester);
        for (uint256 i = 0; i < count; i++) {
            orders[i] = asMatcher(orders[i]);
        }
        vm.prank(matcher);
        settleAll(made, orders);
        uint256 gas = vm.snapshotGasLastCall("gas", name);
        vm.snapshotValue("gas", string.concat(name, ", each"), gas / count);
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
        snap("market, one request, match to payment");
        alone = Scenario.finished(3, 2, provers);
        settleAlone(alone, orderFor(requestFor(alone, requester), alone, 0));
        snap("market, one request of 2 segments and a merge");
        settleMany(4, 8, "market, 8 requests");
        settleMany(5, 32, "market, 32 requests");
        settleMany(6, 128, "market, 128 requests");
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
}
