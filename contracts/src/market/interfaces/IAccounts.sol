// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// Money of a requester or prover, one storage slot. A wei here is the smallest unit of the token.
struct Account {
    uint96 balanceWei;
    /// Announced to leave, still part of the balance: what others can count on is `balanceWei - leavingWei`.
    uint96 leavingWei;
    /// Seconds since 1970 from which it may leave; zero if nothing is announced.
    uint64 leavingAt;
}

/// Accounts in one ERC-20 token: requesters pay from theirs, provers' collateral is in theirs.
///
/// Trust: the token. One that takes fees is refused at the deposit; one that can take balances away, or whose supply is
/// rebased, makes accounts worth less than they say. Money leaves an account only to where its owner says, after
/// a delay, or by the rules of the market.
interface IAccounts {
    event Deposited(address indexed account, uint256 amountWei);
    event WithdrawalAnnounced(address indexed account, uint256 amountWei, uint256 leavingAt);
    event Withdrawn(address indexed account, address indexed to, uint256 amountWei);

    error ZeroAmount();
    /// The token arrived with another amount than was sent: it takes fees, or lies.
    error UnexpectedTransfer(uint256 expectedWei, uint256 receivedWei);
    /// The token is not wrapped ether, or ether came from elsewhere.
    error NotWrappedEther();
    error InsufficientBalance(address account, uint256 balanceWei, uint256 neededWei);
    error NothingAnnounced(address account);
    error TooEarly(uint256 leavingAt);
    /// The recipient refused the ether: name another.
    error TransferFailed(address to);

    function token() external view returns (IERC20);
    /// Whether the token is WETH, so that ether can be paid in and taken out.
    function wrapsEther() external view returns (bool);
    /// Seconds between announcing and taking money.
    function withdrawalDelay() external view returns (uint256);
    function accountOf(address account) external view returns (Account memory);

    /// Adds the caller's tokens to anybody's account.
    function deposit(address account, uint256 amountWei) external;

    /// The same with an ERC-2612 signature instead of an approval beforehand. A permit that somebody else has used
    /// already does no harm.
    function depositWithPermit(
        address account,
        uint256 amountWei,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// The same with ether.
    function depositEther(address account) external payable;

    /// First step to take money out: says how much, and starts the delay anew. The announced amount stays chargeable
    /// until it is taken.
    function announceWithdrawal(uint256 amountWei) external;

    /// Second step, after the delay: sends what was announced, or what is left of it, to `to`.
    function withdraw(address to) external;

    /// The same as ether.
    function withdrawEther(address to) external;
}
