// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PayoutPath} from "../../libraries/Payouts.sol";
import {Request} from "./Requests.sol";

/// A request with what is needed to pay for it: the claim that fulfils it, and the entries of that claim with the
/// commitments that price them.
struct Order {
    Request request;
    /// By the request's owner, ERC-1271 included. Empty for a request that was posted on L1.
    bytes signature;
    /// Where the claim is among the claims of the root proof, counted from 0.
    uint256 place;
    /// What the claim says beyond what the request asks for.
    bytes32 post;
    uint256 work;
    bytes32 payouts;
    /// What `request.allowedProvers` is the hash of; empty if that is zero.
    address[] allowed;
    /// Ascending by position.
    PricedEntry[] entries;
}

/// An order for a direct program: the registry has the proof, which names no prover. So the order has one entry, at
/// position 0 and without siblings, for the whole proof as one job, and its work is `DIRECT_WORK`.
struct ProvenOrder {
    Order order;
    /// From the job up to the recorded root (see IProofRegistry.isProven).
    uint256 index;
    bytes32[] siblings;
}

/// An entry, and the commitment of its prover for its job: the request's id, job and prover complete it. A posted
/// request needs none: all else is ignored there.
struct PricedEntry {
    PayoutPath path;
    uint96 priceWei;
    uint40 deadline;
    uint96 collateralWei;
    uint8 rank;
    bytes signature;
    /// By the request's matcher; empty where it has none, or settles itself.
    bytes counterSignature;
}
