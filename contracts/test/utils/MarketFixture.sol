// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Settlement} from "src/Settlement.sol";
import {IProofRegistry} from "src/delivery/interfaces/IProofRegistry.sol";
import {IHonkVerifier} from "src/interfaces/IHonkVerifier.sol";
import {PayoutEntry, PayoutPath} from "src/libraries/Payouts.sol";
import {IDefaults} from "src/market/interfaces/IDefaults.sol";
import {IMarket, MarketConfig} from "src/market/interfaces/IMarket.sol";
import {IStaking} from "src/market/interfaces/IStaking.sol";
import {IVerifierRouter} from "src/market/interfaces/IVerifierRouter.sol";
import {Commitment, SignedCommitment} from "src/market/libraries/Commitments.sol";
import {Order, PricedEntry} from "src/market/libraries/Orders.sol";
import {Request} from "src/market/libraries/Requests.sol";
import {MockToken} from "test/mocks/Tokens.sol";
import {Deploy} from "test/utils/Deploy.sol";
import {Aggregated, Finished} from "test/utils/Scenario.sol";
import {SettlementFixture} from "test/utils/SettlementFixture.sol";
import {makeAddress, vm} from "test/utils/Test.sol";

/// A market over the settlement, with requesters and provers who have keys and money in it.
abstract contract MarketFixture is SettlementFixture {
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant FUNDS = 1_000 ether;
    uint96 internal constant START_PRICE = 1e12;
    uint96 internal constant PRICE = 2e12;
    uint96 internal constant MAX_PRICE = 4e12;
    uint96 internal constant COLLATERAL = 1 ether;
    uint256 internal constant PROTOCOL_BPS = 100;
    uint256 internal constant INSURANCE_BPS = 50;
    uint32 internal constant WITHDRAWAL_DELAY = 2 days;
    uint32 internal constant DEFENCE_WINDOW = 30 minutes;
    uint32 internal constant CLAIM_WINDOW = 3 days;
    uint32 internal constant POSTED_WAIT = 10 minutes;
    uint32 internal constant POSTED_RISE = 1 hours;
    uint256 internal constant UNBONDING_DELAY = 7 days;

    bytes32 internal constant DIRECT_SYSTEM = keccak256("a direct proof system");

    address internal guardian = makeAddress("guardian");
    IVerifierRouter internal router;
    IProofRegistry internal registry;
    MockToken internal token;
    IMarket internal market;
    IDefaults internal defaults;
    IStaking internal staking;

    address internal treasury = makeAddress("treasury");
    address internal insurer = makeAddress("insurer");
    address internal requester;
    address internal matcher;
    mapping(address account => uint256) internal keyOf;
    mapping(address owner => uint256) internal nextNonce;

    function setUp() public virtual override {
        vm.warp(START);
        settlement = newSettlement();
        token = new MockToken();
        deployMarket(token);
        requester = withKey("requester");
        matcher = withKey("matcher");
        provers = [withKey("prover 1"), withKey("prover 2"), withKey("prover 3")];
        fundAccount(requester);
        for (uint256 i = 0; i < provers.length; i++) {
            fundAccount(provers[i]);
        }
    }

    /// Verifies through a router, which has a system for direct programs too.
    function newSettlement() internal override returns (Settlement) {
        router = Deploy.router(guardian);
        IHonkVerifier verifier = Deploy.routed(router, Deploy.mockVerifier(), keccak256("a proof system"));
        router.register(DIRECT_SYSTEM, Deploy.mockProgramVerifier());
        registry = Deploy.proofRegistry(router);
        return Deploy.settlement(verifier, MERGE_KEY, Deploy.fixedPricing(0));
    }

    function deployMarket(IERC20 token_) internal {
        staking = Deploy.staking(token_, UNBONDING_DELAY);
        defaults = Deploy.defaults(settlement, staking, insurer, DEFENCE_WINDOW);
        market = Deploy.market(configOf(token_));
        staking.setMarket(address(market), address(defaults));
        defaults.setMarket(market);
    }

    function configOf(IERC20 token_) internal view returns (MarketConfig memory) {
        return MarketConfig({
            token: token_,
            wrapsEther: true,
            settlement: settlement,
            registry: registry,
            staking: staking,
            defaults: defaults,
            treasury: treasury,
            insurer: insurer,
            protocolFeeBps: uint16(PROTOCOL_BPS),
            insuranceBps: uint16(INSURANCE_BPS),
            withdrawalDelay: WITHDRAWAL_DELAY,
            claimWindow: CLAIM_WINDOW,
            postedWait: POSTED_WAIT,
            postedRise: POSTED_RISE
        });
    }

    function withKey(string memory name) internal returns (address account) {
        uint256 key = uint256(keccak256(bytes(name)));
        account = vm.addr(key);
        keyOf[account] = key;
        vm.label(account, name);
    }

    function fundAccount(address account) internal {
        token.mint(address(this), FUNDS);
        token.approve(address(market), FUNDS);
        market.deposit(account, FUNDS);
    }

    function balanceWei(address account) internal view returns (uint256) {
        return market.accountOf(account).balanceWei;
    }

    function sign(address account, bytes32 digest) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf[account], digest);
        return abi.encodePacked(r, s, v);
    }

    /// A request that the claim fulfils.
    function requestFor(Finished memory made, address owner) internal returns (Request memory) {
        return Request({
            owner: owner,
            program: made.claim.program,
            pre: made.claim.pre,
            data: made.claim.data,
            startPriceWei: START_PRICE,
            maxPriceWei: MAX_PRICE,
            maxTotalWei: 1 ether,
            offerDeadline: uint40(block.timestamp + 10 minutes),
            proofDeadline: uint40(block.timestamp + 1 hours),
            collateralWei: COLLATERAL,
            policy: 0,
            delivery: 1,
            allowedProvers: 0,
            matcher: matcher,
            nonce: nextNonce[owner]++
        });
    }

    function commitmentFor(Request memory request, PayoutEntry memory entry)
        internal
        view
        returns (Commitment memory)
    {
        return Commitment({
            request: market.requestId(request),
            job: entry.job,
            prover: entry.prover,
            priceWei: PRICE,
            deadline: uint40(block.timestamp + 30 minutes),
            collateralWei: COLLATERAL,
            rank: 0
        });
    }

    function signed(Request memory request, Commitment memory commitment)
        internal
        view
        returns (SignedCommitment memory)
    {
        bytes32 id = market.commitmentId(commitment);
        bytes memory counter = request.matcher == address(0) ? bytes("") : sign(request.matcher, id);
        return SignedCommitment(commitment, sign(commitment.prover, id), counter);
    }

    function priced(Request memory request, PayoutPath memory path, Commitment memory commitment)
        internal
        view
        returns (PricedEntry memory)
    {
        SignedCommitment memory by = signed(request, commitment);
        return PricedEntry({
            path: path,
            priceWei: commitment.priceWei,
            deadline: commitment.deadline,
            collateralWei: commitment.collateralWei,
            rank: commitment.rank,
            signature: by.signature,
            counterSignature: by.counterSignature
        });
    }

    /// The order for a claim alone or at `place`, with all entries at the same price.
    function orderFor(Request memory request, Finished memory made, uint256 place)
        internal
        view
        returns (Order memory order)
    {
        PayoutPath[] memory paths = ascending(made.payouts.paths);
        PricedEntry[] memory entries = new PricedEntry[](paths.length);
        for (uint256 i = 0; i < paths.length; i++) {
            entries[i] = priced(request, paths[i], commitmentFor(request, paths[i].entry));
        }
        return orderWith(request, made, place, entries);
    }

    function orderWith(
        Request memory request,
        Finished memory made,
        uint256 place,
        PricedEntry[] memory entries
    ) internal view returns (Order memory) {
        return Order({
            request: request,
            signature: keyOf[request.owner] == 0
                ? bytes("1271")
                : sign(request.owner, market.requestId(request)),
            place: place,
            post: made.claim.post,
            work: made.claim.work,
            payouts: made.claim.payouts,
            allowed: new address[](0),
            entries: entries
        });
    }

    function ascending(PayoutPath[] memory paths) internal pure returns (PayoutPath[] memory) {
        for (uint256 i = 1; i < paths.length; i++) {
            for (uint256 k = i; k > 0 && paths[k - 1].position > paths[k].position; k--) {
                (paths[k - 1], paths[k]) = (paths[k], paths[k - 1]);
            }
        }
        return paths;
    }

    /// Orders for all claims of an aggregate.
    function ordersFor(Aggregated memory made, address owner) internal returns (Order[] memory orders) {
        orders = new Order[](made.parts.length);
        for (uint256 i = 0; i < orders.length; i++) {
            orders[i] = orderFor(requestFor(made.parts[i], owner), made.parts[i], i);
        }
    }

    function settleAll(Aggregated memory made, Order[] memory orders) internal {
        market.settle(proofOf(made.root, MERGE_KEY), made.root, made.hashes, orders);
    }

    function settleAlone(Finished memory made, Order memory order) internal {
        market.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim, order);
    }

    /// Work of the parallel merges that each of `count` requests pays for.
    function sharedWork(uint256 count) internal pure returns (uint256) {
        return ((count - 1) * 1_750_000 + count - 1) / count;
    }
}
