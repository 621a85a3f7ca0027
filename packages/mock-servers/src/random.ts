/** Random values that come in the same order for the same seed. */
export interface Random {
  /** From 0 up to 1. */
  number(): number;
  /** Characters of an alphabet. */
  text(length: number, alphabet?: string): string;
  /** Begins again where it began. */
  restart(): void;
}

const ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** The generator mulberry32: small, and far better than a mock needs. */
export function createRandom(seed = Math.floor(Math.random() * 2 ** 32)): Random {
  let state = seed >>> 0;
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const text = (length: number, alphabet = ALPHANUMERIC) =>
    Array.from({ length }, () => alphabet[Math.floor(number() * alphabet.length)]).join("");
  const restart = () => {
    state = seed >>> 0;
  };
  return { number, text, restart };
}
