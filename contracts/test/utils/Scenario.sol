// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PayoutTree, Trees} from "./Trees.sol";
import {Claim, Parallel} from "src/libraries/Claims.sol";
import {PayoutEntry} from "src/libraries/Payouts.sol";

/// A finished claim with all that its proofs know of it.
struct Finished {
    Claim claim;
    bytes32 job;
    bytes32 hash;
    PayoutTree payouts;
}

/// An aggregate of finished claims.
struct Aggregated {
    Parallel root;
    Finished[] parts;
    /// Claim hashes, in order.
    bytes32[] hashes;
    /// Entries of the parallel merges.
    PayoutTree shared;
}

/// Makes claims and aggregates as the merge circuit would state them, from a seed: the same seed, the same
/// aggregate.
library Scenario {
    uint256 internal constant MERGE_WORK = 1_750_000;

    function word(uint256 seed, string memory name) internal pure returns (bytes32) {
        return keccak256(abi.encode(seed, name));
    }

    function number(uint256 seed, string memory name, uint256 low, uint256 high)
        internal
        pure
        returns (uint256)
    {
        return low + uint256(word(seed, name)) % (high - low + 1);
    }

    function entry(uint256 seed, uint256 work, address[] memory provers)
        internal
        pure
        returns (PayoutEntry memory)
    {
        return PayoutEntry({
            prover: provers[number(seed, "prover", 0, provers.length - 1)], work: work, job: word(seed, "job")
        });
    }

    /// A claim of `segments` leaves in a chain of merges.
    function finished(uint256 seed, uint256 segments, address[] memory provers)
        internal
        pure
        returns (Finished memory made)
    {
        uint256 leafWork = number(seed, "work", 1, 1_000_000);
        made.payouts = Trees.single(entry(seed, leafWork, provers));
        made.claim.work = leafWork;
        for (uint256 i = 1; i < segments; i++) {
            uint256 segment = uint256(keccak256(abi.encode(seed, i)));
            made.payouts = Trees.merged(
                made.payouts,
                Trees.single(entry(segment, leafWork, provers)),
                entry(uint256(word(segment, "merge")), MERGE_WORK, provers)
            );
            made.claim.work += leafWork + MERGE_WORK;
        }
        made.claim.program = word(seed, "program");
        made.claim.pre = word(seed, "pre");
        made.claim.post = word(seed, "post");
        made.claim.data = word(seed, "data");
        seal(made);
    }

    /// Recomputes what follows from the claim's fields and its payout tree.
    function seal(Finished memory made) internal pure {
        Claim memory c = made.claim;
        c.payouts = made.payouts.root;
        made.job = keccak256(abi.encode(c.program, c.pre, c.post, c.data));
        made.hash = keccak256(abi.encode(Trees.tag("claim"), made.job, c.work, c.payouts));
    }

    function aggregated(uint256 seed, uint256 count, address[] memory provers)
        internal
        pure
        returns (Aggregated memory made)
    {
        Finished[] memory parts = new Finished[](count);
        for (uint256 i = 0; i < count; i++) {
            uint256 partSeed = uint256(keccak256(abi.encode(seed, i)));
            parts[i] = finished(partSeed, number(partSeed, "segments", 1, 3), provers);
        }
        return aggregated(seed, parts, provers);
    }

    function aggregated(uint256 seed, Finished[] memory parts, address[] memory provers)
        internal
        pure
        returns (Aggregated memory made)
    {
        uint256 count = parts.length;
        made.parts = parts;
        made.hashes = new bytes32[](count);
        for (uint256 i = 0; i < count; i++) {
            made.hashes[i] = parts[i].hash;
        }
        made.shared = sharedTree(seed, 0, count, provers);
        made.root = Parallel({
            claims: Trees.root("claims", made.hashes),
            count: uint32(count),
            payouts: made.shared.root,
            first: parts[0].job,
            last: parts[count - 1].job,
            job: word(seed, "aggregate")
        });
    }

    /// Entries of the parallel merges over `count` claims: the claims themselves have none here.
    function sharedTree(uint256 seed, uint256 from, uint256 count, address[] memory provers)
        internal
        pure
        returns (PayoutTree memory tree)
    {
        if (count == 1) return tree;
        uint256 left = Trees.leftCount(count);
        return Trees.merged(
            sharedTree(seed, from, left, provers),
            sharedTree(seed, from + left, count - left, provers),
            entry(uint256(keccak256(abi.encode(seed, from, count))), MERGE_WORK, provers)
        );
    }

    /// Payments as a rollup packs them, with amounts of usual size: 1 ETH has 8 bytes, a fee 6.
    function transfers(uint256 seed, uint256 count) internal pure returns (bytes memory packed) {
        for (uint256 i = 0; i < count; i++) {
            bytes32 random = keccak256(abi.encode(seed, i));
            packed = bytes.concat(
                packed,
                bytes20(random),
                bytes20(random << 96),
                bytes12(uint96(uint64(uint256(random)))),
                bytes12(uint96(uint48(uint256(random >> 64))))
            );
        }
    }
}
