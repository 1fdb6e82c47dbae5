// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlement} from "src/interfaces/ISettlement.sol";

/// Refuses every payment, and can name another recipient.
contract RefusingProver {
    error NoThanks();

    receive() external payable {
        revert NoThanks();
    }

    function collectCredit(ISettlement settlement, address to) external {
        settlement.collectCredit(to);
    }
}

/// Burns all the gas it is given.
contract BurningProver {
    receive() external payable {
        while (true) {}
    }
}

/// Returns a megabyte, for the caller to copy and pay for.
contract BloatingProver {
    receive() external payable {
        assembly {
            return(0, 1000000)
        }
    }
}

/// Refuses payments until it is armed; then calls back, with a call of its choice, while it is paid for the first
/// time.
contract ReentrantProver {
    address private _target;
    bytes private _callback;
    uint256 public calls;
    uint256 public successes;

    function arm(address target, bytes calldata callback) external {
        _target = target;
        _callback = callback;
    }

    function execute(bytes calldata data) external payable {
        (bool done, bytes memory reason) = _target.call{value: msg.value}(data);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    receive() external payable {
        require(_target != address(0));
        if (calls != 0) return;
        calls++;
        (bool done,) = _target.call(_callback);
        if (done) successes++;
    }
}
