// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Earnings} from "./Earnings.sol";
import {Attempt, Attempts} from "./libraries/Attempts.sol";
import {Commitment, Commitments} from "./libraries/Commitments.sol";
import {Offer, Offers} from "./libraries/Offers.sol";
import {Request, Requests} from "./libraries/Requests.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// Ids of intents, and who signed them. An id is the EIP-712 digest: it binds chain, contract, and every field of the
/// intent, its owner and nonce among them.
abstract contract Intents is Earnings, EIP712 {
    /// One bit for each nonce, so that consecutive nonces share a slot.
    mapping(address owner => mapping(uint256 word => uint256 bits)) private _nonces;

    function requestId(Request calldata request) public view returns (bytes32) {
        return _hashTypedDataV4(Requests.hash(request));
    }

    function offerId(Offer calldata offer) external view returns (bytes32) {
        return _hashTypedDataV4(Offers.hash(offer));
    }

    function commitmentId(Commitment memory commitment) public view returns (bytes32) {
        return _hashTypedDataV4(Commitments.hash(commitment));
    }

    function attemptId(Attempt memory attempt) public view returns (bytes32) {
        return _hashTypedDataV4(Attempts.hash(attempt));
    }

    function isNonceUsed(address owner, uint256 nonce) public view returns (bool) {
        return (_nonces[owner][nonce >> 8] >> (nonce & 255)) & 1 == 1;
    }

    function _useNonce(address owner, uint256 nonce) internal {
        // forge-lint: disable-next-line(incorrect-shift)
        _nonces[owner][nonce >> 8] |= 1 << (nonce & 255);
    }

    function _checkAllowList(bytes32 id, bytes32 signed, address[] calldata allowed) internal pure {
        require(signed == 0 || keccak256(abi.encode(allowed)) == signed, ForeignAllowList(id));
    }

    function _checkAllowed(address[] calldata allowed, bytes32 id, address prover) internal pure {
        for (uint256 i = 0; i < allowed.length; i++) {
            if (allowed[i] == prover) return;
        }
        revert NotAllowed(id, prover);
    }

    /// A commitment under the request, with the collateral that the request asks for and the signatures that count.
    function _checkTerms(
        Request calldata request,
        Commitment memory commitment,
        bytes calldata signature,
        bytes calldata counterSignature
    ) internal view {
        require(
            commitment.collateralWei >= request.collateralWei,
            CollateralTooLow(commitment.request, commitment.collateralWei, request.collateralWei)
        );
        bytes32 id = commitmentId(commitment);
        _checkCommitment(id, commitment.prover, request.matcher, signature, counterSignature);
    }

    /// A commitment counts if its prover signed it, and the request's matcher, where there is one and it is not the
    /// caller, whose transaction says as much. Both with keys: a contract could take its word back.
    function _checkCommitment(
        bytes32 id,
        address prover,
        address matcher,
        bytes calldata signature,
        bytes calldata counterSignature
    ) internal view {
        address signer = Signatures.signerOf(id, signature);
        bool signed = signer != address(0) && (signer == prover || staking.isKeyOf(prover, signer));
        require(signed, InvalidCommitment(id, prover));
        if (matcher != address(0)) _checkMatched(id, matcher, counterSignature);
    }

    function _checkMatched(bytes32 id, address matcher, bytes calldata signature) internal view {
        if (matcher == msg.sender) return;
        require(Signatures.signerOf(id, signature) == matcher, NotMatched(id, matcher));
    }
}
