// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A finished claim: a statement (program, pre, post, data), the work in its proof, and who did it.
struct Claim {
    /// Proof system and verification key, hashed.
    bytes32 program;
    /// State before and after; opaque to L1.
    bytes32 pre;
    bytes32 post;
    /// Commitment to what led from one to the other.
    bytes32 data;
    /// Sum over all jobs of the statement, in gates.
    uint256 work;
    /// Root of the (prover, work, job) entries.
    bytes32 payouts;
}

/// What an aggregate proves: a Merkle tree of finished claims. The merge key is the settlement's to add.
struct Parallel {
    /// Root of the tree of claim hashes.
    bytes32 claims;
    /// How many claims are in it.
    uint32 count;
    /// Root of the entries of the parallel merges alone; each claim carries the entries of its own.
    bytes32 payouts;
    /// Smallest and largest job among the claims.
    bytes32 first;
    bytes32 last;
    bytes32 job;
}

/// The hashes that proofs, TypeScript (packages/protocol/src/claim.ts, tree.ts) and L1 agree on. Each kind of
/// hash starts with a tag of its own, so that none can be taken for another. Trees have the shape of RFC 6962
/// §2.1 (left part: the largest power of two below the count); order matters everywhere.
library Claims {
    bytes32 internal constant SEQUENCE_TAG = keccak256("weft.sequence.v1");
    bytes32 internal constant PARALLEL_TAG = keccak256("weft.parallel.v1");
    bytes32 internal constant DATA_TAG = keccak256("weft.data.v1");
    bytes32 internal constant CLAIM_TAG = keccak256("weft.claim.v1");
    bytes32 internal constant CLAIMS_TAG = keccak256("weft.claims.v1");

    /// A path gives a place at a level that it does not have: bits of `index` above its `levels` siblings.
    error IndexOutsideTree(uint256 index, uint256 levels);

    /// The id of the job that proves the claim's statement; the same for whoever proves it.
    function jobOf(Claim calldata claim) internal pure returns (bytes32) {
        return keccak256(abi.encode(claim.program, claim.pre, claim.post, claim.data));
    }

    /// A leaf of the claims tree.
    function hash(Claim calldata claim) internal pure returns (bytes32) {
        return hash(jobOf(claim), claim.work, claim.payouts);
    }

    /// The same, for who knows the job alone.
    function hash(bytes32 job, uint256 work, bytes32 payouts) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLAIM_TAG, job, work, payouts));
    }

    /// The root of the claims tree that a path leads to: bit i of `index` says whether the node at level i is a
    /// right child, the leaf's own level and sibling first.
    function rootOf(bytes32 claim, uint256 index, bytes32[] calldata siblings)
        internal
        pure
        returns (bytes32 node)
    {
        uint256 levels = siblings.length;
        require(index >> levels == 0, IndexOutsideTree(index, levels));
        node = claim;
        bytes32 claimsTag = CLAIMS_TAG;
        // In assembly because every question of an application goes through here: a third of the gas.
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, claimsTag)
            let next := siblings.offset
            for { let end := add(next, shl(5, levels)) } lt(next, end) { next := add(next, 32) } {
                let isRight := and(index, 1)
                mstore(add(words, shl(5, add(1, isRight))), node)
                mstore(add(words, shl(5, sub(2, isRight))), calldataload(next))
                node := keccak256(words, 96)
                index := shr(1, index)
            }
        }
    }

    /// What a merge of neighbours says in its proof: one tenant's claim.
    function sequenceHash(Claim calldata claim, bytes32 mergeKey) internal pure returns (bytes32) {
        return keccak256(abi.encode(SEQUENCE_TAG, mergeKey, claim));
    }

    /// What a merge of finished claims says in its proof.
    function parallelHash(Parallel calldata root, bytes32 mergeKey) internal pure returns (bytes32) {
        return keccak256(abi.encode(PARALLEL_TAG, mergeKey, root));
    }

    /// The public field of a proof: its claim's hash without the last byte, so that it fits BN254.
    function publicInput(bytes32 claimHash) internal pure returns (bytes32) {
        return claimHash >> 8;
    }

    /// The data commitment of a row of at least one segment. Overwrites `row`.
    function dataRoot(bytes32[] memory row) internal pure returns (bytes32) {
        return _rowRoot(DATA_TAG, row);
    }

    /// The root of the claims tree of a row of at least one claim hash. Overwrites `row`.
    function claimsRoot(bytes32[] memory row) internal pure returns (bytes32) {
        return _rowRoot(CLAIMS_TAG, row);
    }

    /// Works level by level and in place. Joining neighbours and lifting a last one without partner gives RFC 6962's
    /// shape.
    function _rowRoot(bytes32 tag, bytes32[] memory row) private pure returns (bytes32) {
        for (uint256 length = row.length; length > 1; length = (length + 1) / 2) {
            for (uint256 i = 0; i < length / 2; i++) {
                row[i] = keccak256(abi.encode(tag, row[2 * i], row[2 * i + 1]));
            }
            if (length % 2 == 1) row[length / 2] = row[length - 1];
        }
        return row[0];
    }
}
