// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGroth16Verifier} from "../interfaces/IGroth16Verifier.sol";
import {BN254, Pairs, Sum} from "./BN254.sol";
import {Groth16} from "./Groth16.sol";

/// A batch while its proofs are folded.
struct Batch {
    /// Of which the coefficients are made.
    bytes32 seed;
    /// Folded so far.
    uint256 proofs;
    Pairs pairs;
    /// A key of the ceremony that is being folded, and its hash; zero before the first.
    bytes key;
    bytes32 ceremony;
    /// Over the ceremony's proofs: the sum of the coefficients, and of coefficients times public inputs.
    uint256 scalar;
    Sum inputs;
}

/// Many Groth16 proofs in one pairing check. A proof (A, B, C) with public inputs x is one if and only if
/// e(A, B) = e(α, β) · e(Σ xⱼ Kⱼ, γ) · e(C, δ), with x₀ = 1. The product of all proofs' equations, each to the power
/// of a coefficient rᵢ of its own, is
///
///   Π e(rᵢ Aᵢ, Bᵢ) = Π e((Σ rᵢ) α, β) · Π e(Σ rᵢ xᵢⱼ Kⱼ, γ) · Π e(Σ rᵢ Cᵢ, δ)
///
/// with one pairing for each proof, one for each key, and two for each ceremony: keys with the same α, β and γ, if they
/// are neighbours in the batch.
///
/// Soundness: the first coefficient is one, the others are drawn from 2¹²⁸ values by a hash of all keys, proofs and
/// inputs (Fiat–Shamir). If the first equation alone does not hold, the product is never one. If another does not, at
/// most one value of its coefficient makes the product one, whatever the others are; so whoever tries 2ᵏ batches
/// succeeds with a chance of 2ᵏ⁻¹²⁸.
library Groth16Batch {
    using BN254 for Pairs;
    using BN254 for Sum;

    /// @param seed A hash of everything that is going to be folded.
    /// @param proofs How many at most.
    /// @param keys How many at most.
    function begin(bytes32 seed, uint256 proofs, uint256 keys) internal pure returns (Batch memory batch) {
        batch.seed = seed;
        batch.pairs = BN254.allocate(proofs + 3 * keys);
    }

    /// Whether every proof that was folded is one.
    function isProven(Batch memory batch) internal view returns (bool) {
        require(batch.proofs != 0, IGroth16Verifier.NoProofs());
        _closeCeremony(batch);
        return batch.pairs.isOne();
    }

    /// Folds `count` proofs of one key into the batch.
    function fold(
        Batch memory batch,
        bytes32 id,
        bytes memory key,
        uint256 count,
        bytes calldata proofs,
        bytes32[] calldata publicInputs
    ) internal view {
        uint256 inputs = Groth16.inputsOf(key);
        require(count != 0, IGroth16Verifier.NoProofs());
        _checkLengths(id, proofs.length, count * Groth16.PROOF_BYTES, publicInputs.length, count * inputs);
        _enterCeremony(batch, key);

        uint256[] memory coefficients = draw(batch.seed, batch.proofs, count);
        batch.proofs += count;
        _foldProofs(batch, key, coefficients, proofs);
        (uint256[] memory scalars, bool canonical) = _sumInputs(coefficients, inputs, publicInputs);
        require(canonical, IGroth16Verifier.InputOutOfField(id));
        _foldKey(batch, key, scalars);
    }

    /// The coefficients of `count` proofs from the one at `first` on: one for the batch's first, and for the others from 1
    /// to 2¹²⁸; never zero, which would leave a proof out.
    function draw(bytes32 seed, uint256 first, uint256 count)
        internal
        pure
        returns (uint256[] memory coefficients)
    {
        coefficients = new uint256[](count);
        assembly ("memory-safe") {
            mstore(0, seed)
            for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                mstore(32, add(first, i))
                mstore(add(add(coefficients, 32), shl(5, i)), add(shr(128, keccak256(0, 64)), 1))
            }
        }
        if (first == 0) coefficients[0] = 1;
    }

    function _checkLengths(
        bytes32 id,
        uint256 proofsLength,
        uint256 proofsExpected,
        uint256 inputsLength,
        uint256 inputsExpected
    ) private pure {
        require(
            proofsLength == proofsExpected, IGroth16Verifier.ProofsLength(id, proofsLength, proofsExpected)
        );
        require(
            inputsLength == inputsExpected, IGroth16Verifier.InputsLength(id, inputsLength, inputsExpected)
        );
    }

    /// The loops over proofs and inputs are in assembly: Solidity's cost 2,000 gas more for each proof. A proof has A in
    /// its first 64 bytes, B in the next 128, and C in its last 64; a pair has B behind A.
    function _foldProofs(
        Batch memory batch,
        bytes memory key,
        uint256[] memory coefficients,
        bytes calldata proofs
    ) private view {
        uint256 pair = batch.pairs.end;
        Sum memory c;
        bool done = true;
        assembly ("memory-safe") {
            let proof := proofs.offset
            let term := add(c, 64)
            let next := add(coefficients, 32)
            for { let end := add(next, shl(5, mload(coefficients))) } lt(next, end) { next := add(next, 32) }
            {
                let r := mload(next)
                calldatacopy(pair, proof, 64)
                calldatacopy(term, add(proof, 192), 64)
                if iszero(eq(r, 1)) {
                    mstore(add(pair, 64), r)
                    done := and(done, staticcall(gas(), 7, pair, 96, pair, 64))
                    mstore(add(term, 64), r)
                    done := and(done, staticcall(gas(), 7, term, 96, term, 64))
                }
                calldatacopy(add(pair, 64), add(proof, 64), 128)
                done := and(done, staticcall(gas(), 6, c, 128, c, 64))
                pair := add(pair, 192)
                proof := add(proof, 256)
            }
        }
        require(done, BN254.InvalidPoint());
        batch.pairs.end = pair;
        batch.pairs.pushNegative(c, key, Groth16.DELTA);
    }

    /// What the points of the key are to be multiplied with, the constant's first; and whether all inputs are below the
    /// order.
    function _sumInputs(uint256[] memory coefficients, uint256 inputs, bytes32[] calldata publicInputs)
        private
        pure
        returns (uint256[] memory scalars, bool canonical)
    {
        scalars = new uint256[](inputs + 1);
        canonical = true;
        uint256 order = BN254.ORDER;
        assembly ("memory-safe") {
            let constantScalar := add(scalars, 32)
            let endOfScalars := add(constantScalar, shl(5, add(inputs, 1)))
            let input := publicInputs.offset
            let next := add(coefficients, 32)
            for { let end := add(next, shl(5, mload(coefficients))) } lt(next, end) { next := add(next, 32) }
            {
                let r := mload(next)
                mstore(constantScalar, addmod(mload(constantScalar), r, order))
                for { let scalar := add(constantScalar, 32) } lt(scalar, endOfScalars) {
                    scalar := add(scalar, 32)
                } {
                    let x := calldataload(input)
                    canonical := and(canonical, lt(x, order))
                    mstore(scalar, addmod(mload(scalar), mulmod(r, x, order), order))
                    input := add(input, 32)
                }
            }
        }
    }

    function _foldKey(Batch memory batch, bytes memory key, uint256[] memory scalars) private view {
        batch.scalar = addmod(batch.scalar, scalars[0], BN254.ORDER);
        for (uint256 j = 0; j < scalars.length; j++) {
            batch.inputs.add(key, Groth16.INPUTS + j * BN254.G1_BYTES, scalars[j]);
        }
    }

    function _enterCeremony(Batch memory batch, bytes memory key) private view {
        bytes32 ceremony = Groth16.ceremonyOf(key);
        if (ceremony == batch.ceremony) return;
        if (batch.ceremony != 0) _closeCeremony(batch);
        Sum memory none;
        (batch.key, batch.ceremony, batch.scalar, batch.inputs) = (key, ceremony, 0, none);
    }

    function _closeCeremony(Batch memory batch) private view {
        Sum memory alpha;
        alpha.add(batch.key, Groth16.ALPHA, batch.scalar);
        batch.pairs.pushNegative(alpha, batch.key, Groth16.BETA);
        batch.pairs.pushNegative(batch.inputs, batch.key, Groth16.GAMMA);
    }
}
