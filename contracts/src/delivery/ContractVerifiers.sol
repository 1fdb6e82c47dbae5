// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IContractVerifiers} from "./interfaces/IContractVerifiers.sol";
import {ProgramProofs} from "./interfaces/IProgramVerifier.sol";

/// A contract that verifies, and how it is asked. One storage slot.
struct Verifier {
    address account;
    bytes4 selector;
    uint8 takes;
}

/// The interface has the documentation.
contract ContractVerifiers is IContractVerifiers {
    uint8 private constant BYTES = 0;
    uint8 private constant WORDS = 1;
    /// Of a proof of PLONK or FFLONK, 24 words.
    uint256 private constant WORDS_BYTES = 24 * 32;

    mapping(bytes32 key => Verifier) private _verifiers;

    function register(address account, bytes4 selector, uint8 takes) external returns (bytes32 key) {
        require(account.code.length != 0, NotAContract(account));
        require(takes <= WORDS, UnknownTakes(takes));
        Verifier memory verifier = Verifier(account, selector, takes);
        key = _keyOf(verifier);
        Verifier memory known = _verifiers[key];
        // One whose code has changed would keep the key from everybody.
        if (known.account != address(0) && _keyOf(known) == key) return key;
        _verifiers[key] = verifier;
        emit VerifierRegistered(key, account, selector, takes);
    }

    function verify(bytes32 key, bytes calldata proof, bytes32[] calldata publicInputs)
        external
        view
        returns (bool)
    {
        return _accepts(key, _open(key), proof, publicInputs);
    }

    function verifyBatch(ProgramProofs[] calldata batch) external view returns (bool) {
        require(batch.length != 0, UnevenBatch(0, 0));
        for (uint256 i = 0; i < batch.length; i++) {
            if (!_acceptsAll(batch[i])) return false;
        }
        return true;
    }

    function _acceptsAll(ProgramProofs calldata program) private view returns (bool) {
        (bytes32 key, uint256 count) = (program.key, program.count);
        Verifier memory verifier = _open(key);
        (uint256 length, uint256 inputs) = (program.proofs.length, program.publicInputs.length);
        require(count != 0 && length % count == 0 && inputs % count == 0, UnevenBatch(key, count));
        (length, inputs) = (length / count, inputs / count);
        for (uint256 i = 0; i < count; i++) {
            bytes calldata proof = program.proofs[i * length:(i + 1) * length];
            bytes32[] calldata own = program.publicInputs[i * inputs:(i + 1) * inputs];
            if (!_accepts(key, verifier, proof, own)) return false;
        }
        return true;
    }

    /// The contract of a key, which still has its code.
    function _open(bytes32 key) private view returns (Verifier memory verifier) {
        verifier = _verifiers[key];
        require(verifier.account != address(0), UnknownKey(key));
        require(_keyOf(verifier) == key, CodeChanged(key, verifier.account));
    }

    function _accepts(
        bytes32 key,
        Verifier memory verifier,
        bytes calldata proof,
        bytes32[] calldata publicInputs
    ) private view returns (bool) {
        if (verifier.takes == BYTES) {
            return _saysYes(verifier.account, abi.encodeWithSelector(verifier.selector, proof, publicInputs));
        }
        require(proof.length == WORDS_BYTES, ProofLength(key, proof.length, WORDS_BYTES));
        return _saysYes(verifier.account, abi.encodePacked(verifier.selector, proof, publicInputs));
    }

    function _saysYes(address account, bytes memory question) private view returns (bool yes) {
        // In assembly because Solidity copies whatever the contract returns, and reverts where it is no boolean.
        assembly ("memory-safe") {
            let done := staticcall(gas(), account, add(question, 32), mload(question), 0, 32)
            yes := and(done, and(eq(returndatasize(), 32), eq(mload(0), 1)))
        }
    }

    function _keyOf(Verifier memory verifier) private view returns (bytes32) {
        return keccak256(abi.encode(verifier.account.codehash, verifier.selector, verifier.takes));
    }

    function verifierOf(bytes32 key) external view returns (address, bytes4, uint8) {
        Verifier memory verifier = _verifiers[key];
        return (verifier.account, verifier.selector, verifier.takes);
    }
}
