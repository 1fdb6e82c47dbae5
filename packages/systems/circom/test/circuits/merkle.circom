pragma circom 2.0.0;

include "circomlib/circuits/smt/smtverifier.circom";

/** Knows where a value is in a sparse Merkle tree, or that its key is not in it. */
template Member(levels) {
    signal input root;
    signal input absent;
    signal input siblings[levels];
    signal input oldKey;
    signal input oldValue;
    signal input isOldZero;
    signal input key;
    signal input value;

    component verifier = SMTVerifier(levels);
    verifier.enabled <== 1;
    verifier.fnc <== absent;
    verifier.root <== root;
    verifier.siblings <== siblings;
    verifier.oldKey <== oldKey;
    verifier.oldValue <== oldValue;
    verifier.isOld0 <== isOldZero;
    verifier.key <== key;
    verifier.value <== value;
}

component main { public [root, absent] } = Member(6);
