pragma circom 2.0.0;

/** Knows two factors. */
template Product() {
    signal input factors[2];
    signal output product;
    product <== factors[0] * factors[1];
}

component main = Product();
