// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPricing} from "src/interfaces/IPricing.sol";

/// A price that differs by tenant and program, as a market's will.
contract TablePricing is IPricing {
    mapping(address tenant => mapping(bytes32 program => uint256)) public weiPerGate;

    function set(address tenant, bytes32 program, uint256 price) external {
        weiPerGate[tenant][program] = price;
    }

    function priceWei(address tenant, bytes32 program, uint256 work) external view returns (uint256) {
        return work * weiPerGate[tenant][program];
    }
}
