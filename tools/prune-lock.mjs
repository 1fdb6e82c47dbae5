// Drops optional dependencies that the lock file names but could not resolve (binaries for other
// platforms missing from the registry in use); `npm ci` refuses a lock with such dangling edges.
// Run after every `npm install`.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const resolved = new Set(Object.keys(lock.packages))

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    const found = resolved.has(`node_modules/${name}`) || resolved.has(`${path}/node_modules/${name}`)
    if (!found) delete entry.optionalDependencies[name]
  }
  if (entry.optionalDependencies && Object.keys(entry.optionalDependencies).length === 0) {
    delete entry.optionalDependencies
  }
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
