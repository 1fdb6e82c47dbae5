// Stores rows one after the other and says of each when it was acknowledged, until it is killed.
import { openPglite } from '../dist/db/pglite.js'
import { counters } from '../dist/db/tables.js'

const database = await openPglite(process.argv[2])
for (let value = 1; ; value++) {
  await database.write([counters.upsert([{ name: `row-${value}`, value }])])
  process.send(value)
}
