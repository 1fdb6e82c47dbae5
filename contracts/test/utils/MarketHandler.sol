// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DirectFixture} from "./DirectFixture.sol";
import {Aggregated, Finished, Scenario} from "./Scenario.sol";
import {bound, makeAddress, vm} from "./Test.sol";
import {Vm} from "./Vm.sol";
import {Evidence} from "src/market/interfaces/IDefaults.sol";
import {IMarket} from "src/market/interfaces/IMarket.sol";
import {IStaking} from "src/market/interfaces/IStaking.sol";
import {Attempt, SignedAttempt} from "src/market/libraries/Attempts.sol";
import {Commitment} from "src/market/libraries/Commitments.sol";
import {Order, PricedEntry, ProvenOrder} from "src/market/libraries/Orders.sol";
import {Request} from "src/market/libraries/Requests.sol";
import {MockToken} from "test/mocks/Tokens.sol";

/// Everybody who uses a market, in any order: requesters, provers who are late or default, delegators, and a stranger
/// who sends every call that anyone may send, and some that only others may. Calls that are refused change nothing. Keeps
/// books of its own, from events and balances, for the invariants to compare with.
contract MarketHandler is DirectFixture {
    /// A request, and what its claim is made from.
    struct Known {
        uint256 seed;
        uint256 segments;
        bool posted;
        Request request;
    }

    uint256 internal constant MAX_REQUESTS = 12;
    uint256 internal constant MAX_AGGREGATES = 4;
    uint256 internal constant MAX_DIRECT = 8;

    address[] public requesters;
    address[] public delegators;
    Known[] internal _known;
    bytes32[] public ids;
    bytes32[] public roots;
    uint256[] internal _aggregates;
    /// ABI-encoded orders of direct programs.
    bytes[] internal _direct;
    uint256[] internal _directSeeds;

    mapping(bytes32 request => uint256) public spentWei;
    mapping(bytes32 request => uint256) public limitWei;
    mapping(bytes32 request => uint256) public settlements;
    uint256 public stakedInWei;
    uint256 public stakedOutWei;
    uint256 public slashedWei;
    uint256 public rewardedWei;
    uint256 public defaultsShown;
    uint256 public attemptsPaid;
    /// Must stay zero.
    uint256 public defaultsInSpiteOfAProof;
    uint256 public breaches;

    constructor() {
        setUp();
        requesters = [requester, withKey("requester 2"), withKey("requester 3")];
        fundAccount(requesters[1]);
        delegators = [provers[0], provers[1], makeAddress("delegator")];
        for (uint256 i = 0; i < provers.length; i++) {
            vm.prank(provers[i]);
            staking.register(1_000, address(0));
        }
    }

    /// Once: the functions of a handler are called at random, this one too.
    function setUp() public override {
        if (address(market) == address(0)) super.setUp();
    }

    function theMarket() external view returns (IMarket) {
        return market;
    }

    function theStaking() external view returns (IStaking) {
        return staking;
    }

    function theToken() external view returns (MockToken) {
        return token;
    }

    function theStranger() external view returns (address) {
        return stranger;
    }

    function everybody() external view returns (address[] memory all) {
        all = new address[](11);
        for (uint256 i = 0; i < 3; i++) {
            all[i] = requesters[i];
            all[3 + i] = provers[i];
        }
        (all[6], all[7], all[8]) = (treasury, insurer, stranger);
        (all[9], all[10]) = (matcher, delegators[2]);
    }

    function allProvers() external view returns (address[] memory) {
        return provers;
    }

    function allIds() external view returns (bytes32[] memory) {
        return ids;
    }

    function allRoots() external view returns (bytes32[] memory) {
        return roots;
    }

    /// A refusal says why: it is no panic, and not empty.
    function refused(bytes memory reason) internal pure {
        vm.assertTrue(
            reason.length >= 4 && bytes4(reason) != bytes4(keccak256("Panic(uint256)")), "a typed refusal"
        );
    }

    // Time and money

    function pass(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 2 days));
    }

    function deposit(uint256 who, uint256 amountWei) external {
        address account = requesters[who % 3];
        amountWei = bound(amountWei, 1, 10 ether);
        token.mint(address(this), amountWei);
        token.approve(address(market), amountWei);
        market.deposit(account, amountWei);
    }

    function announce(uint256 who, uint256 amountWei) external {
        address account = who % 2 == 0 ? requesters[who % 3] : provers[who % 3];
        if (balanceWei(account) == 0) return;
        amountWei = bound(amountWei, 1, balanceWei(account));
        vm.prank(account);
        market.announceWithdrawal(amountWei);
    }

    function withdraw(uint256 who) external {
        address account = who % 2 == 0 ? requesters[who % 3] : provers[who % 3];
        vm.prank(account);
        try market.withdraw(account) {}
        catch (bytes memory reason) {
            refused(reason);
        }
    }

    function collect(uint256 who) external {
        address account = who % 4 == 3 ? treasury : provers[who % 3];
        vm.recordLogs();
        vm.prank(stranger);
        try market.collect(account) {
            book();
        } catch (bytes memory reason) {
            refused(reason);
        }
    }

    // Requests

    /// Somebody asks, off chain or on L1.
    function ask(uint256 who, uint256 seed, bool post, uint256 maxTotalWei) external {
        if (_known.length == MAX_REQUESTS) return;
        uint256 segments = 1 + seed % 2;
        Finished memory made = Scenario.finished(seed, segments, provers);
        Request memory request = requestFor(made, requesters[who % 3]);
        request.maxTotalWei = uint96(bound(maxTotalWei, 1, 1e14));
        if (post) {
            request.matcher = address(0);
            vm.prank(request.owner);
            try market.post(request) {}
            catch (bytes memory reason) {
                return refused(reason);
            }
        }
        bytes32 id = market.requestId(request);
        know(id, request, made, post ? 0 : sharedWork(1));
        _known.push(Known(seed, segments, post, request));
    }

    function know(bytes32 id, Request memory request, Finished memory made, uint256 shared) internal {
        ids.push(id);
        uint256 atPriceWei = (made.claim.work + shared) * request.maxPriceWei / 1_000_000;
        limitWei[id] = atPriceWei < request.maxTotalWei ? atPriceWei : request.maxTotalWei;
    }

    function orderOf(Known memory known, uint256 from, uint256 to, uint96 priceWei)
        internal
        view
        returns (Finished memory made, Order memory order)
    {
        made = Scenario.finished(known.seed, known.segments, provers);
        Order memory whole = orderFor(known.request, made, 0);
        (from, to) = known.posted ? (0, whole.entries.length) : (from, to);
        if (to > whole.entries.length) to = whole.entries.length;
        if (from > to) from = to;
        PricedEntry[] memory entries = new PricedEntry[](to - from);
        for (uint256 i = from; i < to; i++) {
            Commitment memory commitment = commitmentFor(known.request, whole.entries[i].path.entry);
            commitment.priceWei = priceWei;
            entries[i - from] = priced(known.request, whole.entries[i].path, commitment);
        }
        order = orderWith(known.request, made, 0, entries);
        if (known.posted) order.signature = "";
    }

    /// Anybody settles any request, whole or in part, again or late, at any price that the prover signed.
    function settle(uint256 pick, uint256 shown, uint96 priceWei) external {
        if (_known.length == 0) return;
        Known memory known = _known[pick % _known.length];
        priceWei = uint96(bound(priceWei, 0, 2 * MAX_PRICE));
        (Finished memory made, Order memory order) = orderOf(known, 0, 1 + shown % 3, priceWei);
        bytes memory proof = proofOf(made.claim, MERGE_KEY);
        vm.recordLogs();
        vm.prank(stranger);
        try market.settleSequence(proof, made.claim, order) {
            settlements[market.requestId(known.request)]++;
            book();
        } catch (bytes memory reason) {
            refused(reason);
        }
    }

    function claim(uint256 pick, uint256 from, uint96 priceWei) external {
        if (_known.length == 0) return;
        Known memory known = _known[pick % _known.length];
        priceWei = uint96(bound(priceWei, 0, 2 * MAX_PRICE));
        (, Order memory order) = orderOf(known, from % 3, 3, priceWei);
        vm.recordLogs();
        vm.prank(stranger);
        try market.claim(order) {
            book();
        } catch (bytes memory reason) {
            refused(reason);
        }
    }

    function takeBack(uint256 pick) external {
        if (_known.length == 0) return;
        Request memory request = _known[pick % _known.length].request;
        vm.prank(stranger);
        try market.returnHeld(request) {}
        catch (bytes memory reason) {
            refused(reason);
        }
        vm.prank(stranger);
        try market.reclaim(request) {}
        catch (bytes memory reason) {
            refused(reason);
        }
    }

    /// An aggregate of requests by all requesters, settled twice.
    function settleMany(uint256 seed, uint256 count) external {
        if (roots.length == MAX_AGGREGATES) return;
        count = bound(count, 2, 3);
        Aggregated memory made = Scenario.aggregated(seed, count, provers);
        if (settlement.isRecorded(made.root.claims)) return;
        Order[] memory orders = new Order[](count);
        for (uint256 i = 0; i < count; i++) {
            Request memory request = requestFor(made.parts[i], requesters[(seed / 3 + i) % 3]);
            know(market.requestId(request), request, made.parts[i], sharedWork(count));
            orders[i] = orderFor(request, made.parts[i], i);
        }
        roots.push(made.root.claims);
        _aggregates.push(seed);
        for (uint256 i = 0; i < 2; i++) {
            vm.recordLogs();
            vm.prank(stranger);
            settleAll(made, orders);
            bookMany();
        }
    }

    function withdrawShared(uint256 pick) external {
        if (roots.length == 0) return;
        pick = pick % roots.length;
        uint256 count = settlement.aggregateOf(roots[pick]).claims;
        Aggregated memory made = Scenario.aggregated(_aggregates[pick], count, provers);
        vm.prank(stranger);
        try market.withdrawShared(roots[pick], made.shared.paths) {}
        catch (bytes memory reason) {
            refused(reason);
        }
    }

    // Direct programs

    /// Somebody asks for the proof of a direct program, from a prover with a commitment.
    function askDirect(uint256 who, uint256 seed, uint96 priceWei, uint256 maxTotalWei) external {
        if (_direct.length == MAX_DIRECT) return;
        Finished memory made = directOf(seed, provers[seed % 3]);
        Request memory request = requestFor(made, requesters[who % 3]);
        request.maxTotalWei = uint96(bound(maxTotalWei, 1, 1e14));
        know(market.requestId(request), request, made, 0);
        Order memory order = orderFor(request, made, 0);
        Commitment memory commitment = commitmentFor(request, order.entries[0].path.entry);
        commitment.priceWei = uint96(bound(priceWei, 0, 2 * MAX_PRICE));
        order.entries[0] = priced(request, order.entries[0].path, commitment);
        _direct.push(abi.encode(order));
        _directSeeds.push(seed);
    }

    function directAt(uint256 place) internal view returns (Order memory) {
        return abi.decode(_direct[place], (Order));
    }

    /// Its proof is recorded, alone or in a batch, and paid for, again or late; anybody sends that, or the matcher.
    function settleDirect(uint256 pick, bool alone_, bool matched) external {
        if (_direct.length == 0) return;
        pick = pick % _direct.length;
        ProvenOrder[] memory orders = new ProvenOrder[](1);
        if (alone_) {
            record(_directSeeds[pick]);
            orders = alone(directAt(pick));
        } else {
            uint256[] memory seeds = new uint256[](2);
            (seeds[0], seeds[1]) = (_directSeeds[pick], ~_directSeeds[pick]);
            orders[0] = inBatch(directAt(pick), recordBatch(seeds), 0);
        }
        vm.recordLogs();
        vm.prank(matched ? matcher : stranger);
        try market.settleProven(orders) {
            bookMany();
        } catch (bytes memory reason) {
            refused(reason);
        }
    }

    /// The matcher gives a request up: its prover is paid for an attempt, or asks for too much.
    function giveUp(uint256 pick, uint256 feeWei, bool matched) external {
        if (_direct.length == 0) return;
        Order memory order = directAt(pick % _direct.length);
        PricedEntry memory entry = order.entries[0];
        bytes32 id = market.requestId(order.request);
        Commitment memory commitment = commitmentIn(id, entry);
        SignedAttempt[] memory attempts = new SignedAttempt[](1);
        attempts[0].committed = signed(order.request, commitment);
        attempts[0].feeWei = uint96(bound(feeWei, 0, order.request.maxTotalWei / 10));
        Attempt memory attempt = Attempt(id, commitment.job, commitment.prover, attempts[0].feeWei);
        address signer = matched ? matcher : commitment.prover;
        attempts[0].signature = sign(signer, market.attemptId(attempt));
        vm.recordLogs();
        vm.prank(stranger);
        try market.settleAttempt(order.request, order.signature, new address[](0), attempts) {
            settlements[id]++;
            limitWei[id] = order.request.maxTotalWei / 20;
            attemptsPaid++;
            if (!matched) breaches++;
            book();
        } catch (bytes memory reason) {
            refused(reason);
        }
    }

    function commitmentIn(bytes32 id, PricedEntry memory entry) internal pure returns (Commitment memory) {
        return Commitment({
            request: id,
            job: entry.path.entry.job,
            prover: entry.path.entry.prover,
            priceWei: entry.priceWei,
            deadline: entry.deadline,
            collateralWei: entry.collateralWei,
            rank: entry.rank
        });
    }

    // Defaults

    /// A winner commits, and its runner-up proves; the winner may have a proof of its own on L1, before or after, and
    /// may point at it. Then somebody says that it is a default.
    function race(uint256 seed, uint256 ownAfter, uint256 otherAfter, bool points, bool releases) external {
        address[] memory one = new address[](1);
        (uint256 winner, uint256 other) = (seed % 3, (seed % 3 + 1) % 3);
        one[0] = provers[other];
        Finished memory made = Scenario.finished(seed, 1, one);
        one[0] = provers[winner];
        Finished memory own = Scenario.finished(seed, 1, one);
        Request memory request = requestFor(made, requesters[seed % 3]);
        Commitment memory first = commitmentFor(request, own.payouts.paths[0].entry);
        Commitment memory second = commitmentFor(request, made.payouts.paths[0].entry);
        second.rank = 1;

        if (releases) {
            vm.prank(provers[winner]);
            try defaults.release(request, first) {}
            catch (bytes memory reason) {
                refused(reason);
            }
        }
        ownAfter = bound(ownAfter, 0, 2 hours);
        otherAfter = bound(otherAfter, 0, 3 hours);
        uint256 start = block.timestamp;
        vm.warp(start + ownAfter);
        if (!settlement.isRecorded(own.hash)) {
            settlement.settleSequence(proofOf(own.claim, MERGE_KEY), own.claim);
        }
        if (points && seed % 2 == 0) point(first, own);
        if (ownAfter < otherAfter) vm.warp(start + otherAfter);
        if (!settlement.isRecorded(made.hash)) {
            settlement.settleSequence(proofOf(made.claim, MERGE_KEY), made.claim);
        }
        vm.prank(stranger);
        try defaults.accuse(request, signed(request, first), signed(request, second), evidenceOf(made)) {}
        catch (bytes memory reason) {
            refused(reason);
        }
        if (points) point(first, own);
        convict(request, first, points && isFirst(own, made, first.deadline));
    }

    function point(Commitment memory commitment, Finished memory own) internal {
        vm.prank(stranger);
        try defaults.defend(commitment, evidenceOf(own)) {}
        catch (bytes memory reason) {
            refused(reason);
        }
    }

    function isFirst(Finished memory own, Finished memory other, uint256 deadline)
        internal
        view
        returns (bool)
    {
        uint256 recordedAt = settlement.recordedAt(own.hash);
        return recordedAt <= deadline + DEFENCE_WINDOW || recordedAt <= settlement.recordedAt(other.hash);
    }

    function convict(Request memory request, Commitment memory commitment, bool cleared) internal {
        vm.warp(block.timestamp + DEFENCE_WINDOW + 1);
        vm.recordLogs();
        vm.prank(stranger);
        try defaults.convict(request, commitment) {
            defaultsShown++;
            if (cleared) defaultsInSpiteOfAProof++;
            book();
        } catch (bytes memory reason) {
            refused(reason);
        }
    }

    function evidenceOf(Finished memory made) internal pure returns (Evidence memory) {
        return Evidence(made.claim, 0, new bytes32[](0), made.payouts.paths[0]);
    }

    // Stake

    function delegate(uint256 who, uint256 to, uint256 amountWei) external {
        address delegator = delegators[who % 3];
        amountWei = bound(amountWei, 1, 1e15);
        token.mint(delegator, amountWei);
        vm.recordLogs();
        vm.startPrank(delegator);
        token.approve(address(staking), amountWei);
        try staking.delegate(provers[to % 3], amountWei) {
            stakedInWei += amountWei;
            book();
        } catch (bytes memory reason) {
            refused(reason);
            // So little that it is no share, or a prover without own stake.
            token.transfer(address(0xdead), amountWei);
        }
        vm.stopPrank();
    }

    function undelegate(uint256 who, uint256 to, uint256 shares) external {
        address delegator = delegators[who % 3];
        uint256 has = staking.sharesOf(provers[to % 3], delegator);
        if (has == 0) return;
        vm.recordLogs();
        vm.prank(delegator);
        staking.undelegate(provers[to % 3], bound(shares, 1, has));
        book();
    }

    function withdrawStake(uint256 who, uint256 to) external {
        address delegator = delegators[who % 3];
        vm.prank(delegator);
        try staking.withdrawStake(provers[to % 3], delegator) returns (uint256 amountWei) {
            stakedOutWei += amountWei;
        } catch (bytes memory reason) {
            refused(reason);
        }
    }

    /// What only others may do.
    function trespass(uint256 choice, uint256 pick, uint256 amountWei) external {
        bytes[8] memory calls = [
            abi.encodeCall(market.moveCollateral, (provers[pick % 3], stranger, amountWei)),
            abi.encodeCall(market.withdraw, (stranger)),
            abi.encodeCall(market.announceWithdrawal, (bound(amountWei, 1, type(uint96).max))),
            abi.encodeCall(staking.slash, (provers[pick % 3], 1, stranger)),
            abi.encodeCall(staking.reward, (provers[pick % 3], amountWei)),
            abi.encodeCall(staking.setMarket, (stranger, stranger)),
            abi.encodeCall(staking.withdrawStake, (provers[pick % 3], stranger)),
            abi.encodeCall(defaults.setMarket, (market))
        ];
        choice = choice % 8;
        address target = choice < 3 ? address(market) : choice < 7 ? address(staking) : address(defaults);
        vm.prank(stranger);
        (bool done, bytes memory reason) = target.call(calls[choice]);
        if (done) breaches++;
        else refused(reason);
    }

    // Books

    function book() internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; i++) {
            bookLog(logs[i]);
        }
    }

    /// Settlements of many: an order is settled by its event, not by the call.
    function bookMany() internal {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; i++) {
            bookLog(logs[i]);
            if (logs[i].topics[0] == IMarket.OrderSettled.selector) settlements[logs[i].topics[1]]++;
        }
    }

    function bookLog(Vm.Log memory log) internal {
        if (log.topics[0] == IMarket.OrderSettled.selector) {
            (uint256 paidWei, uint256 sharedWei,) = abi.decode(log.data, (uint256, uint256, uint256));
            spentWei[log.topics[1]] += paidWei + sharedWei;
        }
        if (log.topics[0] == IMarket.AttemptPaid.selector) {
            (, uint256 feeWei) = abi.decode(log.data, (bytes32, uint256));
            spentWei[log.topics[1]] += feeWei;
        }
        if (log.topics[0] == IStaking.Rewarded.selector) rewardedWei += abi.decode(log.data, (uint256));
        if (log.topics[0] == IStaking.Slashed.selector) slashedWei += abi.decode(log.data, (uint256));
    }
}
