/** The most photos that one request of the API may name. */
export const PHOTOS_PER_CALL = 50;

export const pieces = <T>(list: readonly T[], size = PHOTOS_PER_CALL): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
