// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// A registered prover. Not registered: all zero.
struct ProverView {
    bool registered;
    /// What it keeps of its earnings before they are shared by stake, in hundredths of a percent.
    uint16 commissionBps;
    /// Announced, and from when on it holds.
    uint16 nextCommissionBps;
    uint40 nextCommissionAt;
    /// Signs commitments beside the prover's own key; zero for none.
    address hotKey;
    /// Staked, and on its way out; both are slashed.
    uint256 stakedWei;
    uint256 leavingWei;
}

/// Stake of provers and of those who delegate to them, in the market's token. A prover's own stake is a
/// delegation to itself. Every operation costs the same, however many delegate: stake is held in shares.
///
/// Trust: the market and the slasher, which the deployer sets once. The slasher can take at most nine tenths of
/// a prover's stake at a time. Delegators trust their prover not to default.
/// A commission only rises after the unbonding delay, so that whoever disagrees can leave first. Whoever has the hot
/// key can sign commitments, and so put the prover's collateral at stake, but can move no money and no stake.
interface IStaking {
    event MarketSet(address indexed market, address indexed slasher);
    event Registered(address indexed prover, uint16 commissionBps, address hotKey);
    event HotKeyChanged(address indexed prover, address indexed oldKey, address indexed newKey);
    event CommissionAnnounced(address indexed prover, uint16 commissionBps, uint256 from);
    event Delegated(address indexed prover, address indexed delegator, uint256 amountWei, uint256 shares);
    event Undelegated(
        address indexed prover, address indexed delegator, uint256 amountWei, uint256 leavingAt
    );
    event StakeWithdrawn(
        address indexed prover, address indexed delegator, address indexed to, uint256 amountWei
    );
    event Rewarded(address indexed prover, uint256 amountWei);
    event Slashed(address indexed prover, address indexed to, uint256 amountWei);

    error NotDeployer(address caller);
    error NotMarket(address caller);
    error NotSlasher(address caller);
    /// More than nine tenths of 1e18.
    error FractionTooHigh(uint256 fraction);
    error MarketAlreadySet(address market);
    error AlreadyRegistered(address prover);
    error NotRegistered(address prover);
    error CommissionTooHigh(uint256 commissionBps);
    error ZeroStake();
    /// The prover has no stake of its own: it stakes first.
    error NoOwnStake(address prover);
    error UnexpectedTransfer(uint256 expectedWei, uint256 receivedWei);
    error InsufficientShares(address delegator, uint256 shares, uint256 neededShares);
    error NothingLeaving(address prover, address delegator);
    error TooEarly(uint256 leavingAt);

    function token() external view returns (IERC20);
    function market() external view returns (address);
    function slasher() external view returns (address);
    /// Seconds between undelegating and withdrawing.
    function unbondingDelay() external view returns (uint256);

    /// Names the market, which pays rewards, and the defaults contract, which slashes; once. Only for the deployer.
    function setMarket(address market, address slasher) external;

    /// Registers the caller as a prover.
    function register(uint16 commissionBps, address hotKey) external;

    /// Replaces the caller's hot key. The old one's signatures count for a day longer, so that nobody escapes a
    /// default by changing keys.
    function setHotKey(address hotKey) external;

    /// A lower commission holds at once, a higher one after the unbonding delay.
    function setCommission(uint16 commissionBps) external;

    /// Stakes the caller's tokens with a prover, which has to have stake of its own. What the prover has earned so far is shared out first.
    function delegate(address prover, uint256 amountWei) external returns (uint256 shares);

    /// Starts to take stake out: it earns nothing from now on and can be slashed until it is withdrawn. Starts the
    /// delay anew for what is already leaving.
    function undelegate(address prover, uint256 shares) external returns (uint256 amountWei);

    /// After the delay: sends what is leaving to `to`.
    function withdrawStake(address prover, address to) external returns (uint256 amountWei);

    /// Takes a fraction (of 1e18) of a prover's stake, its delegators' and what is leaving included, and sends it to
    /// `to`. Only for the slasher.
    function slash(address prover, uint256 fraction, address to) external returns (uint256 amountWei);

    /// Books tokens that the market has sent as a reward for everybody who stakes with `prover`. Only for the market.
    function reward(address prover, uint256 amountWei) external;

    /// What a prover keeps of its earnings, in hundredths of a percent: everything where nobody stakes.
    function commissionOf(address prover) external view returns (uint256 commissionBps);
    /// Whether a key signs for a prover: the prover itself, its hot key, or one replaced less than a day ago.
    function isKeyOf(address prover, address key) external view returns (bool);
    function proverOf(address prover) external view returns (ProverView memory);
    function sharesOf(address prover, address delegator) external view returns (uint256);
    /// What a delegator's shares are worth, rounded down.
    function stakeOf(address prover, address delegator) external view returns (uint256 amountWei);
    /// What is leaving, rounded down, and from when on it can be withdrawn.
    function leavingOf(address prover, address delegator)
        external
        view
        returns (uint256 amountWei, uint256 leavingAt);
}
