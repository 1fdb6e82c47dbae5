declare module 'ejs' {
  const ejs: { render(template: string, values: object, options: object): string }
  export default ejs
}

declare module 'solc' {
  const solc: { compile(standardJson: string): string }
  export default solc
}
