/** The version of the command and of everything it runs. */
export const VERSION = '0.1.0'
