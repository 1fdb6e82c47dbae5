// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVerifierRouter} from "../../market/interfaces/IVerifierRouter.sol";
import {ProgramProofs} from "./IProgramVerifier.sol";

/// Keeps what was proven outside of aggregates, by a proof alone or in a batch of proofs, so that a proof is verified
/// once and any number of applications ask for it. A statement is known by its job (see Statements); those of a
/// batch are kept as one Merkle root of jobs in the shape of a claims tree, a statement alone as its job: a tree of one.
///
/// Trust: there is no owner. A record under a program says that the verifier of the program's system said yes. The
/// router has the verifiers: each has been chosen once, by the router's registrar, and the guardian can stop one for
/// good. Records that were made before stay. Whoever relies on a program has to trust its system's
/// verifier and the setup of its key, and no one else: who records, and in which batch, changes nothing.
interface IProofRegistry {
    /// The statements of these jobs are proven, each by a path to `root`; a job alone is its own root.
    event Recorded(bytes32 indexed root, bytes32 indexed system, bytes32[] jobs);

    /// The verifier says no to the proof, or to one of the proofs, of what is recorded under this root.
    error InvalidProof(bytes32 root);
    error EmptyBatch();
    /// A number of public inputs that cannot be spread evenly over the proofs.
    error UnevenInputs(bytes32 key, uint256 inputs, uint256 count);

    function router() external view returns (IVerifierRouter);

    /// Verifies a proof and records its statement. Anyone may call. A statement that is recorded already is not
    /// verified again: whoever was first stops nobody's transaction.
    /// Reverts with the router's errors for systems without a verifier, and for frozen ones.
    function record(bytes32 system, bytes32 key, bytes calldata proof, bytes32[] calldata publicInputs)
        external
        returns (bytes32 job);

    /// The same for many proofs of one system, in the order of the batch.
    function recordBatch(bytes32 system, ProgramProofs[] calldata batch) external returns (bytes32 root);

    /// Block time of the record, in seconds since 1970; zero if there is none.
    function recordedAt(bytes32 root) external view returns (uint256);

    /// Whether a job's statement is proven.
    /// @param index Bit i says whether the node at level i is a right child.
    /// @param siblings The job's own sibling first; none if it was recorded alone.
    function isProven(bytes32 job, uint256 index, bytes32[] calldata siblings) external view returns (bool);
}
