// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RegistryFixture} from "./RegistryFixture.sol";
import {RecordPath, WeftConsumer} from "src/delivery/WeftConsumer.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {IProofRegistry} from "src/delivery/interfaces/IProofRegistry.sol";
import {Statement} from "src/delivery/libraries/Statements.sol";
import {ISettlement} from "src/interfaces/ISettlement.sol";
import {vm} from "test/utils/Test.sol";
import {Trees} from "test/utils/Trees.sol";

/// Asks, and keeps what it cost.
contract AskingConsumer is WeftConsumer {
    uint256 public gasUsed;

    constructor(ISettlement settlement_, IProofRegistry registry_) WeftConsumer(settlement_, registry_) {}

    function ask(Statement calldata statement, RecordPath calldata path) external {
        uint256 before = gasleft();
        bool proven = _isProven(statement, path);
        gasUsed = before - gasleft();
        require(proven);
    }
}

/// What delivering Groth16 proofs costs, as whole transactions with intrinsic gas and calldata; `a question` is what
/// asking adds to an application's own. Two public inputs each. As in GasTest, only right when run isolated.
/// forge-config: default.isolate = true
contract DeliveryGasTest is RegistryFixture {
    uint256 internal constant INPUTS = 2;

    function snap(string memory name) internal {
        vm.snapshotGasLastCall("gas", name);
    }

    function snapEach(string memory name, uint256 count) internal returns (uint256 eachGas) {
        eachGas = vm.snapshotGasLastCall("gas", name) / count;
        vm.snapshotValue("gas", string.concat(name, ", each"), eachGas);
    }

    /// By a transaction: what only reads is not isolated.
    function send(bytes memory call) internal {
        (bool done, bytes memory answer) = address(verifier).call(call);
        require(done && abi.decode(answer, (bool)));
    }

    function verifyMany(ProgramProofs[] memory batch, uint256 count, string memory whose)
        internal
        returns (uint256 eachGas)
    {
        send(abi.encodeCall(verifier.verifyBatch, (batch)));
        return snapEach(string.concat("groth16, ", vm.toString(count), " proofs of ", whose), count);
    }

    function test_VerifyAlone() public {
        ProgramProofs[] memory batch = sameProgram(1, 1, INPUTS);
        snap("groth16, register a key");
        send(abi.encodeCall(verifier.verify, (batch[0].key, batch[0].proofs, batch[0].publicInputs)));
        snap("groth16, 1 proof");
        send(abi.encodeCall(verifier.verifyBatch, (batch)));
        snap("groth16, 1 proof, as a batch");
    }

    function test_VerifyBatch() public {
        verifyMany(sameProgram(8, 8, INPUTS), 8, "one program");
        vm.assertLe(verifyMany(sameProgram(32, 32, INPUTS), 32, "one program"), 60_000);
        verifyMany(sameProgram(128, 128, INPUTS), 128, "one program");
    }

    function test_VerifyBatchOfManyPrograms() public {
        verifyMany(differentPrograms(8, 8, 1, INPUTS), 8, "as many programs");
        verifyMany(differentPrograms(32, 32, 1, INPUTS), 32, "as many programs");
        verifyMany(differentPrograms(128, 128, 1, INPUTS), 128, "as many programs");
        verifyMany(differentPrograms(33, 32, 32, INPUTS), 32, "as many ceremonies");
    }

    function test_Record() public {
        ProgramProofs[] memory one = sameProgram(1, 1, INPUTS);
        record(one[0]);
        snap("delivery, record 1 proof");
        ProgramProofs[] memory many = sameProgram(32, 32, INPUTS);
        registry.recordBatch(GROTH16, many);
        snapEach("delivery, record 32 proofs of one program", 32);
        many = differentPrograms(33, 32, 1, INPUTS);
        registry.recordBatch(GROTH16, many);
        snapEach("delivery, record 32 proofs of as many programs", 32);
    }

    function ask(ProgramProofs[] memory batch, string memory name) internal {
        AskingConsumer consumer = new AskingConsumer(ISettlement(address(0)), registry);
        RecordPath memory path;
        (path.index, path.siblings) = Trees.claimPath(jobsOf(batch), 0);
        bytes32[] memory first = Trees.slice(batch[0].publicInputs, 0, INPUTS);
        bytes memory data = abi.encodePacked(first);
        bytes32 program = keccak256(abi.encode(Trees.tag("program"), GROTH16, batch[0].key));
        consumer.ask(Statement(program, 0, 0, keccak256(data)), path);
        vm.snapshotValue("gas", name, consumer.gasUsed());
    }

    function test_Ask() public {
        ProgramProofs[] memory batch = sameProgram(1, 1, INPUTS);
        record(batch[0]);
        ask(batch, "delivery, a question, 1 proof");
        batch = sameProgram(32, 32, INPUTS);
        registry.recordBatch(GROTH16, batch);
        ask(batch, "delivery, a question, 32 proofs");
    }
}
