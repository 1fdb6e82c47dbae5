/** Path of forge's native binary. */
export function forgeBinary(): string
export const contractsFolder: URL
