// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "./Test.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {FixedPricing} from "src/FixedPricing.sol";
import {PaymentsRollup} from "src/PaymentsRollup.sol";
import {Settlement} from "src/Settlement.sol";
import {IProofRegistry} from "src/delivery/interfaces/IProofRegistry.sol";
import {IHonkVerifier} from "src/interfaces/IHonkVerifier.sol";
import {IPricing} from "src/interfaces/IPricing.sol";
import {ISettlement} from "src/interfaces/ISettlement.sol";
import {IDefaults} from "src/market/interfaces/IDefaults.sol";
import {IMarket, MarketConfig} from "src/market/interfaces/IMarket.sol";
import {IStaking} from "src/market/interfaces/IStaking.sol";
import {IVerifierRouter} from "src/market/interfaces/IVerifierRouter.sol";
import {MockVerifier} from "test/mocks/MockVerifier.sol";

/// Deploys from forge's artifacts: with `new`, every test contract would be compiled with the contracts inside it.
/// Names them as types too, so that forge compiles them whichever tests it runs.
library Deploy {
    function mockVerifier() internal returns (MockVerifier) {
        return MockVerifier(create("MockVerifier.sol:MockVerifier", ""));
    }

    function fixedPricing(uint256 weiPerMegagate) internal returns (FixedPricing) {
        return FixedPricing(create("FixedPricing.sol:FixedPricing", abi.encode(weiPerMegagate)));
    }

    function settlement(IHonkVerifier verifier, bytes32 mergeKey, IPricing pricing)
        internal
        returns (Settlement)
    {
        return Settlement(create("Settlement.sol:Settlement", abi.encode(verifier, mergeKey, pricing)));
    }

    function paymentsRollup(
        ISettlement settlement_,
        bytes32 program,
        uint256 segmentSize,
        bytes32 genesisRoot,
        address sequencer
    ) internal returns (PaymentsRollup) {
        uint256 chainId = 777;
        bytes memory arguments =
            abi.encode(settlement_, program, segmentSize, genesisRoot, chainId, sequencer);
        return PaymentsRollup(create("PaymentsRollup.sol:PaymentsRollup", arguments));
    }

    /// A router whose registrar is the caller.
    function router(address guardian) internal returns (IVerifierRouter) {
        bytes memory arguments = abi.encode(address(this), guardian);
        return IVerifierRouter(create("VerifierRouter.sol:VerifierRouter", arguments));
    }

    /// The router's verifier for one system, which the router sends to `verifier`.
    function routed(IVerifierRouter router_, IHonkVerifier verifier, bytes32 system)
        internal
        returns (IHonkVerifier)
    {
        router_.register(system, verifier);
        return IHonkVerifier(create("RoutedVerifier.sol:RoutedVerifier", abi.encode(router_, system)));
    }

    function proofRegistry(IVerifierRouter router_) internal returns (IProofRegistry) {
        return IProofRegistry(create("ProofRegistry.sol:ProofRegistry", abi.encode(router_)));
    }

    function mockProgramVerifier() internal returns (IHonkVerifier) {
        return IHonkVerifier(create("MockProgramVerifier.sol:MockProgramVerifier", ""));
    }

    function staking(IERC20 token, uint256 unbondingDelay) internal returns (IStaking) {
        return IStaking(create("Staking.sol:Staking", abi.encode(token, unbondingDelay)));
    }

    function defaults(ISettlement settlement_, IStaking staking_, address insurer, uint256 defenceWindow)
        internal
        returns (IDefaults)
    {
        bytes memory arguments = abi.encode(settlement_, staking_, insurer, defenceWindow);
        return IDefaults(create("Defaults.sol:Defaults", arguments));
    }

    /// By its interface only: whoever imports the contract is compiled as slowly as it is.
    function market(MarketConfig memory config) internal returns (IMarket) {
        return IMarket(create("Market.sol:Market", abi.encode(config)));
    }

    function create(string memory artifact, bytes memory arguments) private returns (address made) {
        bytes memory code = bytes.concat(vm.getCode(artifact), arguments);
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
            if iszero(made) {
                let reason := mload(0x40)
                returndatacopy(reason, 0, returndatasize())
                revert(reason, returndatasize())
            }
        }
    }
}
