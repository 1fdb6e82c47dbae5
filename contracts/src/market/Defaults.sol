// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlement} from "../interfaces/ISettlement.sol";
import {Claims} from "../libraries/Claims.sol";
import {Payouts} from "../libraries/Payouts.sol";
import {CommitmentState, Evidence, IDefaults} from "./interfaces/IDefaults.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {IStaking} from "./interfaces/IStaking.sol";
import {Commitment, SignedCommitment} from "./libraries/Commitments.sol";
import {Lateness} from "./libraries/Lateness.sol";
import {Penalties} from "./libraries/Penalties.sol";
import {Request} from "./libraries/Requests.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// A prover's suspension after defaults.
struct Suspension {
    uint64 until;
    uint64 lastAt;
    /// Defaults in a row: less than `Defaults.FORGIVEN_AFTER` apart.
    uint32 defaults;
}

/// Another prover's proof of a committed job, until the accused has had time to answer. One storage slot.
struct Accusation {
    address rescuer;
    /// When that proof was recorded.
    uint40 recordedAt;
    /// Until when the accused can answer.
    uint40 until;
}

/// The interface has the documentation.
contract Defaults is IDefaults {
    using SafeCast for uint256;

    uint256 private constant BPS = 10_000;

    /// What taking back a commitment costs, in hundredths of a percent of its collateral.
    uint256 public constant RELEASE_BPS = 200;
    /// The collateral of a default: half to the requester, who waited; three tenths to the rescuer; the rest, which no
    /// group of colluding parties gets back, to the insurance.
    uint256 public constant REQUESTER_BPS = 5_000;
    uint256 public constant RESCUER_BPS = 3_000;
    /// A first default suspends for this long, each further one for twice as long as the one before.
    uint256 public constant SUSPENSION = 1 days;
    uint256 public constant MAX_DOUBLINGS = 5;
    uint256 public constant FORGIVEN_AFTER = 30 days;
    /// How long after a request has expired its provers can be accused: they need not keep what they signed for ever.
    uint256 public constant ACCUSABLE_FOR = 12 hours;
    /// How long an accused prover's money stays after its time to answer, for somebody to convict it.
    uint256 public constant HOLD = 1 hours;

    ISettlement public immutable settlement;
    IStaking public immutable staking;
    address public immutable insurer;
    uint256 public immutable defenceWindow;
    address private immutable _deployer;

    IMarket public market;
    mapping(bytes32 commitment => CommitmentState) public stateOf;
    mapping(bytes32 commitment => Accusation) private _accusations;
    mapping(address prover => Suspension) private _suspensions;

    constructor(ISettlement settlement_, IStaking staking_, address insurer_, uint256 defenceWindow_) {
        settlement = settlement_;
        staking = staking_;
        insurer = insurer_;
        defenceWindow = defenceWindow_;
        _deployer = msg.sender;
    }

    function setMarket(IMarket market_) external {
        require(msg.sender == _deployer, NotDeployer(msg.sender));
        require(address(market) == address(0), MarketAlreadySet(market));
        market = market_;
        emit MarketSet(market_);
    }

    function release(Request calldata request, Commitment calldata commitment) external {
        bytes32 id = _open(commitment);
        _checkRequest(request, commitment);
        address prover = commitment.prover;
        require(staking.isKeyOf(prover, msg.sender), NotProver(prover, msg.sender));
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp <= commitment.deadline, DeadlinePassed(commitment.deadline));
        stateOf[id] = CommitmentState.Released;
        uint256 feeWei = uint256(commitment.collateralWei) * RELEASE_BPS / BPS;
        uint256 paidWei = market.moveCollateral(prover, request.owner, feeWei);
        require(paidWei == feeWei, ReleaseUnpaid(feeWei, paidWei));
        emit CommitmentReleased(id, prover, feeWei);
    }

    function defend(Commitment calldata commitment, Evidence calldata own) external {
        bytes32 id = market.commitmentId(commitment);
        CommitmentState state = stateOf[id];
        require(state == CommitmentState.Open || state == CommitmentState.Accused, NotOpen(id, state));
        uint256 recordedAt = _entryRecordedAt(commitment.job, commitment.prover, own);
        uint256 until = Math.max(commitment.deadline + defenceWindow, _accusations[id].recordedAt);
        require(recordedAt <= until, DefenceTooLate(recordedAt, until));
        stateOf[id] = CommitmentState.Defended;
        emit CommitmentDefended(id, commitment.prover);
    }

    function accuse(
        Request calldata request,
        SignedCommitment calldata broken,
        SignedCommitment calldata rescue,
        Evidence calldata evidence
    ) external {
        bytes32 id = _open(broken.commitment);
        _checkSigned(request, broken);
        _checkSigned(request, rescue);
        _checkRescue(broken.commitment, rescue.commitment);
        _checkFulfils(request, evidence);
        uint256 recordedAt = _entryRecordedAt(broken.commitment.job, rescue.commitment.prover, evidence);
        uint256 deadline = broken.commitment.deadline;
        require(recordedAt > deadline, NotLate(recordedAt, deadline));
        uint256 expiresAt = request.proofDeadline + Lateness.EXPIRY;
        require(recordedAt <= expiresAt, EvidenceExpired(recordedAt, expiresAt));
        uint256 lastAt = expiresAt + ACCUSABLE_FOR;
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp <= lastAt, AccusationTooLate(lastAt));
        // The time for the prover's own proof to reach L1; the conviction waits for it to be pointed at.
        uint256 until = deadline + defenceWindow;
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp > until, DefenceOpen(until));
        _accuse(id, broken.commitment.prover, rescue.commitment.prover, recordedAt);
    }

    /// Keeps the collateral where it is for as long as the conviction can take.
    function _accuse(bytes32 id, address prover, address rescuer, uint256 recordedAt) private {
        uint256 until = block.timestamp + defenceWindow;
        stateOf[id] = CommitmentState.Accused;
        _accusations[id] =
            Accusation({rescuer: rescuer, recordedAt: recordedAt.toUint40(), until: until.toUint40()});
        Suspension storage suspension = _suspensions[prover];
        suspension.until = Math.max(suspension.until, until + HOLD).toUint64();
        emit CommitmentAccused(id, prover, rescuer, until);
    }

    function convict(Request calldata request, Commitment calldata commitment) external {
        bytes32 id = market.commitmentId(commitment);
        _checkRequest(request, commitment);
        require(stateOf[id] == CommitmentState.Accused, NotAccused(id, stateOf[id]));
        Accusation memory accusation = _accusations[id];
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp > accusation.until, DefenceOpen(accusation.until));
        stateOf[id] = CommitmentState.Defaulted;
        _punish(id, request.owner, commitment, accusation.rescuer);
    }

    function _punish(bytes32 id, address owner, Commitment calldata broken, address rescuer) private {
        address prover = broken.prover;
        uint256 hasWei = market.accountOf(prover).balanceWei;
        uint256 collateralWei = Math.min(broken.collateralWei, hasWei);
        uint256 requesterWei = collateralWei * REQUESTER_BPS / BPS;
        uint256 rescuerWei = collateralWei * RESCUER_BPS / BPS;
        market.moveCollateral(prover, owner, requesterWei);
        market.moveCollateral(prover, rescuer, rescuerWei);
        market.moveCollateral(prover, insurer, collateralWei - requesterWei - rescuerWei);

        _suspend(prover);
        uint256 fraction = Penalties.ofShareDown(market.shareOf(prover));
        uint256 stakeWei = staking.slash(prover, fraction, insurer);
        emit CommitmentDefaulted(id, prover, rescuer, collateralWei, stakeWei);
    }

    function _suspend(address prover) private {
        Suspension memory last = _suspensions[prover];
        // forge-lint: disable-next-line(block-timestamp)
        bool inARow = last.defaults != 0 && block.timestamp < last.lastAt + FORGIVEN_AFTER;
        uint32 defaults = inARow ? last.defaults + 1 : 1;
        uint256 until = block.timestamp + (SUSPENSION << Math.min(defaults - 1, MAX_DOUBLINGS));
        _suspensions[prover] =
            Suspension({until: until.toUint64(), lastAt: block.timestamp.toUint64(), defaults: defaults});
        emit Suspended(prover, until);
    }

    function suspendedUntil(address prover) external view returns (uint256) {
        return _suspensions[prover].until;
    }

    // Checks

    /// The id of a commitment that nothing has become of yet.
    function _open(Commitment calldata commitment) private view returns (bytes32 id) {
        id = market.commitmentId(commitment);
        require(stateOf[id] == CommitmentState.Open, NotOpen(id, stateOf[id]));
    }

    function _checkRequest(Request calldata request, Commitment calldata commitment) private view {
        bytes32 id = market.requestId(request);
        require(commitment.request == id, ForeignRequest(commitment.request, id));
    }

    function _checkSigned(Request calldata request, SignedCommitment calldata signed) private view {
        _checkRequest(request, signed.commitment);
        Commitment calldata commitment = signed.commitment;
        bytes32 id = market.commitmentId(commitment);
        address signer = Signatures.signerOf(id, signed.signature);
        require(staking.isKeyOf(commitment.prover, signer), InvalidCommitment(id, commitment.prover));
        if (request.matcher == address(0)) return;
        bool matched = Signatures.signerOf(id, signed.counterSignature) == request.matcher;
        require(matched, NotMatched(id, request.matcher));
    }

    function _checkRescue(Commitment calldata broken, Commitment calldata rescue) private pure {
        require(broken.job == rescue.job, ForeignJob(broken.job, rescue.job));
        bool rescued = rescue.rank > broken.rank && rescue.prover != broken.prover;
        require(rescued, NoRescue(broken.prover, rescue.prover));
    }

    /// The claim is one that fulfils the request.
    function _checkFulfils(Request calldata request, Evidence calldata evidence) private pure {
        bytes32 asked = keccak256(abi.encode(request.program, request.pre, request.data));
        bytes32 given = keccak256(abi.encode(evidence.claim.program, evidence.claim.pre, evidence.claim.data));
        require(asked == given, ForeignClaim(asked, given));
    }

    /// When the claim with the prover's entry for the job was recorded.
    function _entryRecordedAt(bytes32 job, address prover, Evidence calldata evidence)
        private
        view
        returns (uint256 recordedAt)
    {
        bytes32 pathRoot = Payouts.rootOf(evidence.path);
        require(pathRoot == evidence.claim.payouts, EntryNotInClaim(evidence.claim.payouts, pathRoot));
        require(evidence.path.entry.job == job, ForeignJob(job, evidence.path.entry.job));
        require(evidence.path.entry.prover == prover, NotProver(prover, evidence.path.entry.prover));
        bytes32 root = Claims.rootOf(Claims.hash(evidence.claim), evidence.index, evidence.siblings);
        recordedAt = settlement.recordedAt(root);
        require(recordedAt != 0, NotRecorded(root));
    }
}
