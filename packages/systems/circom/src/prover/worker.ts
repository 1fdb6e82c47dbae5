import { parentPort, workerData } from 'node:worker_threads'
import { Engine } from './engine.js'
import { perform, type Task } from './tasks.js'

const engine = new Engine(workerData as WebAssembly.Module)

parentPort?.on('message', (task: Task) => {
  parentPort?.postMessage(perform(engine, task))
})
