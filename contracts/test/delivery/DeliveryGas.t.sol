// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RegistryFixture} from "./RegistryFixture.sol";
import {RecordPath, WeftConsumer} from "src/delivery/WeftConsumer.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {IProofRegistry} from "src/delivery/interfaces/IProofRegistry.sol";
import {Statement, Statements} from "src/delivery/libraries/Statements.sol";
import {ISettlement} from "src/interfaces/ISettlement.sol";
import {Claim} from "src/libraries/Claims.sol";
import {Aggregated, Finished, Scenario} from "test/utils/Scenario.sol";
import {SettlementFixture} from "test/utils/SettlementFixture.sol";
import {vm} from "test/utils/Test.sol";
import {Trees} from "test/utils/Trees.sol";

/// An application that acts once for a statement: when it is proven, and for comparison without asking.
contract AskingConsumer is WeftConsumer {
    using Statements for Statement;

    mapping(bytes32 job => bool) public done;

    constructor(ISettlement settlement_, IProofRegistry registry_) WeftConsumer(settlement_, registry_) {}

    function act(Statement calldata statement) external {
        done[statement.jobOf()] = true;
    }

    function actIfProven(Statement calldata statement, RecordPath calldata path) external {
        done[_requireProven(statement, path)] = true;
    }
}

/// What delivery costs, as whole transactions with intrinsic gas and calldata; `a question` is what asking adds to an
/// application's own transaction, the path in its calldata included. Groth16 proofs have two public inputs each. As in
/// GasTest, only right when run isolated.
/// forge-config: default.isolate = true
contract DeliveryGasTest is RegistryFixture, SettlementFixture {
    uint256 internal constant INPUTS = 2;
    /// Of a real aggregate, verifier and all, whatever the number of its claims (benchmark `settlement`).
    uint256 internal constant SETTLED_GAS = 888_096;

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

    /// The transaction with a question, less the same without.
    function ask(Statement memory statement, RecordPath memory path, string memory what)
        internal
        returns (uint256 gas)
    {
        AskingConsumer asking = new AskingConsumer(settlement, registry);
        asking.actIfProven(statement, path);
        gas = vm.lastCallGas().gasTotalUsed;
        AskingConsumer trusting = new AskingConsumer(settlement, registry);
        trusting.act(statement);
        gas -= vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("gas", string.concat("delivery, a question, ", what), gas);
    }

    /// For the last of `count` proofs of one program.
    function askForProof(uint256 count, string memory what) internal {
        ProgramProofs[] memory batch = sameProgram(count, count, INPUTS);
        registry.recordBatch(GROTH16, batch);
        RecordPath memory path;
        (path.index, path.siblings) = Trees.claimPath(jobsOf(batch), count - 1);
        uint256 from = (count - 1) * INPUTS;
        bytes32[] memory inputs = Trees.slice(batch[0].publicInputs, from, from + INPUTS);
        bytes32 program = keccak256(abi.encode(Trees.tag("program"), GROTH16, batch[0].key));
        ask(Statement(program, 0, 0, keccak256(abi.encodePacked(inputs))), path, what);
    }

    /// For the last of `count` claims.
    function askForClaim(uint256 count, string memory what) internal returns (uint256) {
        Finished[] memory parts = new Finished[](count);
        bytes32[] memory hashes = new bytes32[](count);
        for (uint256 i = 0; i < count; i++) {
            parts[i] = Scenario.finished(uint256(keccak256(abi.encode(count, i))), 3, provers);
            hashes[i] = parts[i].hash;
        }
        Claim memory claim = parts[count - 1].claim;
        RecordPath memory path;
        (path.aggregated, path.work, path.payouts) = (true, claim.work, claim.payouts);
        (path.index, path.siblings) = Trees.claimPath(hashes, count - 1);
        if (count == 1) {
            settlement.settleSequence(proofOf(claim, MERGE_KEY), claim);
        } else {
            Aggregated memory made = Scenario.aggregated(count, parts, provers);
            settlement.settle(proofOf(made.root, MERGE_KEY), made.root);
        }
        return ask(Statement(claim.program, claim.pre, claim.post, claim.data), path, what);
    }

    function test_Ask() public {
        askForProof(1, "1 proof");
        askForProof(8, "8 proofs");
        askForProof(32, "32 proofs");
        askForProof(128, "128 proofs");
        askForClaim(1, "1 claim");
        askForClaim(8, "8 claims");
        vm.assertLe(askForClaim(32, "32 claims") + SETTLED_GAS / 32, 45_000);
        askForClaim(128, "128 claims");
    }
}
