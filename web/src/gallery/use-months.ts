import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/client';
import { useApp } from '../app';
import { MONTHS } from './cache';

/** How many photos each month has, by the day (UTC) of their tickets. */
export function useMonths() {
  const { api } = useApp();
  return useQuery({ queryKey: MONTHS, queryFn: ({ signal }) => ask(api.GET('/images/months', { signal })) });
}
