// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Takes one proof for its public inputs, their hash, in the way that Barretenberg's verifiers are asked.
contract BytesVerifier {
    uint256 private immutable _inputs;

    error PublicInputsLength(uint256 length);

    constructor(uint256 inputs) {
        _inputs = inputs;
    }

    function verify(bytes calldata proof, bytes32[] calldata publicInputs) external view returns (bool) {
        require(publicInputs.length == _inputs, PublicInputsLength(publicInputs.length));
        return bytes32(proof) == keccak256(abi.encodePacked(publicInputs));
    }
}

/// Takes one proof for two public inputs, their hash in its first word, in the way that snarkjs' verifiers are asked.
contract WordsVerifier {
    function verifyProof(uint256[24] calldata proof, uint256[2] calldata publicInputs)
        external
        pure
        returns (bool)
    {
        return bytes32(proof[0]) == keccak256(abi.encodePacked(publicInputs));
    }
}

/// Answers every call in one way: reverts, burns its gas, writes, or returns these bytes.
contract AnsweringVerifier {
    enum Way {
        Return,
        Revert,
        Burn,
        Write
    }

    Way private immutable _way;
    uint256 private immutable _length;
    bytes32 private immutable _first;
    uint256 private _written;

    constructor(Way way, uint256 length, bytes32 first) {
        (_way, _length, _first) = (way, length, first);
    }

    fallback() external {
        if (_way == Way.Write) _written++;
        while (_way == Way.Burn) {}
        (bool reverts, uint256 length, bytes32 first) = (_way == Way.Revert, _length, _first);
        assembly ("memory-safe") {
            let answer := mload(0x40)
            mstore(answer, first)
            mstore(add(answer, 32), 0)
            if reverts { revert(answer, length) }
            return(answer, length)
        }
    }
}
