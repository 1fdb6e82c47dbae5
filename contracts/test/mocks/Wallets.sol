// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// A wallet that has signed what it was told to, until it takes it back.
contract MockWallet is IERC1271 {
    mapping(bytes32 digest => bool) public signed;

    function sign(bytes32 digest, bool value) external {
        signed[digest] = value;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return signed[digest] ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// Burns all the gas that it is given.
contract BurningWallet is IERC1271 {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        while (true) {}
        return IERC1271.isValidSignature.selector;
    }
}
