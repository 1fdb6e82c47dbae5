// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// A fuzzed number, moved into `[low, high]`.
function bound(uint256 value, uint256 low, uint256 high) pure returns (uint256) {
    if (value >= low && value <= high) return value;
    uint256 size = high - low + 1;
    return size == 0 ? value : low + value % size;
}

function makeAddress(string memory name) returns (address account) {
    account = address(uint160(uint256(keccak256(bytes(name)))));
    vm.label(account, name);
}
