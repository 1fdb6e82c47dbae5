// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlement} from "../../interfaces/ISettlement.sol";
import {RecordPath, WeftConsumer} from "../WeftConsumer.sol";
import {IProofRegistry} from "../interfaces/IProofRegistry.sol";
import {Statement} from "../libraries/Statements.sol";

/// An example of an application: pays what it holds to the first solver of a challenge. The program proves that the
/// solver, its second public input, knows a solution of its first. As the solver is in the statement, nobody else
/// gains by sending the proof first; and the bounty is paid once, whoever asks and however the proof was delivered.
contract Bounty is WeftConsumer {
    bytes32 public immutable program;
    bytes32 public immutable challenge;
    address public solver;

    event Solved(address indexed solver, uint256 amountWei);

    error AlreadySolved(address solver);
    /// The solver refused the money.
    error TransferFailed(address solver);

    constructor(ISettlement settlement_, IProofRegistry registry_, bytes32 program_, bytes32 challenge_)
        payable
        WeftConsumer(settlement_, registry_)
    {
        program = program_;
        challenge = challenge_;
    }

    /// Anyone may call for the solver.
    function claim(address solver_, RecordPath calldata path) external {
        require(solver == address(0), AlreadySolved(solver));
        _requireProven(statementOf(solver_), path);
        solver = solver_;
        uint256 amountWei = address(this).balance;
        emit Solved(solver_, amountWei);
        (bool sent,) = solver_.call{value: amountWei}("");
        require(sent, TransferFailed(solver_));
    }

    /// What has to be proven for the solver to be paid.
    function statementOf(address solver_) public view returns (Statement memory) {
        bytes32 data = keccak256(abi.encode(challenge, solver_));
        return Statement({program: program, pre: 0, post: 0, data: data});
    }
}
