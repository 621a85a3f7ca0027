/** A semantic version without its build metadata, which has no part in the order. */
export interface Version {
  /** Major, minor, patch. */
  readonly numbers: readonly number[];
  /** Empty for a release. */
  readonly prerelease: readonly string[];
}

const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Reads a version; `undefined` for text that is not one. */
export function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text);
  if (!match) return undefined;
  return { numbers: match.slice(1, 4).map(Number), prerelease: match[4]?.split(".") ?? [] };
}

/** Whether one version precedes another in the order of semantic versioning (https://semver.org/#spec-item-11). */
export function isLower(version: Version, other: Version): boolean {
  const differing = version.numbers.findIndex((number, index) => number !== other.numbers[index]);
  if (differing >= 0) return Number(version.numbers[differing]) < Number(other.numbers[differing]);
  // A release comes after its prereleases.
  if (version.prerelease.length === 0 || other.prerelease.length === 0)
    return version.prerelease.length > other.prerelease.length;
  return isLowerPrerelease(version.prerelease, other.prerelease);
}

function isLowerPrerelease(left: readonly string[], right: readonly string[]): boolean {
  const differing = left.findIndex((identifier, index) => identifier !== right[index]);
  if (differing < 0) return left.length < right.length;
  const [one, other] = [left[differing], right[differing]];
  if (one === undefined || other === undefined) return false;
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  // Numbers come before words.
  if (isNumber !== isOtherNumber) return isNumber;
  return isNumber ? Number(one) < Number(other) : one < other;
}
