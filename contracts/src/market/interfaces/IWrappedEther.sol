// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// The part of WETH9 beyond ERC-20.
interface IWrappedEther {
    function deposit() external payable;
    function withdraw(uint256 amountWei) external;
}
