/** `create_token`, `Create token` and `UserController.createToken` as `createToken` and `userControllerCreateToken`. */
export function camelCase(words: string): string {
  const parts = words
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  const joined = parts
    .map((part, index) => (index === 0 ? part.toLowerCase() : part[0]?.toUpperCase() + part.slice(1).toLowerCase()))
    .join("");
  return joined.replace(/^\d+/, "");
}

/** `createToken` as `Create token`. */
export function sentence(name: string): string {
  const words = name.replaceAll(
    /([a-z0-9])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
