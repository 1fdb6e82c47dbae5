// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MockVerifier} from "./mocks/MockVerifier.sol";
import {Aggregated, Finished, Scenario} from "./utils/Scenario.sol";
import {SettlementFixture} from "./utils/SettlementFixture.sol";
import {bound, vm} from "./utils/Test.sol";
import {Trees} from "./utils/Trees.sol";
import {FixedPricing} from "src/FixedPricing.sol";
import {PaymentsRollup} from "src/PaymentsRollup.sol";
import {Settlement} from "src/Settlement.sol";
import {PayoutPath} from "src/libraries/Payouts.sol";

/// What a transaction costs, intrinsic gas included, with a verifier that costs nothing. Run isolated (`npm run gas`):
/// only then is every call a transaction that starts with cold storage. `open, call` is what a contract pays.
contract GasTest is SettlementFixture {
    function snap(string memory name) internal returns (uint256) {
        return vm.snapshotGasLastCall("gas", name);
    }

    function test_Settle() public {
        settled(1, 2);
        snap("settle, 2 claims");
        settled(2, 8);
        snap("settle, 8 claims");
        settled(3, 32);
        snap("settle, 32 claims");
        settledAlone(4, 3);
        snap("settleSequence");
    }

    function open(uint256 count, string memory name) internal {
        Aggregated memory made = settled(count, count);
        // The first of them finds a pool without money; they cost the same.
        openAs(tenant, made, 0);
        snap(name);
    }

    function test_Open() public {
        Finished memory made = settledAlone(1, 3);
        openAs(tenant, made);
        snap("open, 1 claim");
        open(2, "open, 2 claims");
        open(8, "open, 8 claims");
        open(32, "open, 32 claims");
    }
}
