// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {Claims} from "../libraries/Claims.sol";
import {IProofRegistry} from "./interfaces/IProofRegistry.sol";
import {Statement, Statements} from "./libraries/Statements.sol";

/// Where a statement is recorded as proven.
struct RecordPath {
    /// In an aggregate of the settlement; else in the registry.
    bool aggregated;
    /// Of the finished claim in the aggregate: its work in gates, and the root of its entries. The registry has neither.
    uint256 work;
    bytes32 payouts;
    /// From the claim or the job up to the recorded root: bit i of the index says whether the node at level i is a
    /// right child; the own sibling first.
    uint256 index;
    bytes32[] siblings;
}

/// For applications that act on proofs: one question, whichever way the proof was delivered.
///
/// Trust: the application trusts the settlement's and the registry's verifiers and the keys of the programs that it
/// names (see ISettlement and IProofRegistry). It does not trust whoever calls it: a path leads to a recorded root or
/// it does not.
///
/// What an application has to see to itself:
/// - A statement once proven stays proven, and anybody can show it: an application that acts once for a statement has
///   to remember it by its job (not by its path or root, of which there can be many).
/// - A proof says nothing that its statement does not. Whoever is to gain from it has to be in the statement,
///   or anyone who sees the transaction takes their place.
/// - Programs are to be fixed by the application, not given by its callers.
/// - Asking pays no prover. Under a settlement with a price, an application that relies on aggregates should open its
///   claims (see ISettlement.open); under a market the request has paid.
abstract contract WeftConsumer {
    using Statements for Statement;

    ISettlement public immutable settlement;
    IProofRegistry public immutable registry;

    /// Not recorded as proven, or the path is another statement's.
    error NotProven(bytes32 job);

    constructor(ISettlement settlement_, IProofRegistry registry_) {
        settlement = settlement_;
        registry = registry_;
    }

    /// Whether the statement is recorded as proven. Paths of wrong shapes revert.
    function _isProven(Statement memory statement, RecordPath calldata path) internal view returns (bool) {
        return _isRecorded(statement.jobOf(), path);
    }

    /// Asks for the path's root alone: a path that went along would be copied, and paid for, twice.
    function _isRecorded(bytes32 job, RecordPath calldata path) private view returns (bool) {
        if (!path.aggregated) {
            return registry.recordedAt(Claims.rootOf(job, path.index, path.siblings)) != 0;
        }
        bytes32 claim = Claims.hash(job, path.work, path.payouts);
        return settlement.isRecorded(Claims.rootOf(claim, path.index, path.siblings));
    }

    /// The statement's job, by which the application can remember it. Reverts unless the statement is proven.
    function _requireProven(Statement memory statement, RecordPath calldata path)
        internal
        view
        returns (bytes32 job)
    {
        job = statement.jobOf();
        require(_isRecorded(job, path), NotProven(job));
    }
}
