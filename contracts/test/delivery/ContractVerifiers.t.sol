// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ContractVerifiers} from "src/delivery/ContractVerifiers.sol";
import {ProofRegistry} from "src/delivery/ProofRegistry.sol";
import {IContractVerifiers} from "src/delivery/interfaces/IContractVerifiers.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {IProofRegistry} from "src/delivery/interfaces/IProofRegistry.sol";
import {IHonkVerifier} from "src/interfaces/IHonkVerifier.sol";
import {VerifierRouter} from "src/market/VerifierRouter.sol";
import {AnsweringVerifier, BytesVerifier, WordsVerifier} from "test/mocks/ContractMocks.sol";
import {bound, makeAddress, vm} from "test/utils/Test.sol";
import {Trees} from "test/utils/Trees.sol";

/// A contract of each program's own says what is proven, and only a plain yes is one.
contract ContractVerifiersTest {
    bytes32 internal constant SYSTEM = keccak256("weft.system.contract.v1");
    uint8 internal constant BYTES = 0;
    uint8 internal constant WORDS = 1;

    ContractVerifiers internal verifiers = new ContractVerifiers();

    function inputsOf(uint256 seed) internal pure returns (bytes32[] memory inputs) {
        inputs = new bytes32[](2);
        (inputs[0], inputs[1]) = (keccak256(abi.encode(seed, 0)), keccak256(abi.encode(seed, 1)));
    }

    function wordsProof(bytes32[] memory inputs) internal pure returns (bytes memory) {
        return bytes.concat(keccak256(abi.encodePacked(inputs)), new bytes(23 * 32));
    }

    function bytesProof(bytes32[] memory inputs) internal pure returns (bytes memory) {
        return abi.encodePacked(keccak256(abi.encodePacked(inputs)));
    }

    function registerWords() internal returns (bytes32) {
        return verifiers.register(address(new WordsVerifier()), WordsVerifier.verifyProof.selector, WORDS);
    }

    function registerBytes() internal returns (bytes32) {
        return verifiers.register(address(new BytesVerifier(2)), BytesVerifier.verify.selector, BYTES);
    }

    function answering(AnsweringVerifier.Way way, uint256 length, bytes32 first)
        internal
        returns (AnsweringVerifier)
    {
        return new AnsweringVerifier(way, length, first);
    }

    function register(AnsweringVerifier verifier) internal returns (bytes32) {
        return verifiers.register(address(verifier), bytes4(0x12345678), BYTES);
    }

    // Keys

    function testFuzz_AKeyIsTheCodeAndHowItIsAsked(bytes4 selector, bool words) public {
        address verifier = address(new WordsVerifier());
        uint8 takes = words ? WORDS : BYTES;
        bytes32 expected = keccak256(abi.encode(verifier.codehash, selector, takes));
        vm.expectEmit();
        emit IContractVerifiers.VerifierRegistered(expected, verifier, selector, takes);
        bytes32 key = verifiers.register(verifier, selector, takes);
        vm.assertEq(key, expected);
        (address known, bytes4 knownSelector, uint8 knownTakes) = verifiers.verifierOf(key);
        vm.assertEq(known, verifier);
        vm.assertTrue(knownSelector == selector && knownTakes == takes);
    }

    /// Whoever is first stops nobody, and nobody takes its place.
    function test_RegisteringAgainChangesNothing() public {
        WordsVerifier first = new WordsVerifier();
        WordsVerifier second = new WordsVerifier();
        bytes32 key = verifiers.register(address(first), 0x12345678, WORDS);
        vm.recordLogs();
        vm.assertEq(verifiers.register(address(first), 0x12345678, WORDS), key);
        vm.assertEq(verifiers.register(address(second), 0x12345678, WORDS), key);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        (address known,,) = verifiers.verifierOf(key);
        vm.assertEq(known, address(first));
    }

    /// Immutables are code: verifiers of other circuits have other keys.
    function test_AnotherCircuitHasAnotherKey() public {
        bytes32 two = verifiers.register(address(new BytesVerifier(2)), BytesVerifier.verify.selector, BYTES);
        bytes32 one = verifiers.register(address(new BytesVerifier(1)), BytesVerifier.verify.selector, BYTES);
        vm.assertTrue(one != two);
    }

    function testFuzz_WhatIsNoContractIsRefused(address account) public {
        vm.assume(account.code.length == 0);
        vm.expectRevert(abi.encodeWithSelector(IContractVerifiers.NotAContract.selector, account));
        verifiers.register(account, 0x12345678, BYTES);
    }

    function testFuzz_AnotherWayToBeAskedIsRefused(uint8 takes) public {
        takes = uint8(bound(takes, 2, 255));
        address verifier = address(new WordsVerifier());
        vm.expectRevert(abi.encodeWithSelector(IContractVerifiers.UnknownTakes.selector, takes));
        verifiers.register(verifier, 0x12345678, takes);
    }

    function testFuzz_AnUnknownKeyIsRefused(bytes32 key) public {
        bytes memory unknown = abi.encodeWithSelector(IContractVerifiers.UnknownKey.selector, key);
        vm.expectRevert(unknown);
        verifiers.verify(key, "", new bytes32[](0));
        ProgramProofs[] memory batch = new ProgramProofs[](1);
        (batch[0].key, batch[0].count) = (key, 1);
        vm.expectRevert(unknown);
        verifiers.verifyBatch(batch);
        (address known,,) = verifiers.verifierOf(key);
        vm.assertEq(known, address(0));
    }

    /// A contract that destroyed itself and came back as another, or was upgraded in place, is not asked; another with the
    /// key's code is.
    function test_ContractsWhoseCodeHasChangedAreRefused() public {
        address verifier = address(new WordsVerifier());
        bytes memory code = verifier.code;
        bytes32 key = verifiers.register(verifier, WordsVerifier.verifyProof.selector, WORDS);
        bytes32[] memory inputs = inputsOf(1);
        bytes memory proof = wordsProof(inputs);
        bytes memory changed = abi.encodeWithSelector(IContractVerifiers.CodeChanged.selector, key, verifier);
        bytes memory yes = address(answering(AnsweringVerifier.Way.Return, 32, bytes32(uint256(1)))).code;
        bytes[2] memory codes = [yes, bytes("")];
        for (uint256 i = 0; i < 2; i++) {
            vm.etch(verifier, codes[i]);
            vm.expectRevert(changed);
            verifiers.verify(key, proof, inputs);
        }
        address other = makeAddress("another verifier");
        vm.etch(other, code);
        vm.assertEq(verifiers.register(other, WordsVerifier.verifyProof.selector, WORDS), key);
        vm.assertTrue(verifiers.verify(key, proof, inputs));
    }

    // Answers

    function testFuzz_AVerifierOfBytesIsAsked(uint256 seed) public {
        bytes32 key = registerBytes();
        bytes32[] memory inputs = inputsOf(seed);
        vm.assertTrue(verifiers.verify(key, bytesProof(inputs), inputs));
        vm.assertFalse(verifiers.verify(key, bytesProof(inputsOf(~seed)), inputs));
        vm.assertFalse(verifiers.verify(key, "", inputs));
        vm.assertFalse(verifiers.verify(key, bytesProof(inputs), Trees.slice(inputs, 0, 1)));
    }

    function testFuzz_AVerifierOfWordsIsAsked(uint256 seed) public {
        bytes32 key = registerWords();
        bytes32[] memory inputs = inputsOf(seed);
        vm.assertTrue(verifiers.verify(key, wordsProof(inputs), inputs));
        vm.assertFalse(verifiers.verify(key, wordsProof(inputsOf(~seed)), inputs));
        vm.assertFalse(verifiers.verify(key, wordsProof(inputs), Trees.slice(inputs, 0, 1)));
        (inputs[0], inputs[1]) = (inputs[1], inputs[0]);
        vm.assertFalse(verifiers.verify(key, wordsProof(inputsOf(seed)), inputs));
    }

    /// The verifier reads 24 words and two more. A proof with the inputs of another statement behind it would move those to
    /// the place of the caller's.
    function testFuzz_AProofCannotReachIntoThePublicInputs(uint256 seed, uint256 words) public {
        bytes32 key = registerWords();
        bytes32[] memory proven = inputsOf(seed);
        bytes memory longer = bytes.concat(wordsProof(proven), proven[0], proven[1]);
        uint256 length = bound(words, 0, 26 * 32);
        vm.assume(length != 24 * 32);
        bytes memory proof = Trees.slice(longer, 0, length);
        vm.expectRevert(abi.encodeWithSelector(IContractVerifiers.ProofLength.selector, key, length, 24 * 32));
        verifiers.verify(key, proof, inputsOf(~seed));
    }

    function testFuzz_OnlyAWordThatIsOneIsAYes(uint256 length, uint256 first) public {
        length = bound(length, 0, 64);
        first = bound(first, 0, 2);
        bytes32 key = register(answering(AnsweringVerifier.Way.Return, length, bytes32(first)));
        vm.assertTrue(verifiers.verify(key, "", new bytes32[](0)) == (length == 32 && first == 1));
    }

    function testFuzz_GarbageIsANo(bytes32 answer) public {
        vm.assume(uint256(answer) != 1);
        bytes32 key = register(answering(AnsweringVerifier.Way.Return, 32, answer));
        vm.assertFalse(verifiers.verify(key, "", new bytes32[](0)));
    }

    /// What a contract says while it reverts is nothing, and nothing is left of an earlier yes.
    function test_ARevertIsANo() public {
        AnsweringVerifier reverting = answering(AnsweringVerifier.Way.Revert, 32, bytes32(uint256(1)));
        vm.assertFalse(verifiers.verify(register(reverting), "", new bytes32[](0)));
        reverting = answering(AnsweringVerifier.Way.Revert, 0, 0);
        vm.assertFalse(verifiers.verify(register(reverting), "", new bytes32[](0)));
    }

    /// A verifier only reads.
    function test_AContractThatWritesIsANo() public {
        AnsweringVerifier writing = answering(AnsweringVerifier.Way.Write, 32, bytes32(uint256(1)));
        vm.assertFalse(verifiers.verify{gas: 1_000_000}(register(writing), "", new bytes32[](0)));
    }

    function test_AContractThatBurnsItsGasIsANo() public {
        AnsweringVerifier burning = answering(AnsweringVerifier.Way.Burn, 32, bytes32(uint256(1)));
        vm.assertFalse(verifiers.verify{gas: 1_000_000}(register(burning), "", new bytes32[](0)));
    }

    // Batches

    function batchOf(uint256 seed, uint256 count) internal returns (ProgramProofs[] memory batch) {
        batch = new ProgramProofs[](2);
        (batch[0].key, batch[1].key) = (registerWords(), registerBytes());
        (batch[0].count, batch[1].count) = (count, 1);
        batch[0].publicInputs = new bytes32[](2 * count);
        for (uint256 i = 0; i < count; i++) {
            bytes32[] memory own = inputsOf(seed ^ i);
            (batch[0].publicInputs[2 * i], batch[0].publicInputs[2 * i + 1]) = (own[0], own[1]);
            batch[0].proofs = bytes.concat(batch[0].proofs, wordsProof(own));
        }
        batch[1].publicInputs = inputsOf(~seed);
        batch[1].proofs = bytesProof(batch[1].publicInputs);
    }

    function testFuzz_ABatchIsProvenIfAllOfItIs(uint256 seed, uint256 count, uint256 wrong) public {
        count = bound(count, 1, 4);
        ProgramProofs[] memory batch = batchOf(seed, count);
        vm.assertTrue(verifiers.verifyBatch(batch));
        wrong = bound(wrong, 0, count);
        if (wrong == count) batch[1].publicInputs[0] = ~batch[1].publicInputs[0];
        else batch[0].publicInputs[2 * wrong] = ~batch[0].publicInputs[2 * wrong];
        vm.assertFalse(verifiers.verifyBatch(batch));
    }

    function testFuzz_AnUnevenBatchIsRefused(uint256 count) public {
        ProgramProofs[] memory batch = batchOf(1, 3);
        count = bound(count, 0, 9);
        vm.assume(count == 0 || 6 % count != 0);
        batch[0].count = count;
        vm.expectRevert(abi.encodeWithSelector(IContractVerifiers.UnevenBatch.selector, batch[0].key, count));
        verifiers.verifyBatch(batch);
    }

    function test_AnEmptyBatchIsRefused() public {
        vm.expectRevert(abi.encodeWithSelector(IContractVerifiers.UnevenBatch.selector, 0, 0));
        verifiers.verifyBatch(new ProgramProofs[](0));
    }

    function test_TheRegistryRecordsWhatTheContractsAccept() public {
        VerifierRouter router = new VerifierRouter(address(this), makeAddress("guardian"));
        router.register(SYSTEM, IHonkVerifier(address(verifiers)));
        ProofRegistry registry = new ProofRegistry(router);
        bytes32 key = registerWords();
        bytes32[] memory inputs = inputsOf(1);
        bytes32 job = registry.record(SYSTEM, key, wordsProof(inputs), inputs);
        vm.assertTrue(registry.isProven(job, 0, new bytes32[](0)));
        bytes32[] memory other = inputsOf(2);
        vm.expectPartialRevert(IProofRegistry.InvalidProof.selector);
        registry.record(SYSTEM, key, wordsProof(inputs), other);
    }
}
