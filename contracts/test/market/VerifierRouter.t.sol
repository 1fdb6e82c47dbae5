// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHonkVerifier} from "src/interfaces/IHonkVerifier.sol";
import {ISettlement} from "src/interfaces/ISettlement.sol";
import {RoutedVerifier} from "src/market/RoutedVerifier.sol";
import {VerifierRouter} from "src/market/VerifierRouter.sol";
import {IVerifierRouter} from "src/market/interfaces/IVerifierRouter.sol";
import {RevertingVerifier} from "test/mocks/MockVerifier.sol";
import {Deploy} from "test/utils/Deploy.sol";
import {Aggregated, Scenario} from "test/utils/Scenario.sol";
import {SettlementFixture} from "test/utils/SettlementFixture.sol";
import {makeAddress, vm} from "test/utils/Test.sol";

/// Routes are set once, and can only be frozen.
contract VerifierRouterTest is SettlementFixture {
    bytes32 internal constant SYSTEM = keccak256("a proof system");

    address internal registrar = makeAddress("registrar");
    address internal guardian = makeAddress("guardian");
    VerifierRouter internal router;
    IHonkVerifier internal verifier;

    function setUp() public override {
        super.setUp();
        router = new VerifierRouter(registrar, guardian);
        verifier = Deploy.mockVerifier();
    }

    function register(bytes32 system) internal {
        vm.prank(registrar);
        router.register(system, verifier);
    }

    function testFuzz_ARouteIsSetOnce(bytes32 system) public {
        vm.expectEmit();
        emit IVerifierRouter.Registered(system, verifier);
        register(system);
        vm.assertEq(address(router.verifierOf(system)), address(verifier));

        IHonkVerifier other = new RevertingVerifier();
        vm.expectRevert(abi.encodeWithSelector(IVerifierRouter.AlreadyRegistered.selector, system, verifier));
        vm.prank(registrar);
        router.register(system, other);
    }

    function testFuzz_OnlyTheRegistrarRegisters(address caller) public {
        vm.assume(caller != registrar);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRouter.NotRegistrar.selector, caller));
        vm.prank(caller);
        router.register(SYSTEM, verifier);
    }

    function testFuzz_OnlyTheGuardianFreezes(address caller) public {
        vm.assume(caller != guardian);
        register(SYSTEM);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRouter.NotGuardian.selector, caller));
        vm.prank(caller);
        router.freeze(SYSTEM);
    }

    function test_AnAccountWithoutCodeIsNoVerifier() public {
        address nobody = makeAddress("nobody");
        vm.expectRevert(abi.encodeWithSelector(IVerifierRouter.NotAVerifier.selector, nobody));
        vm.prank(registrar);
        router.register(SYSTEM, IHonkVerifier(nobody));
    }

    function test_OneAccountCannotHoldBothRoles() public {
        vm.expectRevert(abi.encodeWithSelector(IVerifierRouter.SameRoles.selector, guardian));
        new VerifierRouter(guardian, guardian);
    }

    function testFuzz_AnUnknownSystemIsRefused(bytes32 system) public {
        vm.expectRevert(abi.encodeWithSelector(IVerifierRouter.UnknownSystem.selector, system));
        router.verify(system, "", new bytes32[](1));
        vm.expectRevert(abi.encodeWithSelector(IVerifierRouter.UnknownSystem.selector, system));
        vm.prank(guardian);
        router.freeze(system);
    }

    function testFuzz_AFrozenSystemIsStoppedAlone(bytes32 other) public {
        vm.assume(other != SYSTEM);
        register(SYSTEM);
        register(other);
        vm.expectEmit();
        emit IVerifierRouter.Frozen(SYSTEM);
        vm.prank(guardian);
        router.freeze(SYSTEM);
        vm.assertTrue(router.isFrozen(SYSTEM));
        vm.assertFalse(router.isFrozen(other));

        bytes32[] memory publicInputs = new bytes32[](1);
        bytes memory proof = abi.encode(publicInputs[0]);
        vm.assertTrue(router.verify(other, proof, publicInputs));
        vm.expectRevert(abi.encodeWithSelector(IVerifierRouter.SystemFrozen.selector, SYSTEM));
        router.verify(SYSTEM, proof, publicInputs);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRouter.SystemFrozen.selector, SYSTEM));
        vm.prank(guardian);
        router.freeze(SYSTEM);
    }

    /// A settlement deployed with a routed verifier settles through the router, and stops with its system.
    function test_ASettlementStopsWithItsSystem() public {
        register(SYSTEM);
        RoutedVerifier routed = new RoutedVerifier(router, SYSTEM);
        settlement = Deploy.settlement(routed, MERGE_KEY, settlement.pricing());
        settled(1, 3);
        vm.prank(guardian);
        router.freeze(SYSTEM);

        Aggregated memory made = Scenario.aggregated(2, 3, provers);
        bytes memory proof = proofOf(made.root, MERGE_KEY);
        bytes memory frozen = abi.encodeWithSelector(IVerifierRouter.SystemFrozen.selector, SYSTEM);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.VerifierReverted.selector, frozen));
        settlement.settle(proof, made.root);
    }
}
