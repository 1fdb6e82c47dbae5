// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHonkVerifier} from "../interfaces/IHonkVerifier.sol";
import {IVerifierRouter} from "./interfaces/IVerifierRouter.sol";

/// One storage slot.
struct Route {
    IHonkVerifier verifier;
    bool frozen;
}

/// The interface has the documentation.
contract VerifierRouter is IVerifierRouter {
    address public immutable registrar;
    address public immutable guardian;

    mapping(bytes32 system => Route) private _routes;

    constructor(address registrar_, address guardian_) {
        require(registrar_ != guardian_, SameRoles(registrar_));
        registrar = registrar_;
        guardian = guardian_;
    }

    function register(bytes32 system, IHonkVerifier verifier) external {
        require(msg.sender == registrar, NotRegistrar(msg.sender));
        require(address(verifier).code.length != 0, NotAVerifier(address(verifier)));
        Route storage route = _routes[system];
        require(address(route.verifier) == address(0), AlreadyRegistered(system, route.verifier));
        route.verifier = verifier;
        emit Registered(system, verifier);
    }

    function freeze(bytes32 system) external {
        require(msg.sender == guardian, NotGuardian(msg.sender));
        _open(system);
        _routes[system].frozen = true;
        emit Frozen(system);
    }

    function verify(bytes32 system, bytes calldata proof, bytes32[] calldata publicInputs)
        external
        view
        returns (bool)
    {
        return _open(system).verify(proof, publicInputs);
    }

    /// The verifier of a system that has one and is not frozen.
    function _open(bytes32 system) private view returns (IHonkVerifier) {
        Route memory route = _routes[system];
        require(address(route.verifier) != address(0), UnknownSystem(system));
        require(!route.frozen, SystemFrozen(system));
        return route.verifier;
    }

    function verifierOf(bytes32 system) external view returns (IHonkVerifier) {
        return _routes[system].verifier;
    }

    function isFrozen(bytes32 system) external view returns (bool) {
        return _routes[system].frozen;
    }
}
