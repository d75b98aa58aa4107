/**
 * The message of an error of the engine without the function that refused, which users of the command line never
 * called.
 */
export const withoutFunction = (message: string): string => message.replace(/^[\w ]+: /, "");
