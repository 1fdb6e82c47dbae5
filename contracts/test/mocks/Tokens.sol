// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// A plain token with permits, wrapped ether as well, that anybody can mint.
contract MockToken is ERC20Permit {
    constructor() ERC20("Token", "TKN") ERC20Permit("Token") {}

    function mint(address to, uint256 amountWei) external {
        _mint(to, amountWei);
    }

    function deposit() external payable {
        _mint(msg.sender, msg.value);
    }

    function withdraw(uint256 amountWei) external {
        _burn(msg.sender, amountWei);
        (bool sent,) = msg.sender.call{value: amountWei}("");
        require(sent);
    }
}

/// Keeps a hundredth of every transfer.
contract FeeToken is ERC20 {
    constructor() ERC20("Fee", "FEE") {}

    function mint(address to, uint256 amountWei) external {
        _mint(to, amountWei);
    }

    function _update(address from, address to, uint256 amountWei) internal override {
        super._update(from, to, amountWei);
        if (from != address(0) && to != address(0)) super._update(to, address(0xfee), amountWei / 100);
    }
}

/// Says no instead of reverting, and moves nothing.
contract FalseToken is ERC20 {
    constructor() ERC20("False", "NO") {}

    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// Calls back, with a call of its choice, while it is transferred.
contract ReentrantToken is ERC20 {
    address private _target;
    bytes private _callback;
    bytes public answer;
    uint256 public calls;

    constructor() ERC20("Reentrant", "RE") {}

    function mint(address to, uint256 amountWei) external {
        _mint(to, amountWei);
    }

    function arm(address target, bytes calldata callback) external {
        _target = target;
        _callback = callback;
    }

    /// The token's own account in the market is what the call is about.
    function execute(address target, bytes calldata data) external returns (bool done) {
        (done,) = target.call(data);
    }

    function _update(address from, address to, uint256 amountWei) internal override {
        super._update(from, to, amountWei);
        if (_target == address(0)) return;
        calls++;
        (, answer) = _target.call(_callback);
    }
}
