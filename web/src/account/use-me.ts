import { queryOptions, useQuery } from '@tanstack/react-query';
import { ask } from '../api/client';
import { type App, useApp } from '../app';

export const meQuery = ({ api }: Pick<App, 'api'>) => queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => ask(api.GET('/me', { signal })) });

export const useMe = () => useQuery(meQuery(useApp()));
