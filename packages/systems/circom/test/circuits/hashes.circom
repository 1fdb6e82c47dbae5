pragma circom 2.0.0;

include "circomlib/circuits/poseidon.circom";

/** Poseidon of the first two, the first three and all of five values; tests compute with it. */
template Hashes() {
    signal input values[5];
    signal output hashes[3];

    component two = Poseidon(2);
    component three = Poseidon(3);
    component five = Poseidon(5);
    for (var i = 0; i < 5; i++) {
        if (i < 2) two.inputs[i] <== values[i];
        if (i < 3) three.inputs[i] <== values[i];
        five.inputs[i] <== values[i];
    }
    hashes[0] <== two.out;
    hashes[1] <== three.out;
    hashes[2] <== five.out;
}

component main = Hashes();
