// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claim, Parallel} from "../libraries/Claims.sol";
import {PayoutPath} from "../libraries/Payouts.sol";
import {IHonkVerifier} from "./IHonkVerifier.sol";
import {IPricing} from "./IPricing.sol";

/// A proven claims tree. Unrecorded: all zero.
struct AggregateView {
    /// Claims in the tree.
    uint32 claims;
    /// Root of the entries of the parallel merges; zero for one claim alone.
    bytes32 payouts;
    /// Collected from openings for those entries so far, and paid out of it.
    uint256 collectedWei;
    uint256 paidWei;
}

/// A claim that a tenant opened and paid for. Not opened: all zero.
struct OpeningView {
    bool opened;
    /// Collected for the claim's own entries, and paid out of it.
    uint256 collectedWei;
    uint256 paidWei;
}

/// A tenant's money, one storage slot.
struct Deposit {
    uint96 balanceWei;
    /// Announced to leave, still part of the balance: what provers can count on is `balanceWei - leavingWei`.
    uint96 leavingWei;
    /// Seconds since 1970 from which it may leave; zero if nothing is announced.
    uint64 leavingAt;
}

/// Verifies root proofs, records the claims in them, charges the tenants who open their claims and pays the
/// provers whom the proofs name.
///
/// Trust: there is no owner and nothing can be changed after deployment. The verifier, the merge key and the
/// pricing are trusted (see their interfaces). A recorded claim says that a computation was proven, not that
/// anybody pays for it: provers are paid when the tenant opens the claim, out of the tenant's deposit.
/// A tenant that asks `isProven` and never opens does not pay; provers should serve tenants whose contracts
/// open the claims they act on.
interface ISettlement {
    /// A root proof was verified. `count` claims can be opened.
    event Settled(bytes32 indexed claimsRoot, uint32 count, bytes32 payouts);
    /// A tenant opened a claim and was charged for it: `ownWei` for the claim's entries, `sharedWei` for its part
    /// of the parallel merges above it.
    event Opened(
        address indexed tenant,
        bytes32 indexed claimHash,
        bytes32 indexed claimsRoot,
        uint256 ownWei,
        uint256 sharedWei
    );
    /// An entry was paid. `pool` is the claim hash, or the claims root for entries of parallel merges.
    event Paid(bytes32 indexed pool, address indexed prover, bytes32 job, uint256 amountWei);
    /// A prover's address refused the payment; the money waits for `collectCredit`.
    event Credited(address indexed prover, uint256 amountWei);
    event CreditCollected(address indexed prover, address indexed to, uint256 amountWei);
    event Deposited(address indexed tenant, uint256 amountWei);
    event WithdrawalAnnounced(address indexed tenant, uint256 amountWei, uint256 leavingAt);
    event DepositWithdrawn(address indexed tenant, address indexed to, uint256 amountWei);

    /// An address in the constructor has no code.
    error NotAContract(address account);
    /// The claims root is recorded already: open its claims.
    error AlreadyRecorded(bytes32 claimsRoot);
    /// No proof of this claims root was settled, or the path does not belong to the claim.
    error NotRecorded(bytes32 claimsRoot);
    /// The verifier says no to the proof of this public input.
    error InvalidProof(bytes32 publicInput);
    /// The verifier reverted, with this data.
    error VerifierReverted(bytes reason);
    error AlreadyOpened(address tenant, bytes32 claimHash);
    /// The tenant did not open a claim with this hash: nothing was collected for its entries.
    error NotOpened(address tenant, bytes32 claimHash);
    error InsufficientDeposit(address tenant, uint256 balanceWei, uint256 neededWei);
    /// The entry's path leads to another root than the pool's.
    error EntryNotInPool(bytes32 payouts, bytes32 pathRoot);
    /// None of the entries has anything coming: all were paid, or nothing was collected since.
    error NothingDue(bytes32 pool);
    error ZeroAmount();
    error NothingAnnounced(address tenant);
    error TooEarly(uint256 leavingAt);
    /// The recipient refused the money: name another.
    error TransferFailed(address to);

    /// The program-independent key of the merge circuit, which every recorded claim descends from.
    function mergeKey() external view returns (bytes32);
    function verifier() external view returns (IHonkVerifier);
    function pricing() external view returns (IPricing);

    /// Verifies a proof of many tenants' claims and records them. Anyone may call.
    function settle(bytes calldata proof, Parallel calldata root) external;

    /// Verifies a proof of one tenant's claim alone and records it: its hash is the claims root. Anyone may call.
    function settleSequence(bytes calldata proof, Claim calldata root) external;

    /// Opens a recorded claim in the caller's name and charges the caller's deposit for it: the claim's own work
    /// plus an equal part, rounded up, of the parallel merges above it, priced together. The shared part of the
    /// price is rounded down, the rest goes to the claim's own entries; both to provers.
    ///
    /// Openings are kept by tenant: a stranger that opens a tenant's claim pays the provers and changes nothing
    /// for the tenant. A tenant opens a claim once, whatever trees it is in.
    ///
    /// @param index Bit i says whether the node at level i is a right child.
    /// @param siblings The claim's own sibling first.
    function open(Claim calldata claim, uint256 index, bytes32[] calldata siblings)
        external
        returns (bytes32 claimHash);

    /// Pays entries of a claim that `tenant` opened, each to the prover it names; anyone may call. Entries that
    /// have nothing coming are passed over, so that a call made at the same time by others does not undo this one;
    /// neighbours in the list with one prover are paid in one transfer. A recipient gets 30,000 gas to take the
    /// money; where it does not, it is credited.
    ///
    /// @return amountWei What was paid or credited.
    function withdraw(
        address tenant,
        bytes32 job,
        uint256 work,
        bytes32 payouts,
        PayoutPath[] calldata entries
    ) external returns (uint256 amountWei);

    /// Pays entries of the parallel merges of a recorded tree, as `withdraw` does. What they have coming grows
    /// as tenants open their claims, and can be taken in parts.
    function withdrawShared(bytes32 claimsRoot, PayoutPath[] calldata entries)
        external
        returns (uint256 amountWei);

    /// Sends what the caller was credited to `to`.
    function collectCredit(address to) external;
    function creditWei(address prover) external view returns (uint256);

    /// Adds to a tenant's deposit. Only the tenant can take it out again.
    function deposit(address tenant) external payable;

    /// First step to take a deposit out: says how much, and starts the delay anew. The announced amount stays
    /// chargeable until it is taken.
    function announceWithdrawal(uint256 amountWei) external;

    /// Second step, after the delay: sends what was announced, or what is left of it, to `to`.
    function withdrawDeposit(address to) external;
    function depositOf(address tenant) external view returns (Deposit memory);

    function isRecorded(bytes32 claimsRoot) external view returns (bool);

    /// Block time, in seconds since 1970, of the settlement that recorded the tree; zero if none did.
    function recordedAt(bytes32 claimsRoot) external view returns (uint256);

    /// Whether a claim is in a recorded tree. Charges nobody.
    function isProven(Claim calldata claim, uint256 index, bytes32[] calldata siblings)
        external
        view
        returns (bool);
    function aggregateOf(bytes32 claimsRoot) external view returns (AggregateView memory);
    function openingOf(address tenant, bytes32 claimHash) external view returns (OpeningView memory);
}
