// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RegistryFixture} from "./RegistryFixture.sol";
import {RecordPath, WeftConsumer} from "src/delivery/WeftConsumer.sol";
import {Bounty} from "src/delivery/examples/Bounty.sol";
import {ProgramProofs} from "src/delivery/interfaces/IProgramVerifier.sol";
import {Statement} from "src/delivery/libraries/Statements.sol";
import {Circuit} from "test/mocks/Groth16Prover.sol";
import {RefusingProver} from "test/mocks/Provers.sol";
import {Aggregated, Finished, Scenario} from "test/utils/Scenario.sol";
import {SettlementFixture} from "test/utils/SettlementFixture.sol";
import {bound, makeAddress, vm} from "test/utils/Test.sol";
import {Trees} from "test/utils/Trees.sol";

/// An application that asks once, whichever way the proof was delivered: the example, with a Groth16 program that is
/// delivered alone or in a batch, and the same with a program that is aggregated.
/// forge-config: default.fuzz.runs = 32
contract WeftConsumerTest is RegistryFixture, SettlementFixture {
    bytes32 internal constant CHALLENGE = bytes32(uint256(42));
    uint256 internal constant BOUNTY_WEI = 5 ether;

    Circuit internal circuit = Circuit(1, 1, 2);
    bytes32 internal aggregatedProgram = keccak256("a program of the aggregate");
    address internal solver = makeAddress("solver");

    function bounty(bytes32 program) internal returns (Bounty) {
        vm.deal(address(this), BOUNTY_WEI);
        return new Bounty{value: BOUNTY_WEI}(settlement, registry, program, CHALLENGE);
    }

    function groth16Bounty() internal returns (Bounty) {
        bytes32 key = verifier.register(prover.keyOf(circuit));
        return bounty(keccak256(abi.encode(Trees.tag("program"), GROTH16, key)));
    }

    /// Proofs that solvers, from the first on, know a solution.
    function solutions(uint256 count) internal returns (ProgramProofs[] memory batch) {
        batch = new ProgramProofs[](1);
        batch[0].key = verifier.register(prover.keyOf(circuit));
        batch[0].count = count;
        batch[0].publicInputs = new bytes32[](2 * count);
        for (uint256 i = 0; i < count; i++) {
            bytes32[] memory own = new bytes32[](2);
            (own[0], own[1]) = (CHALLENGE, bytes32(uint256(uint160(solver) + i)));
            batch[0].proofs = bytes.concat(batch[0].proofs, prover.prove(circuit, own, i));
            (batch[0].publicInputs[2 * i], batch[0].publicInputs[2 * i + 1]) = (own[0], own[1]);
        }
    }

    function alone() internal pure returns (RecordPath memory path) {
        path.siblings = new bytes32[](0);
    }

    function inBatch(bytes32[] memory jobs, uint256 place) internal pure returns (RecordPath memory path) {
        (path.index, path.siblings) = Trees.claimPath(jobs, place);
    }

    /// An aggregate with a claim that the solver knows a solution, and the way to it.
    function aggregated(uint256 seed, Bounty asked) internal returns (RecordPath memory path) {
        Finished[] memory parts = new Finished[](3);
        for (uint256 i = 0; i < 3; i++) {
            parts[i] = Scenario.finished(uint256(keccak256(abi.encode(seed, i))), 2, provers);
        }
        Statement memory statement = asked.statementOf(solver);
        parts[1].claim.program = statement.program;
        (parts[1].claim.pre, parts[1].claim.post) = (statement.pre, statement.post);
        parts[1].claim.data = statement.data;
        Scenario.seal(parts[1]);
        Aggregated memory made = Scenario.aggregated(seed, parts, provers);
        settlement.settle(proofOf(made.root, MERGE_KEY), made.root);
        path.aggregated = true;
        (path.work, path.payouts) = (parts[1].claim.work, parts[1].claim.payouts);
        (path.index, path.siblings) = Trees.claimPath(made.hashes, 1);
    }

    function expectNotProven(Bounty asked, address solver_) internal {
        bytes32 job = keccak256(abi.encode(asked.statementOf(solver_)));
        vm.expectRevert(abi.encodeWithSelector(WeftConsumer.NotProven.selector, job));
    }

    function test_AProofAloneIsPaid() public {
        Bounty asked = groth16Bounty();
        record(solutions(1)[0]);
        vm.expectEmit();
        emit Bounty.Solved(solver, BOUNTY_WEI);
        asked.claim(solver, alone());
        vm.assertEq(solver.balance, BOUNTY_WEI);
    }

    function testFuzz_AProofInABatchIsPaid(uint256 place) public {
        Bounty asked = groth16Bounty();
        ProgramProofs[] memory batch = solutions(5);
        registry.recordBatch(GROTH16, batch);
        place = bound(place, 0, 4);
        address winner = address(uint160(solver) + uint160(place));
        asked.claim(winner, inBatch(jobsOf(batch), place));
        vm.assertEq(winner.balance, BOUNTY_WEI);
    }

    function testFuzz_AClaimInAnAggregateIsPaid(uint256 seed) public {
        Bounty asked = bounty(aggregatedProgram);
        asked.claim(solver, aggregated(seed, asked));
        vm.assertEq(solver.balance, BOUNTY_WEI);
    }

    function test_TheBountyIsPaidOnce() public {
        Bounty asked = groth16Bounty();
        ProgramProofs[] memory batch = solutions(2);
        registry.recordBatch(GROTH16, batch);
        asked.claim(solver, inBatch(jobsOf(batch), 0));
        record(solutions(1)[0]);
        vm.expectRevert(abi.encodeWithSelector(Bounty.AlreadySolved.selector, solver));
        asked.claim(solver, alone());
    }

    function test_NothingIsPaidBeforeItIsProven() public {
        Bounty asked = groth16Bounty();
        expectNotProven(asked, solver);
        asked.claim(solver, alone());
    }

    /// Who sees the solver's transaction cannot take its place.
    function testFuzz_AnotherSolverIsNotPaid(address thief) public {
        vm.assume(thief != solver);
        Bounty asked = groth16Bounty();
        record(solutions(1)[0]);
        expectNotProven(asked, thief);
        asked.claim(thief, alone());
    }

    /// A record of the registry is none of the settlement, and the other way round.
    function testFuzz_ARecordElsewhereIsNone(uint256 seed) public {
        Bounty asked = groth16Bounty();
        record(solutions(1)[0]);
        RecordPath memory path = alone();
        path.aggregated = true;
        expectNotProven(asked, solver);
        asked.claim(solver, path);

        Bounty other = bounty(aggregatedProgram);
        path = aggregated(seed, other);
        path.aggregated = false;
        expectNotProven(other, solver);
        other.claim(solver, path);
    }

    function testFuzz_APathWithOtherWorkOrPayoutsIsNone(uint256 seed, bool other) public {
        Bounty asked = bounty(aggregatedProgram);
        RecordPath memory path = aggregated(seed, asked);
        if (other) path.work++;
        else path.payouts = ~path.payouts;
        expectNotProven(asked, solver);
        asked.claim(solver, path);
    }

    function test_ASolverThatRefusesTheMoneyIsNotPaid() public {
        solver = address(new RefusingProver());
        Bounty asked = groth16Bounty();
        record(solutions(1)[0]);
        vm.expectRevert(abi.encodeWithSelector(Bounty.TransferFailed.selector, solver));
        asked.claim(solver, alone());
        vm.assertEq(asked.solver(), address(0));
    }
}
