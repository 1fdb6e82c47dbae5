// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPricing} from "./interfaces/IPricing.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// One price for every tenant and program, for good.
contract FixedPricing is IPricing {
    /// Wei for a million gates: a merge is 1.75 of them.
    uint256 public immutable weiPerMegagate;

    constructor(uint256 weiPerMegagate_) {
        weiPerMegagate = weiPerMegagate_;
    }

    /// @inheritdoc IPricing
    function priceWei(address, bytes32, uint256 work) external view returns (uint256) {
        return Math.ceilDiv(work * weiPerMegagate, 1_000_000);
    }
}
