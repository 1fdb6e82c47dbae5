pragma circom 2.0.0;

include "circomlib/circuits/poseidon.circom";

/** Knows the preimage of a Poseidon hash. */
template Preimage() {
    signal input preimage[2];
    signal output hash;

    component poseidon = Poseidon(2);
    poseidon.inputs <== preimage;
    hash <== poseidon.out;
}

component main = Preimage();
