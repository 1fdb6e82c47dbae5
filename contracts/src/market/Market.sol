// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProofRegistry} from "../delivery/interfaces/IProofRegistry.sol";
import {AggregateView, ISettlement} from "../interfaces/ISettlement.sol";
import {Claim, Claims, Parallel} from "../libraries/Claims.sol";
import {PayoutPath, Payouts} from "../libraries/Payouts.sol";
import {Pool, Pools} from "../libraries/Pools.sol";
import {Accounts} from "./Accounts.sol";
import {AttemptPayments} from "./AttemptPayments.sol";
import {Earnings} from "./Earnings.sol";
import {Payments} from "./Payments.sol";
import {Posts} from "./Posts.sol";
import {IDefaults} from "./interfaces/IDefaults.sol";
import {MarketConfig} from "./interfaces/IMarket.sol";
import {Tally, Tree} from "./libraries/Bills.sol";
import {Order, ProvenOrder} from "./libraries/Orders.sol";
import {Request} from "./libraries/Requests.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// Settles: takes root proofs, finds the orders' claims in them, and pays. The interface has the documentation.
contract Market is AttemptPayments {
    using Claims for Claim;
    using Pools for Pool;

    /// Work of one parallel merge, as in the settlement.
    uint256 private constant MERGE_WORK = 1_750_000;
    /// Work of a direct program's proof, whatever it took: the price of a million units is the proof's.
    uint256 private constant DIRECT_WORK = 1_000_000;

    ISettlement public immutable settlement;
    IProofRegistry public immutable registry;
    IDefaults public immutable defaults;

    /// For the entries of parallel merges.
    mapping(bytes32 claimsRoot => Pool) private _shared;

    constructor(MarketConfig memory config)
        Accounts(config.token, config.wrapsEther, config.withdrawalDelay)
        Earnings(config.staking)
        EIP712("Weft Market", "1")
        Posts(config)
        Payments(config)
    {
        settlement = config.settlement;
        registry = config.registry;
        defaults = config.defaults;
    }

    function settle(
        bytes calldata proof,
        Parallel calldata root,
        bytes32[] calldata claims,
        Order[] calldata orders
    ) external {
        if (!settlement.isRecorded(root.claims)) settlement.settle(proof, root);
        Tree memory tree = _tree(root.claims);
        require(tree.count == claims.length, ForeignCount(tree.count, claims.length));

        bytes32[] memory row = claims;
        Tally memory tally;
        for (uint256 i = 0; i < orders.length; i++) {
            // One order for each claim: a second could take the place of a first whose claim is not in the tree.
            uint256 place = orders[i].place;
            require(i == 0 || place > orders[i - 1].place, OrdersNotAscending(place));
            _settleOne(tree, orders[i], row, tally);
        }
        bytes32 made = Claims.claimsRoot(row);
        require(made == root.claims, ForeignClaims(root.claims, made));
        _finishShared(tree.root, tally);
    }

    /// Frees the function's memory at its end: a call would else pay for it with the square of its orders. Nothing that
    /// the function has allocated may be used afterwards.
    modifier freesMemory() {
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        _;
        assembly ("memory-safe") {
            mstore(0x40, free)
        }
    }

    function _settleOne(Tree memory tree, Order calldata order, bytes32[] memory row, Tally memory tally)
        private
        freesMemory
    {
        require(order.place < row.length, PlaceOutside(order.place, row.length));
        bytes32 claimHash = _claimHash(order);
        row[order.place] = claimHash;
        _payOrSkip(tree, order, claimHash, tally);
    }

    function _payOrSkip(Tree memory tree, Order calldata order, bytes32 claimHash, Tally memory tally)
        private
    {
        bytes4 refusal = _payOrder(tree, order, claimHash, tally);
        if (refusal != 0) emit OrderSkipped(requestId(order.request), refusal);
    }

    function settleSequence(bytes calldata proof, Claim calldata root, Order calldata order) external {
        bytes32 claimsRoot = root.hash();
        if (!settlement.isRecorded(claimsRoot)) settlement.settleSequence(proof, root);
        _settleAlone(order, claimsRoot);
    }

    function settleRecorded(Order calldata order, bytes32[] calldata siblings) external {
        _settleAlone(order, Claims.rootOf(_claimHash(order), order.place, siblings));
    }

    function _settleAlone(Order calldata order, bytes32 claimsRoot) private {
        Tree memory tree = _tree(claimsRoot);
        bytes32 claimHash = _claimHash(order);
        require(tree.count != 1 || claimHash == claimsRoot, ForeignClaim(claimsRoot, claimHash));
        Tally memory tally;
        _revertWith(_payOrder(tree, order, claimHash, tally), order.request);
        _finishShared(claimsRoot, tally);
    }

    function claim(Order calldata order) external {
        bytes32 id = requestId(order.request);
        bytes32 claimsRoot = heldOf(id).claimsRoot;
        require(claimsRoot != 0, NothingHeld(id));
        Tally memory tally;
        _claim(_tree(claimsRoot), order, tally);
        _finishShared(claimsRoot, tally);
    }

    function _tree(bytes32 claimsRoot) private view returns (Tree memory tree) {
        tree.root = claimsRoot;
        tree.recordedAt = settlement.recordedAt(claimsRoot);
        require(tree.recordedAt != 0, NotRecorded(claimsRoot));
        tree.count = settlement.aggregateOf(claimsRoot).claims;
    }

    // Direct programs

    function settleProven(ProvenOrder[] calldata orders) external {
        Tally memory tally;
        for (uint256 i = 0; i < orders.length; i++) {
            _settleProvenOne(orders[i], tally);
        }
        _finish(tally);
    }

    function _settleProvenOne(ProvenOrder calldata proven, Tally memory tally) private freesMemory {
        Order calldata order = proven.order;
        bytes32 job = _jobOf(order);
        Tree memory tree =
            Tree({root: Claims.rootOf(job, proven.index, proven.siblings), count: 1, recordedAt: 0});
        tree.recordedAt = registry.recordedAt(tree.root);
        require(tree.recordedAt != 0, NotRecorded(tree.root));
        _checkDirect(order, job);
        // Anybody can record a job's proof again in a later batch. Alone, it is recorded once.
        Request calldata request = order.request;
        bool first = tree.recordedAt <= request.proofDeadline || proven.siblings.length == 0;
        require(first || msg.sender == request.matcher, LateInBatch(tree.root));
        _payOrSkip(tree, order, job, tally);
    }

    /// The proof names no prover: who made it is what the commitment and the matcher say.
    function _checkDirect(Order calldata order, bytes32 job) private pure {
        Request calldata request = order.request;
        require(request.matcher != address(0), MatcherNeeded(request.owner, request.nonce));
        bool signed = order.signature.length != 0;
        require(
            signed && order.entries.length == 1 && order.work == DIRECT_WORK && order.place == 0,
            InvalidDirectOrder(job)
        );
        PayoutPath calldata path = order.entries[0].path;
        bool whole = path.entry.job == job && path.entry.work == DIRECT_WORK && path.siblings.length == 0;
        require(whole, InvalidDirectOrder(job));
    }

    // Defaults

    function moveCollateral(address prover, address to, uint256 amountWei)
        external
        returns (uint256 movedWei)
    {
        require(msg.sender == address(defaults), NotDefaults(msg.sender));
        movedWei = _moveUpTo(prover, to, amountWei);
        emit CollateralMoved(prover, to, movedWei);
    }

    function _heldUntil(address account) internal view override returns (uint256) {
        return defaults.suspendedUntil(account);
    }

    // Parallel merges

    function _finishShared(bytes32 claimsRoot, Tally memory tally) private {
        _finish(tally);
        if (tally.sharedWei == 0) return;
        Pool storage pool = _shared[claimsRoot];
        if (pool.exists()) pool.collect(tally.sharedWei);
        else pool.create(1, tally.sharedWei);
    }

    function withdrawShared(bytes32 claimsRoot, PayoutPath[] calldata entries)
        external
        returns (uint256 amountWei)
    {
        AggregateView memory aggregate = settlement.aggregateOf(claimsRoot);
        require(aggregate.claims != 0, NotRecorded(claimsRoot));
        uint256 work = (uint256(aggregate.claims) - 1) * MERGE_WORK;
        Pool storage pool = _shared[claimsRoot];
        for (uint256 i = 0; i < entries.length; i++) {
            PayoutPath calldata path = entries[i];
            bytes32 pathRoot = Payouts.rootOf(path);
            require(pathRoot == aggregate.payouts, EntryNotInClaim(aggregate.payouts, pathRoot));
            uint256 dueWei = pool.draw(path.position, path.entry.work, work);
            if (dueWei == 0) continue;
            amountWei += dueWei;
            _earn(path.entry.prover, dueWei, dueWei);
            emit SharedPaid(claimsRoot, path.entry.prover, path.entry.job, dueWei);
        }
        require(amountWei != 0, NothingDue(claimsRoot));
        _addTurnover(amountWei);
    }

    function sharedOf(bytes32 claimsRoot) external view returns (uint256 collectedWei, uint256 paidWei) {
        Pool storage pool = _shared[claimsRoot];
        return (pool.collectedWei, pool.paidWei);
    }
}
