pragma circom 2.0.0;

include "circomlib/circuits/sha256/sha256.circom";

/** Knows a byte with a SHA-256 hash, given as its 256 bits from the highest. */
template Preimage() {
    signal input preimage[8];
    signal output hash[256];

    component sha256 = Sha256(8);
    sha256.in <== preimage;
    hash <== sha256.out;
}

component main = Preimage();
