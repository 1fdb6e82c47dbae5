pragma circom 2.0.0;

include "circomlib/circuits/eddsaposeidon.circom";

/** Knows a signature of a public message under a public key. */
template Signed() {
    signal input key[2];
    signal input message;
    signal input r8[2];
    signal input s;

    component verifier = EdDSAPoseidonVerifier();
    verifier.enabled <== 1;
    verifier.Ax <== key[0];
    verifier.Ay <== key[1];
    verifier.R8x <== r8[0];
    verifier.R8y <== r8[1];
    verifier.S <== s;
    verifier.M <== message;
}

component main { public [key, message] } = Signed();
