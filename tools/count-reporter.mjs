/** Prints the one line `N passed, N failed` behind everything else; a file that failed to load counts as a failure. */
export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    let [passed, failed, skipped] = [0, 0, 0]
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed')) failed++
      for (const test of tests) {
        const { state } = test.result()
        if (state === 'passed') passed++
        else if (state === 'failed') failed++
        else skipped++
      }
    }
    failed += unhandledErrors.length
    const line = `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
    // Behind the summary of the default reporter, which is written at the same event.
    process.on('exit', () => process.stdout.write(`${line}\n`))
  }
}
