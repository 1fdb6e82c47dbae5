// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BN254} from "src/delivery/libraries/BN254.sol";
import {G2, Twist} from "test/utils/Twist.sol";

/// A circuit that is no more than its setup: circuits of one ceremony share α, β and γ.
struct Circuit {
    uint256 ceremony;
    uint256 circuit;
    /// Public inputs.
    uint256 inputs;
}

/// Proves whatever it is asked to, because it knows the secrets of every setup: with the logarithms of all points of a
/// key, C follows from A, B and the public inputs. What it makes are proofs like any others to a verifier.
contract Groth16Prover {
    /// Multiples of G2 are of 32 bits: there is no precompile for them.
    function secret(uint256 owner, string memory name) internal pure returns (uint32) {
        return uint32(scalar(owner, name, 0)) | 1;
    }

    function scalar(uint256 owner, string memory name, uint256 index) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(owner, name, index))) % BN254.ORDER;
    }

    function keyOf(Circuit memory circuit) public view returns (bytes memory key) {
        key = bytes.concat(
            g1(scalar(circuit.ceremony, "alpha", 0)),
            g2(secret(circuit.ceremony, "beta")),
            g2(secret(circuit.ceremony, "gamma")),
            g2(secret(circuit.circuit, "delta"))
        );
        for (uint256 i = 0; i <= circuit.inputs; i++) {
            key = bytes.concat(key, g1(scalar(circuit.circuit, "input", i)));
        }
    }

    function prove(Circuit memory circuit, bytes32[] memory publicInputs, uint256 randomness)
        public
        view
        returns (bytes memory)
    {
        uint256 a = scalar(randomness, "a", 0);
        uint32 b = secret(randomness, "b");
        return bytes.concat(g1(a), g2(b), g1(cOf(circuit, publicInputs, mulmod(a, b, BN254.ORDER))));
    }

    /// c = (ab − αβ − xγ) / δ, all logarithms.
    function cOf(Circuit memory circuit, bytes32[] memory publicInputs, uint256 ab)
        internal
        view
        returns (uint256)
    {
        uint256 r = BN254.ORDER;
        uint256 x = scalar(circuit.circuit, "input", 0);
        for (uint256 i = 0; i < publicInputs.length; i++) {
            uint256 point = scalar(circuit.circuit, "input", i + 1);
            x = addmod(x, mulmod(uint256(publicInputs[i]), point, r), r);
        }
        uint256 known = addmod(
            mulmod(scalar(circuit.ceremony, "alpha", 0), secret(circuit.ceremony, "beta"), r),
            mulmod(x, secret(circuit.ceremony, "gamma"), r),
            r
        );
        return mulmod(addmod(ab, r - known, r), inverse(secret(circuit.circuit, "delta")), r);
    }

    function inverse(uint256 value) internal view returns (uint256) {
        bytes memory input = abi.encode(32, 32, 32, value, BN254.ORDER - 2, BN254.ORDER);
        (, bytes memory answer) = address(5).staticcall(input);
        return abi.decode(answer, (uint256));
    }

    /// A multiple of G1's generator, by the precompile of EIP-196.
    function g1(uint256 factor) public view returns (bytes memory point) {
        (, point) = address(7).staticcall(abi.encode(1, 2, factor));
    }

    /// The sum of two points of G1.
    function plus(bytes memory a, bytes memory b) public view returns (bytes memory point) {
        (, point) = address(6).staticcall(bytes.concat(a, b));
    }

    function g2(uint32 factor) public view returns (bytes memory) {
        return Twist.encode(Twist.multiple(factor));
    }

    /// A point of the twist outside the subgroup.
    function outside() external view returns (bytes memory) {
        return Twist.encode(Twist.outside());
    }
}
