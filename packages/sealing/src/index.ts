export { type KeyPair, keyPairFrom } from './key-pair.js'
export { openInputs, recipientOf, type SealedFor, sealedLength, sealInputs } from './sealed.js'
