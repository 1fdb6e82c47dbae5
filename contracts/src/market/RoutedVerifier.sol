// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHonkVerifier} from "../interfaces/IHonkVerifier.sol";
import {IVerifierRouter} from "./interfaces/IVerifierRouter.sol";

/// One system of a router as a verifier: what a settlement is deployed with, so that it stops with its system.
contract RoutedVerifier is IHonkVerifier {
    IVerifierRouter public immutable router;
    bytes32 public immutable system;

    constructor(IVerifierRouter router_, bytes32 system_) {
        router = router_;
        system = system_;
    }

    /// @inheritdoc IHonkVerifier
    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external view returns (bool) {
        return router.verify(system, proof, publicInputs);
    }
}
