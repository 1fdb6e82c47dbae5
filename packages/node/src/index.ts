export type { Calibration } from './benchmark.js'
export { createNode, type NodeDeps, type NodeL1, type NodeOptions, type ProverNode } from './node.js'
export type { Clock, Logger, Signer } from './ports.js'
export type { Activity, Earnings, NodeStatus, Problem } from './status.js'
