/** Months as the API counts them: `2026-01`, by the day (UTC) of a photo's ticket, the newest first. */
export interface Month {
  month: string;
  count: number;
}

export interface Mark extends Month {
  /** Place and height on the rail, in pixels. */
  top: number;
  height: number;
  /** The year, at its newest month, where there is room for it. */
  year?: string;
}

const LABEL_HEIGHT = 22;
/** Each month has at least a part of the average height, so that a month of three photos can be pointed at too. */
const LEAST = 0.35;

/** The place of each month on a rail of that height. */
export function railOf(months: readonly Month[], height: number): Mark[] {
  const all = months.reduce((sum, { count }) => sum + count, 0);
  const weights = months.map(({ count }) => count + (LEAST * all) / months.length);
  const unit = height / weights.reduce((sum, weight) => sum + weight, 0);
  let top = 0;
  let free = 0;
  return months.map(({ month, count }, index) => {
    const mark: Mark = { month, count, top, height: weights[index]! * unit };
    const year = yearOf(month);
    if (year !== yearOf(months[index - 1]?.month ?? '') && top >= free && top + LABEL_HEIGHT <= height) {
      mark.year = year;
      free = top + LABEL_HEIGHT;
    }
    top += mark.height;
    return mark;
  });
}

const yearOf = (month: string) => month.slice(0, 4);

/** The month at a height of the rail; beyond its ends, the first and the last. */
export function monthAt(marks: readonly Mark[], y: number): string | undefined {
  return (marks.find(({ top, height }) => y < top + height) ?? marks.at(-1))?.month;
}

export const monthOf = (iso: string): string => new Date(iso).toISOString().slice(0, 7);

/** Its last day, for a list that begins there. */
export function lastDayOf(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year!, number!, 0)).toISOString().slice(0, 10);
}

/** A day in its middle, which is of that month in every time zone. */
export const middleOf = (month: string): Date => new Date(`${month}-15T12:00:00Z`);

/** Of photos with the newest first: the first of that month, or of the next older one. */
export function firstOf(photos: readonly { created_at: string }[], month: string): number {
  return photos.findIndex(({ created_at }) => monthOf(created_at) <= month);
}
