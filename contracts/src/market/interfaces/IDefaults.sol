// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlement} from "../../interfaces/ISettlement.sol";
import {Claim} from "../../libraries/Claims.sol";
import {PayoutPath} from "../../libraries/Payouts.sol";
import {Commitment, SignedCommitment} from "../libraries/Commitments.sol";
import {Request} from "../libraries/Requests.sol";
import {IMarket} from "./IMarket.sol";
import {IStaking} from "./IStaking.sol";

/// What became of a commitment, where L1 was told.
enum CommitmentState {
    Open,
    Released,
    Defended,
    Accused,
    Defaulted
}

/// An entry in the payout tree of a recorded claim.
struct Evidence {
    Claim claim;
    /// The claim's path in the recorded tree, as for the settlement's `open`.
    uint256 index;
    bytes32[] siblings;
    PayoutPath path;
}

/// Commitments that were taken back, cleared or broken: decided from signatures, payout entries and block times alone.
/// MARKET.md has the rules and their incentives.
///
/// Trust: there is no owner. The market is set once by the deployer. The settlement decides what is proven
/// and when it was. A prover that signs a commitment trusts the request's matcher to take its proof; against one that does not
/// it has the time of the defence window, to put its own proof on L1.
interface IDefaults {
    event MarketSet(IMarket indexed market);
    event CommitmentReleased(bytes32 indexed commitment, address indexed prover, uint256 feeWei);
    event CommitmentDefended(bytes32 indexed commitment, address indexed prover);
    /// The prover can answer `until` then: with its own proof, by `defend`.
    event CommitmentAccused(
        bytes32 indexed commitment, address indexed prover, address indexed rescuer, uint256 until
    );
    event CommitmentDefaulted(
        bytes32 indexed commitment,
        address indexed prover,
        address indexed rescuer,
        uint256 collateralWei,
        uint256 stakeWei
    );
    event Suspended(address indexed prover, uint256 until);

    error NotDeployer(address caller);
    error MarketAlreadySet(IMarket market);
    error ForeignRequest(bytes32 expected, bytes32 given);
    error ForeignJob(bytes32 expected, bytes32 given);
    error ForeignClaim(bytes32 expected, bytes32 given);
    error NotRecorded(bytes32 claimsRoot);
    error EntryNotInClaim(bytes32 payouts, bytes32 pathRoot);
    error NotProver(address prover, address given);
    /// Not signed by the prover or its hot key.
    error InvalidCommitment(bytes32 commitment, address prover);
    /// Not signed by the request's matcher.
    error NotMatched(bytes32 commitment, address matcher);
    error NotOpen(bytes32 commitment, CommitmentState state);
    /// Too late to release.
    error DeadlinePassed(uint256 deadline);
    /// The account has less than the release costs.
    error ReleaseUnpaid(uint256 feeWei, uint256 paidWei);
    /// The prover itself, or one that ranks above it, is no rescuer.
    error NoRescue(address prover, address rescuer);
    /// The other proof came before the deadline.
    error NotLate(uint256 recordedAt, uint256 deadline);
    /// The other proof came when the request had expired.
    error EvidenceExpired(uint256 recordedAt, uint256 expiresAt);
    /// The request expired too long ago.
    error AccusationTooLate(uint256 lastAt);
    error NotAccused(bytes32 commitment, CommitmentState state);
    /// The prover can still put its proof on L1, or point at it.
    error DefenceOpen(uint256 until);
    /// The proof that should clear a prover came too late.
    error DefenceTooLate(uint256 recordedAt, uint256 until);

    function market() external view returns (IMarket);
    function settlement() external view returns (ISettlement);
    function staking() external view returns (IStaking);
    /// Gets its part of collateral, and slashed stake.
    function insurer() external view returns (address);
    /// In seconds: how long after its deadline a prover's proof on L1 still clears it, and how long after an
    /// accusation it can point at it.
    function defenceWindow() external view returns (uint256);

    /// Names the market, once. Only for the deployer.
    function setMarket(IMarket market) external;

    /// Takes back a commitment before its deadline, for a small part of its collateral, to the request's owner. For
    /// the prover and its hot key.
    function release(Request calldata request, Commitment calldata commitment) external;

    /// Clears a commitment for good: its prover's own proof of the job was on L1 in time, or before the proof that it is
    /// accused with. Anyone may call.
    function defend(Commitment calldata commitment, Evidence calldata own) external;

    /// Accuses a prover of a default: a recorded claim that fulfils the request has the job, proven by the runner-up of
    /// `rescue`, and was recorded after the deadline of `broken`. The prover has the defence window to answer,
    /// and its withdrawals wait for it. Anyone may call.
    function accuse(
        Request calldata request,
        SignedCommitment calldata broken,
        SignedCommitment calldata rescue,
        Evidence calldata evidence
    ) external;

    /// Makes an accusation without answer a default: splits the collateral between requester, rescuer and
    /// insurance, takes stake by market share, and suspends withdrawals. Anyone may call.
    function convict(Request calldata request, Commitment calldata commitment) external;

    function stateOf(bytes32 commitment) external view returns (CommitmentState);
    /// Until when a prover's withdrawals are suspended; matchers should not match it either.
    function suspendedUntil(address prover) external view returns (uint256);
}
