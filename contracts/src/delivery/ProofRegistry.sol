// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Claims} from "../libraries/Claims.sol";
import {IVerifierRouter} from "../market/interfaces/IVerifierRouter.sol";
import {IProgramVerifier, ProgramProofs} from "./interfaces/IProgramVerifier.sol";
import {IProofRegistry} from "./interfaces/IProofRegistry.sol";
import {Statement, Statements} from "./libraries/Statements.sol";

/// The interface has the documentation.
contract ProofRegistry is IProofRegistry {
    using Statements for Statement;

    IVerifierRouter public immutable router;

    mapping(bytes32 root => uint256) public recordedAt;

    constructor(IVerifierRouter router_) {
        router = router_;
    }

    function record(bytes32 system, bytes32 key, bytes calldata proof, bytes32[] calldata publicInputs)
        external
        returns (bytes32 job)
    {
        job = Statements.ofInputs(Statements.programOf(system, key), publicInputs).jobOf();
        if (recordedAt[job] != 0) return job;
        require(_verifierOf(system).verify(key, proof, publicInputs), InvalidProof(job));
        bytes32[] memory jobs = new bytes32[](1);
        jobs[0] = job;
        _record(job, system, jobs);
    }

    function recordBatch(bytes32 system, ProgramProofs[] calldata batch) external returns (bytes32 root) {
        bytes32[] memory jobs = _jobsOf(system, batch);
        root = _rootOf(jobs);
        if (recordedAt[root] != 0) return root;
        require(_verifierOf(system).verifyBatch(batch), InvalidProof(root));
        _record(root, system, jobs);
    }

    function isProven(bytes32 job, uint256 index, bytes32[] calldata siblings) external view returns (bool) {
        return recordedAt[Claims.rootOf(job, index, siblings)] != 0;
    }

    function _record(bytes32 root, bytes32 system, bytes32[] memory jobs) private {
        recordedAt[root] = block.timestamp;
        emit Recorded(root, system, jobs);
    }

    function _verifierOf(bytes32 system) private view returns (IProgramVerifier) {
        address verifier = address(router.verifierOf(system));
        require(verifier != address(0), IVerifierRouter.UnknownSystem(system));
        require(!router.isFrozen(system), IVerifierRouter.SystemFrozen(system));
        return IProgramVerifier(verifier);
    }

    function _jobsOf(bytes32 system, ProgramProofs[] calldata batch)
        private
        pure
        returns (bytes32[] memory jobs)
    {
        uint256 total = 0;
        for (uint256 i = 0; i < batch.length; i++) {
            total += batch[i].count;
        }
        require(total != 0, EmptyBatch());
        jobs = new bytes32[](total);
        uint256 next = 0;
        for (uint256 i = 0; i < batch.length; i++) {
            next = _addJobs(jobs, next, system, batch[i]);
        }
    }

    function _addJobs(bytes32[] memory jobs, uint256 next, bytes32 system, ProgramProofs calldata proofs)
        private
        pure
        returns (uint256)
    {
        (uint256 inputs, uint256 count) = (proofs.publicInputs.length, proofs.count);
        require(count != 0 && inputs % count == 0, UnevenInputs(proofs.key, inputs, count));
        Statement memory statement = Statement(Statements.programOf(system, proofs.key), 0, 0, 0);
        uint256 each = inputs / count;
        for (uint256 i = 0; i < count; i++) {
            statement.data = Statements.dataOf(proofs.publicInputs[i * each:(i + 1) * each]);
            jobs[next++] = statement.jobOf();
        }
        return next;
    }

    /// Of a copy: the row is overwritten on the way to the root.
    function _rootOf(bytes32[] memory jobs) private pure returns (bytes32) {
        bytes32[] memory row = new bytes32[](jobs.length);
        for (uint256 i = 0; i < jobs.length; i++) {
            row[i] = jobs[i];
        }
        return Claims.claimsRoot(row);
    }
}
