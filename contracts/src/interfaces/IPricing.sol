// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// What a tenant pays for work. Trusted by tenants not to overcharge and by provers not to undercharge: the
/// settlement takes its answer as it is.
interface IPricing {
    /// Price in wei of `work` gates of `program` for `tenant`, rounded up (for the provers).
    function priceWei(address tenant, bytes32 program, uint256 work) external view returns (uint256);
}
