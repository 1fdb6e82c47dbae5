// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account, IAccounts} from "./interfaces/IAccounts.sol";
import {IWrappedEther} from "./interfaces/IWrappedEther.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// The interface has the documentation. Every function that moves tokens is guarded against the token calling back.
abstract contract Accounts is IAccounts, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    IERC20 public immutable token;
    bool public immutable wrapsEther;
    uint256 public immutable withdrawalDelay;

    mapping(address account => Account) private _accounts;

    constructor(IERC20 token_, bool wrapsEther_, uint256 withdrawalDelay_) {
        token = token_;
        wrapsEther = wrapsEther_;
        withdrawalDelay = withdrawalDelay_;
    }

    receive() external payable {
        require(wrapsEther && msg.sender == address(token), NotWrappedEther());
    }

    function deposit(address account, uint256 amountWei) external nonReentrant {
        _deposit(account, amountWei);
    }

    function depositWithPermit(
        address account,
        uint256 amountWei,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        // Who sees the permit in the mempool can use it first; the approval is there then, or the transfer fails.
        try IERC20Permit(address(token)).permit(msg.sender, address(this), amountWei, deadline, v, r, s) {}
            catch {}
        _deposit(account, amountWei);
    }

    function depositEther(address account) external payable nonReentrant {
        require(wrapsEther, NotWrappedEther());
        IWrappedEther(address(token)).deposit{value: msg.value}();
        _credited(account, msg.value);
    }

    function _deposit(address account, uint256 amountWei) private {
        uint256 beforeWei = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amountWei);
        uint256 receivedWei = token.balanceOf(address(this)) - beforeWei;
        require(receivedWei == amountWei, UnexpectedTransfer(amountWei, receivedWei));
        _credited(account, amountWei);
    }

    function _credited(address account, uint256 amountWei) private {
        require(amountWei != 0, ZeroAmount());
        _credit(account, amountWei);
        emit Deposited(account, amountWei);
    }

    function announceWithdrawal(uint256 amountWei) external {
        Account storage own = _accounts[msg.sender];
        require(amountWei != 0, ZeroAmount());
        require(amountWei <= own.balanceWei, InsufficientBalance(msg.sender, own.balanceWei, amountWei));
        uint256 leavingAt = block.timestamp + withdrawalDelay;
        own.leavingWei = amountWei.toUint96();
        own.leavingAt = leavingAt.toUint64();
        emit WithdrawalAnnounced(msg.sender, amountWei, leavingAt);
    }

    function withdraw(address to) external nonReentrant {
        token.safeTransfer(to, _takeLeaving(to));
    }

    function withdrawEther(address to) external nonReentrant {
        require(wrapsEther, NotWrappedEther());
        uint256 amountWei = _takeLeaving(to);
        IWrappedEther(address(token)).withdraw(amountWei);
        (bool sent,) = to.call{value: amountWei}("");
        require(sent, TransferFailed(to));
    }

    function _takeLeaving(address to) private returns (uint256 amountWei) {
        Account memory own = _accounts[msg.sender];
        require(own.leavingAt != 0, NothingAnnounced(msg.sender));
        uint256 heldUntil = _heldUntil(msg.sender);
        uint256 leavingAt = own.leavingAt > heldUntil ? own.leavingAt : heldUntil;
        // Seconds that a validator can shift are nothing against the delay.
        // forge-lint: disable-next-line(block-timestamp)
        require(block.timestamp >= leavingAt, TooEarly(leavingAt));
        amountWei = own.leavingWei < own.balanceWei ? own.leavingWei : own.balanceWei;
        _accounts[msg.sender] =
            Account({balanceWei: own.balanceWei - amountWei.toUint96(), leavingWei: 0, leavingAt: 0});
        emit Withdrawn(msg.sender, to, amountWei);
    }

    /// Until when nothing leaves the account, whatever was announced.
    function _heldUntil(address account) internal view virtual returns (uint256);

    function accountOf(address account) public view returns (Account memory) {
        return _accounts[account];
    }

    function _balanceWei(address account) internal view returns (uint256) {
        return _accounts[account].balanceWei;
    }

    function _credit(address account, uint256 amountWei) internal {
        _accounts[account].balanceWei += amountWei.toUint96();
    }

    function _debit(address account, uint256 amountWei) internal {
        uint256 balanceWei = _accounts[account].balanceWei;
        require(balanceWei >= amountWei, InsufficientBalance(account, balanceWei, amountWei));
        _accounts[account].balanceWei = (balanceWei - amountWei).toUint96();
    }

    /// Moves what there is of an amount.
    function _moveUpTo(address from, address to, uint256 amountWei) internal returns (uint256 movedWei) {
        uint256 balanceWei = _accounts[from].balanceWei;
        movedWei = amountWei < balanceWei ? amountWei : balanceWei;
        if (movedWei == 0) return 0;
        _debit(from, movedWei);
        _credit(to, movedWei);
    }
}
