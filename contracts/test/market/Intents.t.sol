// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Attempt, Attempts} from "src/market/libraries/Attempts.sol";
import {Commitment, Commitments} from "src/market/libraries/Commitments.sol";
import {Offer, Offers} from "src/market/libraries/Offers.sol";
import {Request, Requests} from "src/market/libraries/Requests.sol";
import {MarketFixture} from "test/utils/MarketFixture.sol";
import {vm} from "test/utils/Test.sol";

/// The struct hashes from outside, with calldata.
contract IntentsHarness {
    function hash(Request calldata request) external pure returns (bytes32) {
        return Requests.hash(request);
    }

    function hash(Offer calldata offer) external pure returns (bytes32) {
        return Offers.hash(offer);
    }
}

/// The contracts and viem agree on every hash of an intent (test-ts/intents.test.ts writes the vectors).
contract IntentsTest is MarketFixture {
    string internal json;
    IntentsHarness internal harness = new IntentsHarness();

    function setUp() public override {
        super.setUp();
        json = vm.readFile("./test/vectors/intents.json");
    }

    function inputs(string memory name) internal view returns (bytes[] memory) {
        return vm.parseJsonBytesArray(json, string.concat(".", name, ".input"));
    }

    function expected(string memory name) internal view returns (bytes32[] memory) {
        return vm.parseJsonBytes32Array(json, string.concat(".", name));
    }

    /// The digest of a message, from EIP-712's own words.
    function digest(uint256 chainId, address verifying, bytes32 structHash) internal pure returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Weft Market"),
                keccak256("1"),
                chainId,
                verifying
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function check(uint256 i, bytes32 structHash, string memory name) internal view {
        vm.assertEq(structHash, expected(string.concat(name, ".hash"))[i], name);
        (uint256 chainId, address verifying) = abi.decode(inputs("domains")[i], (uint256, address));
        bytes32 id = digest(chainId, verifying, structHash);
        vm.assertEq(id, expected(string.concat(name, ".id"))[i], name);
    }

    function test_Requests() public view {
        bytes[] memory all = inputs("requests");
        for (uint256 i = 0; i < all.length; i++) {
            Request memory request = abi.decode(all[i], (Request));
            bytes32 structHash = harness.hash(request);
            check(i, structHash, "requests");
            vm.assertEq(market.requestId(request), digest(block.chainid, address(market), structHash));
        }
    }

    function test_Offers() public view {
        bytes[] memory all = inputs("offers");
        for (uint256 i = 0; i < all.length; i++) {
            Offer memory offer = abi.decode(all[i], (Offer));
            bytes32 structHash = harness.hash(offer);
            check(i, structHash, "offers");
            vm.assertEq(market.offerId(offer), digest(block.chainid, address(market), structHash));
        }
    }

    function test_Commitments() public view {
        bytes[] memory all = inputs("commitments");
        for (uint256 i = 0; i < all.length; i++) {
            Commitment memory commitment = abi.decode(all[i], (Commitment));
            bytes32 structHash = Commitments.hash(commitment);
            check(i, structHash, "commitments");
            vm.assertEq(market.commitmentId(commitment), digest(block.chainid, address(market), structHash));
        }
    }

    function test_Attempts() public view {
        bytes[] memory all = inputs("attempts");
        for (uint256 i = 0; i < all.length; i++) {
            Attempt memory attempt = abi.decode(all[i], (Attempt));
            bytes32 structHash = Attempts.hash(attempt);
            check(i, structHash, "attempts");
            vm.assertEq(market.attemptId(attempt), digest(block.chainid, address(market), structHash));
        }
    }
}
