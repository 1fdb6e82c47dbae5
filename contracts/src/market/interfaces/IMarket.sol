// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProofRegistry} from "../../delivery/interfaces/IProofRegistry.sol";
import {ISettlement} from "../../interfaces/ISettlement.sol";
import {Claim, Parallel} from "../../libraries/Claims.sol";
import {PayoutPath} from "../../libraries/Payouts.sol";
import {Attempt, SignedAttempt} from "../libraries/Attempts.sol";
import {Commitment} from "../libraries/Commitments.sol";
import {Offer} from "../libraries/Offers.sol";
import {Order, ProvenOrder} from "../libraries/Orders.sol";
import {Request} from "../libraries/Requests.sol";
import {IAccounts} from "./IAccounts.sol";
import {IDefaults} from "./IDefaults.sol";
import {IStaking} from "./IStaking.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// What a market is deployed with; nothing of it can be changed.
struct MarketConfig {
    IERC20 token;
    bool wrapsEther;
    ISettlement settlement;
    /// Where the proofs of direct programs are recorded.
    IProofRegistry registry;
    IStaking staking;
    IDefaults defaults;
    /// Gets the protocol fee.
    address treasury;
    /// Gets the insurance cut.
    address insurer;
    /// Parts of what entries are paid, in hundredths of a percent; at most a tenth each.
    uint16 protocolFeeBps;
    uint16 insuranceBps;
    /// In seconds.
    uint32 withdrawalDelay;
    /// How long money is kept for entries that a settlement did not show.
    uint32 claimWindow;
    /// How long a posted request waits at its start price, and how long the price then rises to the maximum.
    uint32 postedWait;
    uint32 postedRise;
}

/// A request on L1. Not posted, or done: all zero.
struct Posted {
    uint96 amountWei;
    uint40 postedAt;
}

/// Money kept for entries of a fulfilled request that were not shown when it was settled. None: all zero.
struct Held {
    bytes32 claimHash;
    bytes32 claimsRoot;
    uint96 amountWei;
    uint40 closesAt;
}

/// Pays provers for the work that is inside a proof, at the prices that they committed to, from the accounts of those who
/// asked for it. MARKET.md has the rules and their incentives.
///
/// Trust: there is no owner, and nothing can be changed after deployment. The settlement and the registry decide what is
/// proven, the token what money is, the defaults contract whose collateral is moved. A request's `matcher` can choose
/// among prices that provers signed, so a matcher that lies can make a requester pay up to its signed maximum, to provers
/// who did the work, and never more; a requester that names itself trusts nobody, and one that names nobody lets every
/// prover ask for the maximum. Two things are the matcher's word alone: who made the proof of a direct program, which is
/// paid once all the same; and that provers have tried what cannot be proven, for a twentieth of the maximum at most.
/// Off-chain requests reserve nothing: provers should look at the balance that is not leaving, as matchers should at the
/// collateral. A commitment is only as good as the input it is about: provers sign when they have it.
interface IMarket is IAccounts {
    /// A request was fulfilled and paid for.
    event OrderSettled(
        bytes32 indexed request,
        address indexed owner,
        bytes32 indexed claimsRoot,
        uint256 paidWei,
        uint256 sharedWei,
        uint256 heldWei
    );
    /// A request in a settlement of many was passed over; `reason` is the selector of the error that it would have been.
    event OrderSkipped(bytes32 indexed request, bytes4 reason);
    /// An entry was paid: `feeWei` is the price before protocol fee and insurance cut.
    event EntryPaid(bytes32 indexed request, address indexed prover, bytes32 job, uint256 feeWei);
    /// A prover was paid for having tried a job that cannot be proven, as an entry would be.
    event AttemptPaid(bytes32 indexed request, address indexed prover, bytes32 job, uint256 feeWei);
    /// Lateness was paid from a prover's collateral to the request's owner.
    event LatenessPaid(bytes32 indexed request, address indexed prover, uint256 amountWei);
    /// An entry of a parallel merge was paid, or paid another part.
    event SharedPaid(bytes32 indexed claimsRoot, address indexed prover, bytes32 job, uint256 amountWei);
    /// Money kept for entries that nobody showed went back to the owner.
    event HeldReturned(bytes32 indexed request, address indexed owner, uint256 amountWei);
    event RequestPosted(bytes32 indexed id, address indexed owner, Request request);
    event RequestReclaimed(bytes32 indexed id, address indexed owner, uint256 amountWei);
    event Collected(address indexed prover, uint256 keptWei, uint256 sharedWei);
    /// Collateral went from a prover's account to another, by the rules of defaults.
    event CollateralMoved(address indexed prover, address indexed to, uint256 amountWei);

    /// A part of the configuration that cannot be.
    error InvalidConfig();
    /// The claims do not make the root's tree.
    error ForeignClaims(bytes32 claimsRoot, bytes32 given);
    /// The recorded tree has another number of claims than the given root.
    error ForeignCount(uint256 recorded, uint256 given);
    error NotRecorded(bytes32 claimsRoot);
    /// An order's place is not among the claims.
    error PlaceOutside(uint256 place, uint256 claims);
    /// Orders are not ascending by place: two are for one claim. Settle the second by `settleRecorded`.
    error OrdersNotAscending(uint256 place);

    error NonceUsed(address owner, uint256 nonce);
    error InvalidSignature(bytes32 request, address owner);
    /// The owner's balance is below what the request may cost.
    error BalanceTooLow(address owner, uint256 balanceWei, uint256 neededWei);
    error NotPosted(bytes32 request);
    /// The claim was recorded when the request had expired.
    error Expired(bytes32 request, uint256 expiredAt);

    /// More work than any proof has.
    error WorkTooLarge(uint256 work);
    /// A request for delivery alone in an aggregate.
    error DeliveryMismatch(bytes32 request);
    /// The list is not what the request signed, or the prover is not on it.
    error ForeignAllowList(bytes32 request);
    error NotAllowed(bytes32 request, address prover);
    error EntryNotInClaim(bytes32 payouts, bytes32 pathRoot);
    /// Entries are not ascending by position: one may be there twice.
    error EntriesNotAscending(uint256 position);
    error EntryAlreadyPaid(bytes32 request, uint256 position);
    /// A posted request is paid with all entries, or not at all.
    error EntriesMissing(uint256 work, uint256 shownWork);
    /// The entries say more work than the claim.
    error TooMuchWork(uint256 work, uint256 shownWork);
    error CollateralTooLow(bytes32 request, uint256 collateralWei, uint256 askedWei);
    /// Not signed by the prover or its hot key.
    error InvalidCommitment(bytes32 commitment, address prover);
    /// A commitment or an attempt that the request's matcher has not signed.
    error NotMatched(bytes32 id, address matcher);

    /// The request names no matcher, and its proof no prover.
    error MatcherNeeded(address owner, uint256 nonce);
    /// Not an order for a direct program (see ProvenOrder), or one for a posted request.
    error InvalidDirectOrder(bytes32 job);
    /// Recorded late in a batch, which anybody could have repeated: only the request's matcher can show it. Others record the
    /// job alone.
    error LateInBatch(bytes32 root);
    error NoAttempts(bytes32 request);
    /// Attempts are not ascending by prover: one may be there twice.
    error AttemptsNotAscending(address prover);
    error AttemptsTooDear(bytes32 request, uint256 feesWei, uint256 limitWei);
    /// A commitment under another request.
    error ForeignRequest(bytes32 expected, bytes32 given);

    error NothingHeld(bytes32 request);
    error ForeignClaim(bytes32 expected, bytes32 given);
    error StillHeld(uint256 closesAt);
    error NotOwner(address owner, address caller);
    error InvalidRequest(bytes32 request);
    error OffersClosed(uint256 offerDeadline);
    error NotExpired(uint256 expiresAt);
    error NothingEarned(address prover);
    error NothingDue(bytes32 claimsRoot);
    error NotDefaults(address caller);

    function settlement() external view returns (ISettlement);
    function registry() external view returns (IProofRegistry);
    function staking() external view returns (IStaking);
    function defaults() external view returns (IDefaults);

    // Paying

    /// Records a root proof with the settlement, unless it is recorded already, and pays for all orders in it. Anyone
    /// may call. Orders that have become impossible (paid by an earlier call, account emptied, expired, signature
    /// withdrawn) are skipped, so that one of them does not undo the others; orders that are wrong make it revert.
    ///
    /// @param proof Not looked at where the root is recorded already.
    /// @param claims Hashes of all claims in order; those of the orders' own claims are ignored.
    function settle(
        bytes calldata proof,
        Parallel calldata root,
        bytes32[] calldata claims,
        Order[] calldata orders
    ) external;

    /// The same for a root proof of one claim.
    function settleSequence(bytes calldata proof, Claim calldata root, Order calldata order) external;

    /// Pays for one order whose claim is recorded. Its place is the index of the claim's path here.
    function settleRecorded(Order calldata order, bytes32[] calldata siblings) external;

    /// Pays for orders of direct programs whose proofs are recorded. Skips and reverts as `settle` does. Anyone may call; only
    /// the matcher for what was recorded late in a batch. A system that was frozen since changes nothing.
    function settleProven(ProvenOrder[] calldata orders) external;

    /// Pays provers for having tried, and ends the request: it cannot be settled afterwards. All attempts of a request in
    /// one call, ascending by prover. The matcher says which, by its signatures or by calling itself; each prover has to
    /// have committed. The fees are at most a twentieth of the maximum total together.
    ///
    /// @param signature Of the request, by its owner.
    /// @param allowed As in Order.
    function settleAttempt(
        Request calldata request,
        bytes calldata signature,
        address[] calldata allowed,
        SignedAttempt[] calldata attempts
    ) external;

    /// Pays entries that the settlement of a request did not show. Anyone may call.
    function claim(Order calldata order) external;

    /// Returns what is left for entries that nobody showed in time. Anyone may call.
    function returnHeld(Request calldata request) external;

    /// Pays entries of the parallel merges of a recorded tree, as the settlement's function of that name does.
    function withdrawShared(bytes32 claimsRoot, PayoutPath[] calldata entries)
        external
        returns (uint256 amountWei);

    /// Moves what a prover has earned to its account, less what belongs to those who stake with it. Anyone may call.
    function collect(address prover) external;

    // Without a coordinator

    /// Puts a request on L1, and its maximum total aside for it. Only for its owner. Any prover can fulfil it, without a
    /// commitment, by settling: at the start price first, which rises to the maximum when nobody does.
    function post(Request calldata request) external returns (bytes32 id);

    /// Takes back the money of a posted request that nobody fulfilled. Anyone may call, once it has expired.
    function reclaim(Request calldata request) external;

    // Defaults

    /// Moves what there is of an amount from a prover's account to another. Only for the defaults contract.
    function moveCollateral(address prover, address to, uint256 amountWei) external returns (uint256 movedWei);

    // Views

    function requestId(Request calldata request) external view returns (bytes32);
    function offerId(Offer calldata offer) external view returns (bytes32);
    function commitmentId(Commitment calldata commitment) external view returns (bytes32);
    function attemptId(Attempt calldata attempt) external view returns (bytes32);
    function isNonceUsed(address owner, uint256 nonce) external view returns (bool);
    function postedOf(bytes32 request) external view returns (Posted memory);
    function heldOf(bytes32 request) external view returns (Held memory);
    /// What was collected for a recorded tree's parallel merges, and paid out of it.
    function sharedOf(bytes32 claimsRoot) external view returns (uint256 collectedWei, uint256 paidWei);
    /// What a prover can have collected.
    function earnedWei(address prover) external view returns (uint256);
    /// A prover's part of what was paid in this and the last week, as a fraction of 1e18.
    function shareOf(address prover) external view returns (uint256);
    /// What a posted request pays for a million units of work if it is fulfilled at `time`.
    function postedPriceWei(Request calldata request, uint256 postedAt, uint256 time)
        external
        view
        returns (uint256);
}
