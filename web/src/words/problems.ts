import { Problem } from '../api/problem';
import type { Speech } from './words';

/** An error in words: what happened, and what to do. */
export function explain({ t, has }: Speech, error: unknown): string {
  if (!(error instanceof Problem)) return t('problem.Unknown');
  const field = error.errors[0];
  if (error.code === 'Request.Invalid' && field) return t('problem.field', { field: field.field, message: field.message });
  if (error.code === 'Auth.PasswordPolicy' && error.detail) return error.detail;
  if (error.code === 'Request.Conflict' && error.detail) return error.detail;
  const key = `problem.${error.code}`;
  return has(key) ? t(key) : error.title;
}

/** Why a photo has no picture, by the code of the outcome. */
export function explainOutcome({ t, has }: Speech, outcome: { code: string; message?: string } | undefined): string {
  const key = `outcome.${outcome?.code}`;
  if (has(key)) return t(key);
  if (outcome?.code.startsWith('Image.')) return outcome.message ?? t('outcome.other');
  return t('outcome.ours');
}
