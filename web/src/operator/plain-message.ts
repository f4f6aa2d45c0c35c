/** A worker's message, unwrapped from Lambda's JSON; any other text unchanged. */
export function plainMessage(message: string): string {
  try {
    const { errorMessage } = JSON.parse(message) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : message;
  } catch {
    return message;
  }
}
