/** Whether the typed address is the account's: case does not matter in an address. */
export const isAddressOf = (email: string | undefined, typed: string): boolean =>
  email !== undefined && email.trim().toLowerCase() === typed.trim().toLowerCase();
