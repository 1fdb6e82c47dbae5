// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHonkVerifier} from "./interfaces/IHonkVerifier.sol";
import {IPricing} from "./interfaces/IPricing.sol";
import {AggregateView, Deposit, ISettlement, OpeningView} from "./interfaces/ISettlement.sol";
import {Claim, Claims, Parallel} from "./libraries/Claims.sol";
import {PayoutPath, Payouts} from "./libraries/Payouts.sol";
import {Pool, Pools} from "./libraries/Pools.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// A recorded claims tree. Two storage slots, both written when it is recorded.
struct Aggregate {
    /// For the entries of the parallel merges.
    Pool pool;
    bytes32 payouts;
}

/// The interface has the documentation.
contract Settlement is ISettlement {
    using Claims for Claim;
    using Pools for Pool;
    using SafeCast for uint256;

    /// Work of one merge, in gates; the merge circuit and packages/protocol/src/work.ts hold the same.
    uint256 public constant MERGE_WORK = 1_750_000;

    /// Time between announcing and taking a deposit: whoever began to prove before the announcement can settle.
    uint256 public constant WITHDRAWAL_DELAY = 1 days;

    /// For a recipient to take money: enough for a smart account's proxy and event, too little to stop others.
    uint256 private constant PAYMENT_GAS = 30_000;

    IHonkVerifier public immutable verifier;
    bytes32 public immutable mergeKey;
    IPricing public immutable pricing;

    mapping(address prover => uint256) public creditWei;

    mapping(bytes32 claimsRoot => Aggregate) private _aggregates;
    mapping(address tenant => mapping(bytes32 claimHash => Pool)) private _openings;
    mapping(address tenant => Deposit) private _deposits;

    constructor(IHonkVerifier verifier_, bytes32 mergeKey_, IPricing pricing_) {
        require(address(verifier_).code.length != 0, NotAContract(address(verifier_)));
        require(address(pricing_).code.length != 0, NotAContract(address(pricing_)));
        verifier = verifier_;
        mergeKey = mergeKey_;
        pricing = pricing_;
    }

    // Proofs

    function settle(bytes calldata proof, Parallel calldata root) external {
        _settle(proof, Claims.parallelHash(root, mergeKey), root.claims, root.count, root.payouts);
    }

    function settleSequence(bytes calldata proof, Claim calldata root) external {
        _settle(proof, root.sequenceHash(mergeKey), root.hash(), 1, 0);
    }

    function _settle(
        bytes calldata proof,
        bytes32 proofClaim,
        bytes32 claimsRoot,
        uint32 count,
        bytes32 payouts
    ) private {
        Aggregate storage aggregate = _aggregates[claimsRoot];
        require(!aggregate.pool.exists(), AlreadyRecorded(claimsRoot));
        _verify(proof, Claims.publicInput(proofClaim));

        aggregate.pool.claims = count;
        aggregate.pool.recordedAt = block.timestamp.toUint32();
        aggregate.payouts = payouts;
        emit Settled(claimsRoot, count, payouts);
    }

    function _verify(bytes calldata proof, bytes32 publicInput) private view {
        bytes32[] memory publicInputs = new bytes32[](1);
        publicInputs[0] = publicInput;
        try verifier.verify(proof, publicInputs) returns (bool valid) {
            require(valid, InvalidProof(publicInput));
        } catch (bytes memory reason) {
            revert VerifierReverted(reason);
        }
    }

    // Tenants

    function open(Claim calldata claim, uint256 index, bytes32[] calldata siblings)
        external
        returns (bytes32 claimHash)
    {
        claimHash = claim.hash();
        bytes32 claimsRoot = Claims.rootOf(claimHash, index, siblings);
        Pool storage shared = _aggregates[claimsRoot].pool;
        Pool storage opening = _openings[msg.sender][claimHash];
        uint256 claims = shared.claims;
        require(claims != 0, NotRecorded(claimsRoot));
        require(!opening.exists(), AlreadyOpened(msg.sender, claimHash));

        uint256 sharedWork = Math.ceilDiv((claims - 1) * MERGE_WORK, claims);
        uint256 totalWork = claim.work + sharedWork;
        uint256 totalWei = pricing.priceWei(msg.sender, claim.program, totalWork);
        uint256 sharedWei = totalWork == 0 ? 0 : Math.mulDiv(totalWei, sharedWork, totalWork);

        _charge(msg.sender, totalWei);
        opening.create(1, totalWei - sharedWei);
        shared.collect(sharedWei);
        emit Opened(msg.sender, claimHash, claimsRoot, totalWei - sharedWei, sharedWei);
    }

    function _charge(address tenant, uint256 amountWei) private {
        uint256 balanceWei = _deposits[tenant].balanceWei;
        require(balanceWei >= amountWei, InsufficientDeposit(tenant, balanceWei, amountWei));
        _deposits[tenant].balanceWei = (balanceWei - amountWei).toUint96();
    }

    function deposit(address tenant) external payable {
        require(msg.value != 0, ZeroAmount());
        _deposits[tenant].balanceWei += msg.value.toUint96();
        emit Deposited(tenant, msg.value);
    }

    function announceWithdrawal(uint256 amountWei) external {
        Deposit storage own = _deposits[msg.sender];
        require(amountWei != 0, ZeroAmount());
        require(amountWei <= own.balanceWei, InsufficientDeposit(msg.sender, own.balanceWei, amountWei));
        uint256 leavingAt = block.timestamp + WITHDRAWAL_DELAY;
        own.leavingWei = amountWei.toUint96();
        own.leavingAt = leavingAt.toUint64();
        emit WithdrawalAnnounced(msg.sender, amountWei, leavingAt);
    }

    function withdrawDeposit(address to) external {
        Deposit memory own = _deposits[msg.sender];
        require(own.leavingAt != 0, NothingAnnounced(msg.sender));
        // Seconds that a validator can shift are nothing against the delay.
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp >= own.leavingAt, TooEarly(own.leavingAt));
        uint96 amountWei = own.leavingWei < own.balanceWei ? own.leavingWei : own.balanceWei;
        _deposits[msg.sender] = Deposit({balanceWei: own.balanceWei - amountWei, leavingWei: 0, leavingAt: 0});
        emit DepositWithdrawn(msg.sender, to, amountWei);
        _send(to, amountWei);
    }

    // Provers

    function withdraw(
        address tenant,
        bytes32 job,
        uint256 work,
        bytes32 payouts,
        PayoutPath[] calldata entries
    ) external returns (uint256 amountWei) {
        bytes32 claimHash = Claims.hash(job, work, payouts);
        Pool storage opening = _openings[tenant][claimHash];
        require(opening.exists(), NotOpened(tenant, claimHash));
        return _withdraw(opening, claimHash, payouts, work, entries);
    }

    function withdrawShared(bytes32 claimsRoot, PayoutPath[] calldata entries)
        external
        returns (uint256 amountWei)
    {
        Aggregate storage aggregate = _aggregates[claimsRoot];
        require(aggregate.pool.exists(), NotRecorded(claimsRoot));
        uint256 work = (uint256(aggregate.pool.claims) - 1) * MERGE_WORK;
        return _withdraw(aggregate.pool, claimsRoot, aggregate.payouts, work, entries);
    }

    /// Books all entries before it sends anything: recipients can call back and find every entry paid.
    function _withdraw(
        Pool storage pool,
        bytes32 poolId,
        bytes32 payouts,
        uint256 work,
        PayoutPath[] calldata entries
    ) private returns (uint256 totalWei) {
        uint256[] memory dueWei = new uint256[](entries.length);
        for (uint256 i = 0; i < entries.length; i++) {
            PayoutPath calldata path = entries[i];
            bytes32 pathRoot = Payouts.rootOf(path);
            require(pathRoot == payouts, EntryNotInPool(payouts, pathRoot));
            dueWei[i] = pool.draw(path.position, path.entry.work, work);
            if (dueWei[i] == 0) continue;
            totalWei += dueWei[i];
            emit Paid(poolId, path.entry.prover, path.entry.job, dueWei[i]);
        }
        require(totalWei != 0, NothingDue(poolId));

        uint256 runWei = 0;
        for (uint256 i = 0; i < entries.length; i++) {
            address prover = entries[i].entry.prover;
            runWei += dueWei[i];
            if (i + 1 < entries.length && entries[i + 1].entry.prover == prover) continue;
            _sendOrCredit(prover, runWei);
            runWei = 0;
        }
    }

    function collectCredit(address to) external {
        uint256 amountWei = creditWei[msg.sender];
        require(amountWei != 0, ZeroAmount());
        creditWei[msg.sender] = 0;
        emit CreditCollected(msg.sender, to, amountWei);
        _send(to, amountWei);
    }

    function _send(address to, uint256 amountWei) private {
        (bool sent,) = to.call{value: amountWei}("");
        require(sent, TransferFailed(to));
    }

    function _sendOrCredit(address prover, uint256 amountWei) private {
        if (amountWei == 0) return;
        bool sent;
        // In assembly because Solidity copies whatever the recipient returns, at the caller's cost.
        assembly ("memory-safe") {
            sent := call(PAYMENT_GAS, prover, amountWei, 0, 0, 0, 0)
        }
        if (sent) return;
        creditWei[prover] += amountWei;
        emit Credited(prover, amountWei);
    }

    // Views

    function isRecorded(bytes32 claimsRoot) public view returns (bool) {
        return _aggregates[claimsRoot].pool.exists();
    }

    function recordedAt(bytes32 claimsRoot) external view returns (uint256) {
        return _aggregates[claimsRoot].pool.recordedAt;
    }

    function isProven(Claim calldata claim, uint256 index, bytes32[] calldata siblings)
        external
        view
        returns (bool)
    {
        return isRecorded(Claims.rootOf(claim.hash(), index, siblings));
    }

    function aggregateOf(bytes32 claimsRoot) external view returns (AggregateView memory) {
        Aggregate storage a = _aggregates[claimsRoot];
        return AggregateView(a.pool.claims, a.payouts, a.pool.collectedWei, a.pool.paidWei);
    }

    function openingOf(address tenant, bytes32 claimHash) external view returns (OpeningView memory) {
        Pool storage opening = _openings[tenant][claimHash];
        return OpeningView(opening.exists(), opening.collectedWei, opening.paidWei);
    }

    function depositOf(address tenant) external view returns (Deposit memory) {
        return _deposits[tenant];
    }
}
