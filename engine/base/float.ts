/**
 * The functions of `Math` whose last digit the language leaves to the engine.
 *
 * They stand here alone, so that one place shows what a result may depend on beside the seed. V8 computes them with its
 * own port of fdlibm, alike on every platform; decisions are taken on integers, and only durations and quantities pass
 * through here.
 */

/** Natural logarithm. */
export const log = (x: number): number => Math.log(x);

/** `base` to the power of `exponent`. */
export const power = (base: number, exponent: number): number => base ** exponent;

/** Square root, which IEEE 754 defines to the last digit. */
export const squareRoot = (x: number): number => Math.sqrt(x);

/** The exponential function. */
export const exponential = (x: number): number => Math.exp(x);
