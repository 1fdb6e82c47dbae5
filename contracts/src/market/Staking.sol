// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMarket} from "./interfaces/IMarket.sol";
import {IStaking, ProverView} from "./interfaces/IStaking.sol";
import {Penalties} from "./libraries/Penalties.sol";
import {SharedMoney, Shares} from "./libraries/Shares.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// What a delegator has on its way out of one prover's stake.
struct Leaving {
    uint256 shares;
    uint256 leavingAt;
}

struct Prover {
    bool registered;
    uint16 commissionBps;
    uint16 nextCommissionBps;
    uint40 nextCommissionAt;
    address hotKey;
    SharedMoney staked;
    SharedMoney leaving;
    mapping(address delegator => uint256) sharesOf;
    mapping(address delegator => Leaving) leavingOf;
    /// Until when a replaced hot key's signatures count.
    mapping(address key => uint256) oldKeyUntil;
}

/// The interface has the documentation.
contract Staking is IStaking, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using Shares for SharedMoney;

    uint256 private constant BPS = 10_000;
    /// How long a replaced hot key's signatures still count.
    uint256 public constant KEY_GRACE = 1 days;

    IERC20 public immutable token;
    uint256 public immutable unbondingDelay;
    address private immutable _deployer;
    address public market;
    address public slasher;

    mapping(address prover => Prover) private _provers;

    constructor(IERC20 token_, uint256 unbondingDelay_) {
        token = token_;
        unbondingDelay = unbondingDelay_;
        _deployer = msg.sender;
    }

    function setMarket(address market_, address slasher_) external {
        require(msg.sender == _deployer, NotDeployer(msg.sender));
        require(market == address(0), MarketAlreadySet(market));
        market = market_;
        slasher = slasher_;
        emit MarketSet(market_, slasher_);
    }

    // Provers

    function register(uint16 commissionBps, address hotKey) external {
        Prover storage prover = _provers[msg.sender];
        require(!prover.registered, AlreadyRegistered(msg.sender));
        require(commissionBps <= BPS, CommissionTooHigh(commissionBps));
        prover.registered = true;
        prover.commissionBps = commissionBps;
        prover.hotKey = hotKey;
        emit Registered(msg.sender, commissionBps, hotKey);
    }

    function setHotKey(address hotKey) external {
        Prover storage prover = _registered(msg.sender);
        address oldKey = prover.hotKey;
        prover.oldKeyUntil[oldKey] = block.timestamp + KEY_GRACE;
        prover.hotKey = hotKey;
        emit HotKeyChanged(msg.sender, oldKey, hotKey);
    }

    function setCommission(uint16 commissionBps) external {
        Prover storage prover = _registered(msg.sender);
        require(commissionBps <= BPS, CommissionTooHigh(commissionBps));
        uint256 nowBps = _commissionBps(prover);
        // Forgets what was announced before: it holds already, or no more.
        prover.commissionBps = nowBps.toUint16();
        prover.nextCommissionBps = commissionBps;
        uint256 from = block.timestamp + (commissionBps > nowBps ? unbondingDelay : 0);
        prover.nextCommissionAt = from.toUint40();
        emit CommissionAnnounced(msg.sender, commissionBps, from);
    }

    function _registered(address account) private view returns (Prover storage prover) {
        prover = _provers[account];
        require(prover.registered, NotRegistered(account));
    }

    function _commissionBps(Prover storage prover) private view returns (uint256) {
        // Seconds that a validator can shift are nothing against the delay.
        // forge-lint: disable-next-line(block-timestamp)
        bool holds = prover.nextCommissionAt != 0 && block.timestamp >= prover.nextCommissionAt;
        return holds ? prover.nextCommissionBps : prover.commissionBps;
    }

    // Delegators

    function delegate(address account, uint256 amountWei) external returns (uint256 shares) {
        Prover storage prover = _registered(account);
        require(amountWei != 0, ZeroStake());
        // Else the first wei of a stranger would take all that the prover shares.
        require(msg.sender == account || prover.sharesOf[account] != 0, NoOwnStake(account));
        // Earnings so far belong to those who staked so far.
        if (IMarket(market).earnedWei(account) != 0) IMarket(market).collect(account);
        _receive(amountWei);
        shares = prover.staked.put(amountWei);
        require(shares != 0, ZeroStake());
        prover.sharesOf[msg.sender] += shares;
        emit Delegated(account, msg.sender, amountWei, shares);
    }

    function _receive(uint256 amountWei) private nonReentrant {
        uint256 beforeWei = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amountWei);
        uint256 receivedWei = token.balanceOf(address(this)) - beforeWei;
        require(receivedWei == amountWei, UnexpectedTransfer(amountWei, receivedWei));
    }

    function undelegate(address account, uint256 shares) external returns (uint256 amountWei) {
        Prover storage prover = _registered(account);
        uint256 hasShares = prover.sharesOf[msg.sender];
        require(shares != 0, ZeroStake());
        require(hasShares >= shares, InsufficientShares(msg.sender, hasShares, shares));
        if (IMarket(market).earnedWei(account) != 0) IMarket(market).collect(account);

        prover.sharesOf[msg.sender] = hasShares - shares;
        amountWei = prover.staked.take(shares);
        Leaving storage leaving = prover.leavingOf[msg.sender];
        leaving.shares += prover.leaving.put(amountWei);
        leaving.leavingAt = block.timestamp + unbondingDelay;
        emit Undelegated(account, msg.sender, amountWei, leaving.leavingAt);
    }

    function withdrawStake(address account, address to) external nonReentrant returns (uint256 amountWei) {
        Prover storage prover = _registered(account);
        Leaving memory leaving = prover.leavingOf[msg.sender];
        require(leaving.shares != 0, NothingLeaving(account, msg.sender));
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp >= leaving.leavingAt, TooEarly(leaving.leavingAt));
        delete prover.leavingOf[msg.sender];
        amountWei = prover.leaving.take(leaving.shares);
        emit StakeWithdrawn(account, msg.sender, to, amountWei);
        token.safeTransfer(to, amountWei);
    }

    // The market

    function slash(address account, uint256 fraction, address to) external returns (uint256 amountWei) {
        require(msg.sender == slasher, NotSlasher(msg.sender));
        require(fraction <= Penalties.MAX, FractionTooHigh(fraction));
        Prover storage prover = _provers[account];
        amountWei = prover.staked.cut(fraction) + prover.leaving.cut(fraction);
        if (amountWei == 0) return 0;
        emit Slashed(account, to, amountWei);
        token.safeTransfer(to, amountWei);
    }

    function reward(address account, uint256 amountWei) external {
        require(msg.sender == market, NotMarket(msg.sender));
        _provers[account].staked.amountWei += amountWei;
        emit Rewarded(account, amountWei);
    }

    // Views

    function commissionOf(address account) external view returns (uint256) {
        Prover storage prover = _provers[account];
        return prover.staked.shares == 0 ? BPS : _commissionBps(prover);
    }

    function isKeyOf(address account, address key) external view returns (bool) {
        if (key == address(0)) return false;
        Prover storage prover = _provers[account];
        // forge-lint: disable-next-line(block-timestamp)
        return key == account || key == prover.hotKey || block.timestamp < prover.oldKeyUntil[key];
    }

    function proverOf(address account) external view returns (ProverView memory) {
        Prover storage p = _provers[account];
        return ProverView({
            registered: p.registered,
            commissionBps: p.commissionBps,
            nextCommissionBps: p.nextCommissionBps,
            nextCommissionAt: p.nextCommissionAt,
            hotKey: p.hotKey,
            stakedWei: p.staked.amountWei,
            leavingWei: p.leaving.amountWei
        });
    }

    function sharesOf(address account, address delegator) external view returns (uint256) {
        return _provers[account].sharesOf[delegator];
    }

    function stakeOf(address account, address delegator) external view returns (uint256) {
        Prover storage prover = _provers[account];
        return prover.staked.toWei(prover.sharesOf[delegator]);
    }

    function leavingOf(address account, address delegator) external view returns (uint256, uint256) {
        Prover storage prover = _provers[account];
        Leaving memory leaving = prover.leavingOf[delegator];
        return (prover.leaving.toWei(leaving.shares), leaving.leavingAt);
    }
}
