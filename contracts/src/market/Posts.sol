// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Intents} from "./Intents.sol";
import {MarketConfig, Posted} from "./interfaces/IMarket.sol";
import {Lateness} from "./libraries/Lateness.sol";
import {Request} from "./libraries/Requests.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// Requests that are posted on L1, where nobody can keep them from provers. IMarket has the documentation.
abstract contract Posts is Intents {
    using SafeCast for uint256;

    uint256 private immutable _wait;
    uint256 private immutable _rise;

    mapping(bytes32 request => Posted) private _posted;

    constructor(MarketConfig memory config) {
        _wait = config.postedWait;
        _rise = config.postedRise;
    }

    function post(Request calldata request) external returns (bytes32 id) {
        id = requestId(request);
        require(msg.sender == request.owner, NotOwner(request.owner, msg.sender));
        require(!isNonceUsed(request.owner, request.nonce), NonceUsed(request.owner, request.nonce));
        require(request.maxTotalWei != 0 && request.startPriceWei <= request.maxPriceWei, InvalidRequest(id));
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp <= request.offerDeadline, OffersClosed(request.offerDeadline));

        _useNonce(request.owner, request.nonce);
        _debit(request.owner, request.maxTotalWei);
        _posted[id] = Posted({amountWei: request.maxTotalWei, postedAt: block.timestamp.toUint40()});
        emit RequestPosted(id, request.owner, request);
    }

    function reclaim(Request calldata request) external {
        bytes32 id = requestId(request);
        uint256 amountWei = _posted[id].amountWei;
        require(amountWei != 0, NotPosted(id));
        uint256 expiresAt = uint256(request.proofDeadline) + Lateness.EXPIRY;
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp > expiresAt, NotExpired(expiresAt));
        delete _posted[id];
        _credit(request.owner, amountWei);
        emit RequestReclaimed(id, request.owner, amountWei);
    }

    /// Takes the money of a posted request, for its payment.
    function _takePosted(bytes32 id) internal returns (uint256 amountWei) {
        amountWei = _posted[id].amountWei;
        delete _posted[id];
    }

    function postedOf(bytes32 request) public view returns (Posted memory) {
        return _posted[request];
    }

    /// Rounded down (for the requester). A proof that was recorded before the request was posted gets the start price.
    function postedPriceWei(Request calldata request, uint256 postedAt, uint256 time)
        public
        view
        returns (uint256)
    {
        uint256 risesFrom = postedAt + _wait;
        if (time <= risesFrom) return request.startPriceWei;
        uint256 risen = Math.min(time - risesFrom, _rise);
        return request.startPriceWei + uint256(request.maxPriceWei - request.startPriceWei) * risen / _rise;
    }
}
