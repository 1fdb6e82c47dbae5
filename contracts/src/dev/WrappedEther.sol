// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IWrappedEther} from "../market/interfaces/IWrappedEther.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// Wrapped ether for development chains, where nobody has deployed one. As WETH9 it has no permits; elsewhere, use the
/// chain's own.
contract WrappedEther is ERC20, IWrappedEther {
    /// The caller refused its ether.
    error TransferFailed(address to);

    constructor() ERC20("Wrapped Ether", "WETH") {}

    receive() external payable {
        _mint(msg.sender, msg.value);
    }

    function deposit() external payable {
        _mint(msg.sender, msg.value);
    }

    function withdraw(uint256 amountWei) external {
        _burn(msg.sender, amountWei);
        (bool sent,) = msg.sender.call{value: amountWei}("");
        require(sent, TransferFailed(msg.sender));
    }
}
