// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BN254} from "src/delivery/libraries/BN254.sol";

/// imaginary · u + real, with u² = −1.
struct Fp2 {
    uint256 imaginary;
    uint256 real;
}

/// An affine point of BN254's G2; all zero at infinity.
struct G2 {
    Fp2 x;
    Fp2 y;
}

/// Multiples of G2's generator, which no precompile makes: for the keys and proofs of tests.
library Twist {
    uint256 private constant P = BN254.FIELD;

    /// EIP-197's P2.
    function generator() internal pure returns (G2 memory) {
        return G2({
            x: Fp2({
                imaginary: 11559732032986387107991004021392285783925812861821192530917403151452391805634,
                real: 10857046999023057135944570762232829481370756359578518086990519993285655852781
            }),
            y: Fp2({
                imaginary: 4082367875863433681332203403145435568316851327593401208105741076214120093531,
                real: 8495653923123431417604973247489272438418190587263600148770280649306958101930
            })
        });
    }

    /// A point of the twist outside the subgroup, that is, not a multiple of the generator.
    function outside() internal view returns (G2 memory point) {
        // y² = x³ + 3 / (9 + u), and a square root in Fp2 for the first small x that has one.
        Fp2 memory b = mul(Fp2(0, 3), inverse(Fp2(1, 9)));
        for (uint256 x = 1;; x++) {
            point.x = Fp2(0, x);
            Fp2 memory square = add(mul(mul(point.x, point.x), point.x), b);
            (bool found, Fp2 memory root) = sqrt(square);
            if (found) return (G2({x: point.x, y: root}));
        }
    }

    function multiple(uint32 scalar) internal view returns (G2 memory sum) {
        G2 memory step = generator();
        for (; scalar != 0; scalar >>= 1) {
            if (scalar & 1 == 1) sum = plus(sum, step);
            step = twice(step);
        }
    }

    function encode(G2 memory point) internal pure returns (bytes memory) {
        return abi.encode(point.x.imaginary, point.x.real, point.y.imaginary, point.y.real);
    }

    /// Of points that are neither equal nor opposite: their sum's slope is not defined otherwise.
    function plus(G2 memory a, G2 memory b) private view returns (G2 memory) {
        if (isZero(a.x) && isZero(a.y)) return b;
        Fp2 memory slope = mul(sub(b.y, a.y), inverse(sub(b.x, a.x)));
        return third(slope, a, b.x);
    }

    function twice(G2 memory a) private view returns (G2 memory) {
        Fp2 memory square = mul(a.x, a.x);
        Fp2 memory slope = mul(add(square, add(square, square)), inverse(add(a.y, a.y)));
        return third(slope, a, a.x);
    }

    /// The sum of the point `a` and another on a line through both.
    function third(Fp2 memory slope, G2 memory a, Fp2 memory otherX) private pure returns (G2 memory sum) {
        sum.x = sub(sub(mul(slope, slope), a.x), otherX);
        sum.y = sub(mul(slope, sub(a.x, sum.x)), a.y);
    }

    function isZero(Fp2 memory a) private pure returns (bool) {
        return a.imaginary | a.real == 0;
    }

    function add(Fp2 memory a, Fp2 memory b) private pure returns (Fp2 memory) {
        return Fp2(addmod(a.imaginary, b.imaginary, P), addmod(a.real, b.real, P));
    }

    function sub(Fp2 memory a, Fp2 memory b) private pure returns (Fp2 memory) {
        return Fp2(addmod(a.imaginary, P - b.imaginary, P), addmod(a.real, P - b.real, P));
    }

    function mul(Fp2 memory a, Fp2 memory b) private pure returns (Fp2 memory) {
        uint256 cross = addmod(mulmod(a.imaginary, b.real, P), mulmod(a.real, b.imaginary, P), P);
        uint256 minus = mulmod(a.imaginary, P - b.imaginary, P);
        return Fp2(cross, addmod(mulmod(a.real, b.real, P), minus, P));
    }

    function inverse(Fp2 memory a) private view returns (Fp2 memory) {
        uint256 norm = addmod(mulmod(a.imaginary, a.imaginary, P), mulmod(a.real, a.real, P), P);
        uint256 inverted = power(norm, P - 2);
        return Fp2(mulmod(P - a.imaginary, inverted, P), mulmod(a.real, inverted, P));
    }

    /// With the norm's root n, (a.real + n) / 2 or (a.real − n) / 2 is the square of the root's real part.
    function sqrt(Fp2 memory a) private view returns (bool found, Fp2 memory root) {
        uint256 half = power(2, P - 2);
        uint256 norm = addmod(mulmod(a.imaginary, a.imaginary, P), mulmod(a.real, a.real, P), P);
        uint256 n = power(norm, (P + 1) / 4);
        for (uint256 sign = 0; sign < 2; sign++) {
            uint256 square = mulmod(addmod(a.real, sign == 0 ? n : P - n, P), half, P);
            uint256 real = power(square, (P + 1) / 4);
            root = Fp2(mulmod(a.imaginary, power(addmod(real, real, P), P - 2), P), real);
            Fp2 memory again = mul(root, root);
            if (again.imaginary == a.imaginary && again.real == a.real) return (true, root);
        }
    }

    /// By the precompile of EIP-198.
    function power(uint256 base, uint256 exponent) private view returns (uint256) {
        (, bytes memory answer) = address(5).staticcall(abi.encode(32, 32, 32, base, exponent, P));
        return abi.decode(answer, (uint256));
    }
}
