// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// What is proven, whoever proves it. Programs that state claims choose all four words. For every other program, pre
/// and post are zero and data is the keccak-256 of its public inputs, one word behind the other.
struct Statement {
    /// Proof system and verification key, hashed.
    bytes32 program;
    bytes32 pre;
    bytes32 post;
    bytes32 data;
}

/// As packages/protocol/src/program.ts and claim.ts have them.
library Statements {
    bytes32 internal constant PROGRAM_TAG = keccak256("weft.program.v1");

    /// The id of a program of a proof system.
    function programOf(bytes32 system, bytes32 key) internal pure returns (bytes32) {
        return keccak256(abi.encode(PROGRAM_TAG, system, key));
    }

    /// The statement of a proof with these public inputs, of a program that states no claims.
    function ofInputs(bytes32 program, bytes32[] calldata publicInputs)
        internal
        pure
        returns (Statement memory)
    {
        return Statement({program: program, pre: 0, post: 0, data: dataOf(publicInputs)});
    }

    /// The data of such a statement.
    function dataOf(bytes32[] calldata publicInputs) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(publicInputs));
    }

    /// The id of the job that proves a statement.
    function jobOf(Statement memory statement) internal pure returns (bytes32 job) {
        // Its four words are in memory as ABI encoding has them.
        assembly ("memory-safe") {
            job := keccak256(statement, 128)
        }
    }
}
