// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGroth16Verifier} from "./interfaces/IGroth16Verifier.sol";
import {ProgramProofs} from "./interfaces/IProgramVerifier.sol";
import {BN254, Pairs, Sum} from "./libraries/BN254.sol";
import {Groth16} from "./libraries/Groth16.sol";
import {Batch, Groth16Batch} from "./libraries/Groth16Batch.sol";
import {Create3} from "@openzeppelin/contracts/utils/Create3.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// The interface has the documentation.
contract Groth16Verifier is IGroth16Verifier {
    using BN254 for Pairs;
    using BN254 for Sum;
    using Groth16Batch for Batch;
    using SafeCast for uint256;

    /// EIP-170.
    uint256 private constant MAX_CODE_BYTES = 24_576;

    // Keys. Each is the code of a contract, whose address follows from the key's id.

    function register(bytes calldata key) external returns (bytes32 id) {
        id = keccak256(key);
        if (Create3.computeAddress(id).code.length != 0) return id;
        require(Groth16.isKeyLength(key.length), InvalidKey(key.length));
        uint256 inputs = _checkPoints(key);
        uint256 size = key.length + 1;
        require(size <= MAX_CODE_BYTES, InvalidKey(key.length));
        // Returns as the code what follows these ten bytes: a STOP, so that nobody can run the key, and the key.
        bytes memory creation = abi.encodePacked(hex"61", size.toUint16(), hex"80600a3d393df3", hex"00", key);
        Create3.deploy(0, id, creation);
        emit KeyRegistered(id, inputs);
    }

    /// Reverts unless all points of the key are points.
    function _checkPoints(bytes memory key) private view returns (uint256 inputs) {
        inputs = Groth16.inputsOf(key);
        Sum memory alpha;
        alpha.add(key, Groth16.ALPHA, 1);
        Sum memory others;
        for (uint256 j = 0; j <= inputs; j++) {
            others.add(key, Groth16.INPUTS + j * BN254.G1_BYTES, 1);
        }

        Pairs memory pairs = BN254.allocate(3);
        pairs.pushNegative(alpha, key, Groth16.BETA);
        pairs.pushNegative(alpha, key, Groth16.GAMMA);
        pairs.pushNegative(alpha, key, Groth16.DELTA);
        // Whether the product is one says nothing: the precompile refuses what is not a point.
        pairs.isOne();
    }

    function keyOf(bytes32 id) public view returns (bytes memory key) {
        address data = Create3.computeAddress(id);
        uint256 size = data.code.length;
        require(size != 0, UnknownKey(id));
        key = new bytes(size - 1);
        assembly ("memory-safe") {
            extcodecopy(data, add(key, 32), 1, mload(key))
        }
    }

    // Proofs

    function verify(bytes32 key, bytes calldata proof, bytes32[] calldata publicInputs)
        external
        view
        returns (bool)
    {
        // A batch of one has no coefficient but one.
        Batch memory batch = Groth16Batch.begin(0, 1, 1);
        batch.fold(key, keyOf(key), 1, proof, publicInputs);
        return batch.isProven();
    }

    function verifyBatch(ProgramProofs[] calldata programs) external view returns (bool) {
        uint256 proofs = 0;
        for (uint256 i = 0; i < programs.length; i++) {
            proofs += programs[i].count;
        }
        // All that is folded is read from the call's data, or follows from it: keys by their ids.
        Batch memory batch = Groth16Batch.begin(keccak256(msg.data), proofs, programs.length);
        for (uint256 i = 0; i < programs.length; i++) {
            ProgramProofs calldata program = programs[i];
            batch.fold(program.key, keyOf(program.key), program.count, program.proofs, program.publicInputs);
        }
        return batch.isProven();
    }
}
