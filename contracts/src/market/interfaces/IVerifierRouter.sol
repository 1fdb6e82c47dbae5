// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHonkVerifier} from "../../interfaces/IHonkVerifier.sol";

/// Which verifier checks the root proofs of a proof system.
///
/// Trust: the registrar decides what counts as proven under a system that has no verifier yet, and nothing about one
/// that has. The guardian can stop a system for good, which holds back payments and rollups that rely on it, and
/// can do nothing else: it cannot choose a verifier, and the two are never the same account.
interface IVerifierRouter {
    event Registered(bytes32 indexed system, IHonkVerifier verifier);
    event Frozen(bytes32 indexed system);

    /// One account would hold both roles.
    error SameRoles(address account);
    error NotRegistrar(address caller);
    error NotGuardian(address caller);
    /// The verifier has no code.
    error NotAVerifier(address account);
    /// A system keeps its first verifier: name another system for another verifier.
    error AlreadyRegistered(bytes32 system, IHonkVerifier verifier);
    error UnknownSystem(bytes32 system);
    /// The guardian has stopped the system for good.
    error SystemFrozen(bytes32 system);

    function registrar() external view returns (address);
    function guardian() external view returns (address);

    /// Sets the verifier of a system, once. Only for the registrar.
    function register(bytes32 system, IHonkVerifier verifier) external;

    /// Stops a system for good. Only for the guardian.
    function freeze(bytes32 system) external;

    /// What the system's verifier says. Reverts for systems without one, and for frozen ones.
    function verify(bytes32 system, bytes calldata proof, bytes32[] calldata publicInputs)
        external
        view
        returns (bool);

    /// Zero for a system without one.
    function verifierOf(bytes32 system) external view returns (IHonkVerifier);
    function isFrozen(bytes32 system) external view returns (bool);
}
