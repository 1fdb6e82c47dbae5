// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claim, Claims, Parallel} from "src/libraries/Claims.sol";
import {PayoutPath, Payouts} from "src/libraries/Payouts.sol";
import {Pool, Pools} from "src/libraries/Pools.sol";

/// The libraries' functions from outside, with calldata.
contract Harness {
    using Pools for Pool;

    Pool public pool;

    function jobOf(Claim calldata claim) external pure returns (bytes32) {
        return Claims.jobOf(claim);
    }

    function claimHash(Claim calldata claim) external pure returns (bytes32) {
        return Claims.hash(claim);
    }

    function sequenceHash(Claim calldata claim, bytes32 mergeKey) external pure returns (bytes32) {
        return Claims.sequenceHash(claim, mergeKey);
    }

    function parallelHash(Parallel calldata root, bytes32 mergeKey) external pure returns (bytes32) {
        return Claims.parallelHash(root, mergeKey);
    }

    function claimsRootOf(bytes32 claim, uint256 index, bytes32[] calldata siblings)
        external
        pure
        returns (bytes32)
    {
        return Claims.rootOf(claim, index, siblings);
    }

    function payoutRootOf(PayoutPath calldata path) external pure returns (bytes32) {
        return Payouts.rootOf(path);
    }

    function collect(uint256 amountWei) external {
        pool.claims = 1;
        pool.collect(amountWei);
    }

    function draw(uint256 position, uint256 entryWork, uint256 poolWork) external returns (uint256) {
        return pool.draw(position, entryWork, poolWork);
    }
}
