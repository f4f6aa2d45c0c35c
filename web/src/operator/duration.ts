const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A length of time as an operator reads it: two figures are enough. */
export function duration(ms: number, locale: string): string {
  const unit = (value: number, name: string, digits = 0) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
  if (ms < 1000) return unit(ms, 'millisecond');
  if (ms < MINUTE_MS) return unit(ms / 1000, 'second', 1);
  const [large, small] = ms < HOUR_MS ? ([MINUTE_MS, 1000] as const) : ([HOUR_MS, MINUTE_MS] as const);
  const names = ms < HOUR_MS ? ['minute', 'second'] : ['hour', 'minute'];
  return `${unit(Math.floor(ms / large), names[0]!)} ${unit(Math.floor((ms % large) / small), names[1]!)}`;
}
