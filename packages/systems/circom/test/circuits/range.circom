pragma circom 2.0.0;

include "circomlib/circuits/comparators.circom";

/** Knows a 16-bit number within public bounds. */
template Range() {
    signal input least;
    signal input most;
    signal input value;
    signal output isLeast;

    component above = GreaterEqThan(16);
    above.in[0] <== value;
    above.in[1] <== least;
    above.out === 1;

    component below = LessEqThan(16);
    below.in[0] <== value;
    below.in[1] <== most;
    below.out === 1;

    component equal = IsEqual();
    equal.in[0] <== value;
    equal.in[1] <== least;
    isLeast <== equal.out;
}

component main { public [least, most] } = Range();
