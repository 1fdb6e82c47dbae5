// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// Signatures of keys, and of contracts (ERC-1271). OpenZeppelin's SignatureChecker differs in two ways that matter
/// here: it looks for code first, which costs every key 2,600 gas, and it lets a contract burn all gas, with which one
/// requester could stop a settlement of many.
library Signatures {
    /// For a contract to check a signature: several keys' worth.
    uint256 private constant ERC1271_GAS = 150_000;

    /// The key that signed; zero for a malformed signature. High-s and short signatures are malformed.
    function signerOf(bytes32 digest, bytes calldata signature) internal pure returns (address signer) {
        (signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
    }

    /// Whether `owner` signed: with its key, or as a contract that says so.
    function isBy(address owner, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        address signer = signerOf(digest, signature);
        return (signer != address(0) && signer == owner) || _isByContract(owner, digest, signature);
    }

    function _isByContract(address owner, bytes32 digest, bytes calldata signature)
        private
        view
        returns (bool)
    {
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bool answered;
        bytes32 answer;
        // In assembly because Solidity copies whatever the contract returns, at the caller's cost.
        assembly ("memory-safe") {
            mstore(0, 0)
            let done := staticcall(ERC1271_GAS, owner, add(question, 32), mload(question), 0, 32)
            answered := and(done, gt(returndatasize(), 31))
            answer := mload(0)
        }
        return answered && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
