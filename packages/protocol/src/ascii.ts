/** The bytes of a text that is ASCII throughout. A loop: `Uint8Array.from` takes ten times as long. */
export const asciiBytes = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
